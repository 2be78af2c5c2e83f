"""Ends of jobs in the threads that feeds open: which were told there, and as what. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from bot.domain.job import JobStatus, TrainingJob
from bot.domain.subscriptions.change import Change
from bot.domain.subscriptions.notifications.job_updates import Added
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.rules import added_key
from bot.domain.subscriptions.watch_state import WatchedState, seen


@dataclass(frozen=True, slots=True)
class ToldEnd:
    """The end of a job that a thread has told last, by Simplismart's clock."""

    status: JobStatus
    at: datetime | None


def told_end(job: TrainingJob) -> ToldEnd | None:
    """What a thread tells that shows this job; None while it has not ended."""
    return ToldEnd(job.status, job.completed_at or job.updated_at) if job.status.is_finished else None


def is_newer_end(job: TrainingJob, told: ToldEnd | None) -> bool:
    """Whether a job has another end than the one that was told: a row may go back in time, an end does not.

    Where nobody knows when one of them was, it counts as another one.
    """
    end = told_end(job)
    if end is None or told is None or end.at is None or told.at is None or end.at > told.at:
        return True
    return end.status is not told.status and job.updated_at is not None and job.updated_at > told.at


class Told(NamedTuple):
    """What a feed reports about a job, as a poll that finds it so would: else both would be told."""

    ends: Sequence[Notification]
    added: Sequence[Notification]
    """What those who looked before saw the end without: told with the end, or shown by the card. Only its
    name, for it is not told by itself."""


def told_as_by_looks(
    state: WatchedState, job: TrainingJob, ends: Sequence[Notification], now: datetime
) -> Told:
    """``state`` is what those know of the job who look at it; ``ends`` is what the feed has to tell."""
    after = seen(state, job, now)
    change = Change(state, after, now, job)
    added = [Added(once_key=added_key(change), at=now)] if change.has_more else []
    return Told([each.model_copy(update={"once_key": str(after.run)}) for each in ends], added)
