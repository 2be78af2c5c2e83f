"""Which rows of an organisation's list say something new of the jobs that are watched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from sys import intern
from typing import Final, NamedTuple

from bot.domain.job.lists import JobSummary
from bot.domain.redaction import cleaned

_POSITIVE: Final = (1 << 63) - 1
"""As large as a whole number in a database gets."""
_STATUS_CHARACTERS: Final = 100
_ID_CHARACTERS: Final = 500


def fingerprint(row: JobSummary) -> int:
    """What a row says of a job's course, in 63 bits: the same in every process, never 0."""
    updated_at = row.updated_at.timestamp() if row.updated_at else None
    text = f"{row.status_text}\0{updated_at}\0{row.progress}\0{row.experiment_name}"
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") & _POSITIVE or 1


def status_of(row: JobSummary) -> str:
    """A row's status as it is remembered: without secrets, as far as it can be stored; empty without one."""
    text = row.status_text or ""
    if not text.isprintable():
        text = "".join(filter(str.isprintable, text))
    return cleaned(text, _STATUS_CHARACTERS)


class KnownRow(NamedTuple):
    """All that a row of a watched job is compared by: who knows it need not read the row again."""

    fingerprint: int
    updated_at: float
    status: str | None
    """See `status_of`; None where nobody asked for it."""
    is_finished: bool


class Changes:
    """Takes the rows of a list one by one and keeps those that say something else than was known.

    Of duplicate rows the one updated last counts; the later one where they say the same, or nothing. Rows of
    other jobs, and unchanged ones, are dropped as they come.

    Args:
        known: the fingerprint of each watched job's last row; 0 where none was seen yet.
        most: so many changed rows are kept at once; `is_cut` says that there were more.
        statuses: the last status of each job of the organisation, see `status_of`; then every row counts.
        ended_since: finished jobs whose rows were updated since then are kept too, their status being as it
            was.
    """

    def __init__(
        self,
        known: Mapping[str, int],
        most: int,
        statuses: Mapping[str, str] | None = None,
        *,
        ended_since: datetime | None = None,
    ) -> None:
        self._known = known
        self._most = most
        self._statuses = statuses
        self._ended_since = ended_since
        self._seen: dict[str, float] = {}
        """When each row seen was updated, to tell which of two for one job is the newer."""
        self.changed: dict[str, tuple[int, JobSummary]] = {}
        """By request id: the new fingerprint, and the row."""
        self.moved: dict[str, JobSummary] = {}
        """By request id: the rows whose status is another one, or new; none where nobody asks for that."""
        self.ended: dict[str, JobSummary] = {}
        """By request id: the rows of finished jobs that were updated not long ago, see ``ended_since``."""
        self.is_cut = False

    def is_about(self, request_id: str | None) -> bool:
        """Whether this job is watched, or all are wanted: a row of any other need not even be read."""
        return self._statuses is not None or request_id in self._known

    def take(self, row: JobSummary) -> KnownRow | None:
        """The next row. Returns what is to be known of it, if the job is watched."""
        if not self.is_about(row.request_id):
            return None
        updated_at = _seconds(row.updated_at)
        is_newest = self._is_newest(row.request_id, updated_at)
        if is_newest and self._statuses is not None:
            self._compare(row, self._statuses)
        if row.request_id not in self._known:
            return None
        mark = fingerprint(row)
        if is_newest:
            self._take_watched(row, mark)
        status = None if self._statuses is None else intern(status_of(row))
        return KnownRow(mark, updated_at, status, row.status.is_finished)

    def take_known(self, request_id: str, row: KnownRow) -> bool:
        """The next row, which was taken before; False where it is to be read: it says something new."""
        if row.updated_at < self._seen.get(request_id, 0.0):
            return True
        if row.fingerprint != self._known.get(request_id) or not self._is_at_rest(request_id, row):
            return False
        self._seen[request_id] = row.updated_at
        self.changed.pop(request_id, None)
        self.moved.pop(request_id, None)
        return True

    def _is_at_rest(self, request_id: str, row: KnownRow) -> bool:
        """Whether the status is as it was, and no end is to be told anew."""
        if self._statuses is None:
            return True
        since = self._ended_since
        if row.is_finished and since is not None and row.updated_at >= since.timestamp():
            return False
        return row.status is not None and self._statuses.get(request_id) == row.status

    def _compare(self, row: JobSummary, statuses: Mapping[str, str]) -> None:
        if len(row.request_id) > _ID_CHARACTERS or not row.request_id.isprintable():
            return  # nobody could ask about it, and not every database stores it
        if statuses.get(row.request_id) == status_of(row):
            self.moved.pop(row.request_id, None)
            self._take_ended(row)
        elif row.request_id in self.moved or len(self.moved) < self._most:
            self.moved[row.request_id] = row
        else:
            self.is_cut = True

    def _take_ended(self, row: JobSummary) -> None:
        since = self._ended_since
        if since is None or row.updated_at is None or row.updated_at < since or not row.status.is_finished:
            return
        if row.request_id in self.ended or len(self.ended) < self._most:
            self.ended[row.request_id] = row

    def _take_watched(self, row: JobSummary, mark: int) -> None:
        if mark == self._known[row.request_id]:
            self.changed.pop(row.request_id, None)
        elif row.request_id in self.changed or len(self.changed) < self._most:
            self.changed[row.request_id] = (mark, row)
        else:
            self.is_cut = True

    def missing(self) -> frozenset[str]:
        """The watched jobs that had no row."""
        return frozenset(self._known.keys() - self._seen.keys())

    def unlisted(self) -> frozenset[str]:
        """The same of all jobs whose status was known."""
        return frozenset((self._statuses or {}).keys() - self._seen.keys())

    def _is_newest(self, request_id: str, updated_at: float) -> bool:
        if updated_at < self._seen.get(request_id, 0.0):
            return False
        self._seen[request_id] = updated_at
        return True


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
