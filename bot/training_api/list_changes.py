"""What a list of jobs says anew, found while the list arrives; see `bot.domain.ports.ListChanges`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.domain.job import JobSummary, read_summary
from bot.domain.job.changes import fingerprint
from bot.domain.job.reading import read_text
from bot.domain.ports import ListChanges
from bot.training_api.list_rows import RowScanner

if TYPE_CHECKING:  # it imports httpx
    from bot.training_api.exchange import Sink

MOST_CHANGES = 10_000
"""As many changed rows are told at once, so that memory stays bounded; the others are told the next time."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Reading(Generic[_Value]):
    """How one answer is read: ``read`` gets the body, or nothing where ``sink`` took it piece by piece."""

    read: Callable[[bytes], _Value]
    """Raises ValueError for what it cannot read."""
    sink: Sink | None = None


def reading_changes(known: Mapping[str, int], *, most: int = MOST_CHANGES) -> Reading[ListChanges]:
    """Find the changes while the list comes in."""
    changes = _Changes(known, most)
    scanner = RowScanner(changes.take)

    def read(_body: bytes) -> ListChanges:
        scanner.finish()
        return changes.found()

    return Reading(read, scanner)


def reading_count() -> Reading[int]:
    """Only count the rows that have a request id."""
    rows = 0

    def take(entry: Mapping[str, Any]) -> None:
        nonlocal rows
        rows += read_text(entry.get("request_id")) is not None

    def read(_body: bytes) -> int:
        scanner.finish()
        return rows

    scanner = RowScanner(take)
    return Reading(read, scanner)


class _Changes:
    """Rows of jobs nobody watches, and of unchanged ones, are dropped as they come."""

    def __init__(self, known: Mapping[str, int], most: int) -> None:
        self._known = known
        self._most = most
        self._seen: dict[str, float] = {}
        """When each row seen was updated, to tell which of two for one job is the newer."""
        self._changed: dict[str, tuple[int, JobSummary]] = {}
        self._is_cut = False

    def take(self, entry: Mapping[str, Any]) -> None:
        request_id = read_text(entry.get("request_id"))
        if request_id not in self._known:
            return
        row = read_summary(entry)
        if row is not None and self._is_newest(row):
            self._compare(row, fingerprint(row))

    def found(self) -> ListChanges:
        return ListChanges(self._changed, frozenset(self._known.keys() - self._seen.keys()), self._is_cut)

    def _is_newest(self, row: JobSummary) -> bool:
        updated_at = 0.0 if row.updated_at is None else row.updated_at.timestamp()
        if updated_at < self._seen.get(row.request_id, 0.0):
            return False
        self._seen[row.request_id] = updated_at
        return True

    def _compare(self, row: JobSummary, mark: int) -> None:
        if mark == self._known[row.request_id]:
            self._changed.pop(row.request_id, None)
        elif row.request_id in self._changed or len(self._changed) < self._most:
            self._changed[row.request_id] = (mark, row)
        else:
            self._is_cut = True
