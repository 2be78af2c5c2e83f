"""What a look makes of a watched job's state that brought no document. Pure; see `watch_state`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from bot.domain.job.outcome import outcome_mark
from bot.domain.subscriptions.watch_state import WatchedState

NOT_FOUND_LIMIT: Final = 3
"""404 in a row after which the job is gone."""
REFUSED_LIMIT: Final = 5
"""400 in a row after which the job can't be asked about."""
MOST_FAILURES: Final = 20
"""Polls in a row without an answer after which a job's end is reported by its row."""


def not_found(previous: WatchedState, now: datetime) -> WatchedState:
    """Simplismart answered 404 for the job's own document."""
    count = previous.not_found + 1
    return _without_document(previous, now, gives_up=count >= NOT_FOUND_LIMIT, not_found=count, refused=0)


def refused(previous: WatchedState, now: datetime) -> WatchedState:
    """Simplismart answered 400: it does not take the job's id."""
    count = previous.refused + 1
    return _without_document(previous, now, gives_up=count >= REFUSED_LIMIT, refused=count, not_found=0)


def _without_document(
    previous: WatchedState, now: datetime, *, gives_up: bool, **counted: int
) -> WatchedState:
    ended = _end_by_row(previous, now, gives_up=gives_up)
    return previous.model_copy(update={"failures": 0, "wants_document": True, **ended, **counted})


def unanswered(previous: WatchedState, now: datetime) -> WatchedState:
    """Simplismart did not answer, or not with a document."""
    count = previous.failures + 1
    ended = _end_by_row(previous, now, gives_up=count >= MOST_FAILURES)
    return previous.model_copy(update={"failures": count, **ended})


def _end_by_row(previous: WatchedState, now: datetime, *, gives_up: bool) -> dict[str, Any]:
    """Where the list says that the job is finished, and the document cannot be had, the row is the end."""
    if previous.finished_seen_at is None and gives_up and previous.job.status.is_finished:
        return {"finished_seen_at": now, "outcome": outcome_mark(previous.job)}
    return {}
