"""When to look at a job next. Pure.

Tight near the start, near the expected end and towards a milestone, wide in between; the pause grows while
Simplismart does not answer. Chance comes in as a number, so that jobs first polled together drift apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from bot.domain.job import JobStatus
from bot.domain.subscriptions.watch_state import MILESTONES, WatchedState

_WIDE: Final = 0.82
"""The widest pause in the middle of a run, in terms of the longest; an end nobody can expect waits for it."""
_LIST: Final = (0.27, 0.38)
"""The shortest and the widest pause where one request answers for many jobs: some job always hurries."""
_GROWTH: Final = 6.0
"""A job that is so many minutes old is looked at about every minute."""
_AFTER: Final = 0.2
"""How much later than a predicted moment to look, in terms of the shortest pause."""
_OVERDUE: Final = 4.0
"""An end that is so many minutes overdue is looked for every minute."""
_SPREAD: Final = 0.2
"""From the shortest to the longest pause that chance makes of one."""
_MAX_DOUBLINGS: Final = 16
_WHOLE: Final = 100.0
"""In per cent."""


class Bounds(NamedTuple):
    """The shortest and the longest pause between two polls."""

    min_seconds: float
    max_seconds: float

    def clamp(self, seconds: float) -> float:
        """The nearest pause within the bounds; the longest one where they contradict each other."""
        return min(max(seconds, self.min_seconds), self.max_seconds)


def next_look_seconds(state: WatchedState, now: datetime, bounds: Bounds, jitter: float) -> float:
    """How long to wait before the next look at a job; ``jitter`` is from 0 to 1."""
    return bounds.clamp(_pause(state, now, bounds) * _spread(jitter))


def next_list_seconds(
    earliest: datetime | None, now: datetime, bounds: Bounds, jitter: float, failures: int = 0
) -> float:
    """How long to wait before the next list of an organisation; ``jitter`` is from 0 to 1.

    ``earliest`` is when the first of its jobs wants to be looked at, ``failures`` counts lists in a row that
    were not answered.
    """
    if failures:
        return bounds.clamp(_backoff(bounds, failures) * _spread(jitter))
    short, wide = (share * bounds.max_seconds for share in _LIST)
    wanted = wide if earliest is None else (earliest - now).total_seconds()
    return bounds.clamp(min(wide, max(short, wanted)) * _spread(jitter))


def _spread(jitter: float) -> float:
    return 1 + _SPREAD * (jitter - 0.5)


def _backoff(bounds: Bounds, attempts: int) -> float:
    return bounds.min_seconds * 2.0 ** min(attempts, _MAX_DOUBLINGS)


def _pause(state: WatchedState, now: datetime, bounds: Bounds) -> float:
    wide = bounds.max_seconds * _WIDE
    attempts = max(state.failures, state.not_found, state.refused)
    if attempts:
        return _backoff(bounds, attempts)
    if state.finished_seen_at is not None:
        if state.unsettled:
            return _backoff(bounds, state.unsettled)
        return bounds.min_seconds if state.revival else bounds.max_seconds
    if state.wants_document:
        return min(wide, _backoff(bounds, state.unsettled))
    if state.job.status is JobStatus.QUEUED:
        return min(wide, max(bounds.min_seconds, _since(state.first_seen_at, now) / _GROWTH))
    return _running_pause(state, now, bounds, wide)


def _running_pause(state: WatchedState, now: datetime, bounds: Bounds, wide: float) -> float:
    started_at = state.job.started_at or state.first_seen_at
    pause = min(wide, max(bounds.min_seconds, _since(started_at, now) / _GROWTH))
    for wanted in _aims(state, now, bounds):
        pause = min(pause, max(bounds.min_seconds, wanted))
    return pause


def _aims(state: WatchedState, now: datetime, bounds: Bounds) -> Iterator[float]:
    """Pauses that end just after what is expected to happen."""
    movement, after = state.movement, _AFTER * bounds.min_seconds
    if movement.moved_at is None:
        return
    if movement.stalled_since is None:
        yield movement.stall_after_seconds - movement.still_seconds + after
    end = _until(state, _WHOLE, now)
    if end is None:
        return
    if end <= 0:
        yield -end / _OVERDUE
    else:
        yield end + after if end < 2 * bounds.min_seconds else end / 2
    for milestone in MILESTONES:
        seconds = _until(state, milestone, now) if milestone > state.milestone else None
        if seconds is not None and seconds > 0:
            yield seconds + after


def _until(state: WatchedState, percent: float, now: datetime) -> float | None:
    """Seconds until this much is done, below zero if it should be already; None where nobody can tell."""
    movement = state.movement
    if movement.percent_seconds is None or movement.level is None or movement.moved_at is None:
        return None
    return (percent - movement.level) * movement.percent_seconds - _since(movement.moved_at, now)


def _since(moment: datetime, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds())
