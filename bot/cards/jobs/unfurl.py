"""A job below a link to its page: two lines, as the whole conversation reads them unasked."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards.kit import phrases
from bot.cards.kit.card import Block, context, section
from bot.cards.kit.phrases import named
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, code, date, words
from bot.cards.kit.timing import timing_line, timing_of
from bot.domain.job import JobStatus
from bot.domain.ports import Snapshot

_STATUS_CHARACTERS: Final = 60
_MODEL_CHARACTERS: Final = 80
_ID_CHARACTERS: Final = 80


def unfurl_blocks(snapshot: Snapshot, *, request_id: str, now: datetime) -> list[Block]:
    """Which job it is and how it is at ``now`` (aware, UTC); it says so, since nobody keeps it up to date."""
    job = snapshot.job
    status = words(phrases.status_words(job), _STATUS_CHARACTERS)
    timing = timing_line(job, timing_of(job, snapshot.fetched_at if snapshot.failure else now))
    facts = (
        f"{phrases.SYMBOLS[job.status]} *{named(job.experiment_name, request_id)}*",
        "" if timing.startswith(status) else status,  # "Failed after 2 h" says it already
        phrases.percent(job.progress) if job.status is JobStatus.RUNNING else "",
        timing,
    )
    remarks = (
        words(job.model_details.base_model or "", _MODEL_CHARACTERS),
        code(request_id, _ID_CHARACTERS),
        f"As of {date(snapshot.fetched_at)}",
    )
    blocks = [
        section(SEPARATOR.join(fact for fact in facts if fact)),
        context([remark for remark in remarks if remark]),
    ]
    if snapshot.failure is not None:
        blocks.append(section(stale_warning(snapshot.failure, snapshot.fetched_at, now)))
    return blocks
