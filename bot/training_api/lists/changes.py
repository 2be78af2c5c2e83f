"""What a list of jobs says anew, found while the list arrives; see `bot.domain.ports.ListChanges`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.domain.job import read_summary
from bot.domain.job.changes import Changes, KnownRow
from bot.domain.job.reading import read_text
from bot.domain.listing import ListChanges
from bot.training_api.exchange import Sink
from bot.training_api.lists.known_rows import KnownRows, digest
from bot.training_api.lists.rows import RowScanner

MOST_CHANGES = 10_000
"""As many changed rows are told at once, so that memory stays bounded; the others are told the next time."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Reading(Generic[_Value]):
    """How one answer is read: ``read`` gets the body, or nothing where ``sink`` took it piece by piece."""

    read: Callable[[bytes], _Value]
    """Raises ValueError for what it cannot read."""
    sink: Sink | None = None


def reading_changes(
    known: Mapping[str, int],
    statuses: Mapping[str, str] | None = None,
    ended_since: datetime | None = None,
    *,
    rows: KnownRows,
    most: int = MOST_CHANGES,
) -> Reading[ListChanges]:
    """Find the changes while the list comes in; ``rows`` are those of the list before."""
    changes = Changes(known, most, statuses, ended_since=ended_since)
    fresh: dict[bytes, KnownRow] = {}

    def take(entry: Mapping[str, Any]) -> None:
        request_id = read_text(entry.get("request_id"))
        if request_id is None or not changes.is_about(request_id):
            return
        mark = digest(scanner.row_text) if request_id in known else b""
        row = rows.find(mark)
        if row is None or not changes.take_known(request_id, row):
            summary = read_summary(entry)
            row = changes.take(summary) if summary else None
        if row is not None and len(fresh) < rows.most:
            fresh[mark] = row

    def read(_body: bytes) -> ListChanges:
        scanner.finish()
        if known:
            rows.replace(fresh)
        return ListChanges(
            changes.changed,
            changes.missing(),
            changes.is_cut,
            moved=tuple(changes.moved.values()),
            ended=tuple(changes.ended.values()),
            unlisted=changes.unlisted(),
        )

    scanner = RowScanner(take)

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
