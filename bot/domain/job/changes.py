"""Which rows of an organisation's list say something new of the jobs that are watched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final

from bot.domain.job.lists import JobSummary

_POSITIVE: Final = (1 << 63) - 1
"""As large as a whole number in a database gets."""
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def fingerprint(row: JobSummary) -> int:
    """What a row says of a job's course, in 63 bits: the same in every process, never 0."""
    updated_at = row.updated_at.timestamp() if row.updated_at else None
    text = f"{row.status_text}\0{updated_at}\0{row.progress}\0{row.experiment_name}"
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _POSITIVE or 1


def changes_in(
    rows: Iterable[JobSummary], known: Mapping[str, int]
) -> tuple[dict[str, tuple[int, JobSummary]], frozenset[str]]:
    """The rows of known jobs that say something else than their fingerprint, and the jobs without a row.

    Of duplicate rows the one updated last counts, the later one where that is the same moment. Rows are taken
    one at a time; those of other jobs, and those that say nothing new, are not kept.
    """
    updated: dict[str, datetime] = {}
    changed: dict[str, tuple[int, JobSummary]] = {}
    for row in rows:
        request_id, updated_at = row.request_id, row.updated_at or _LONG_AGO
        if request_id not in known or updated_at < updated.get(request_id, _LONG_AGO):
            continue
        updated[request_id] = updated_at
        mark = fingerprint(row)
        if mark == known[request_id]:
            changed.pop(request_id, None)
        else:
            changed[request_id] = (mark, row)
    return changed, frozenset(known.keys() - updated.keys())
