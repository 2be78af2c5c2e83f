"""What the watcher remembers of a job between two polls, and what each kind of look makes of it. Pure.

A state holds marks of what has happened (`WatchedState.run`, ``has_started``, ``milestone``,
``finished_seen_at`` …). Each is set by one look only, so that `rules` tells each change once by comparing two
states. The list's rows move the job, but starts and ends are only believed from the job's own document.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict

from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.job.ending import as_called
from bot.domain.job.order import is_another_run, is_newer_row, lags, row_lags, was_completed_later
from bot.domain.job.outcome import outcome_mark
from bot.domain.job.resuming import resumed
from bot.domain.job.stored import slim, with_row
from bot.domain.subscriptions.movement import Movement, first_movement, next_movement

MILESTONES: Final = (25, 50, 75)
"""In per cent."""
MOST_BEHIND: Final = 5
"""Documents in a row of a finished job that may be older than its row before that is given up."""
MOST_ADDED: Final = 3
"""Times one run is reported again with what its end was reported without."""
REVIVAL_LOOKS: Final = 2
"""Unfinished documents in a row after which the job has restarted."""
_ALIVE = frozenset({JobStatus.QUEUED, JobStatus.RUNNING})


class WatchedState(BaseModel):
    """Small, and stored as JSON beside the schedule. Every time is aware, UTC, and by our clock."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    job: TrainingJob
    """Only what rules and schedule need; see `bot.domain.job.stored.slim`."""
    first_seen_at: datetime
    seen_at: datetime
    """The last look that was answered, other than by 404."""
    run: int = 1
    """Counts up when the job restarts."""
    not_found: int = 0
    """404 in a row."""
    refused: int = 0
    """400 in a row: Simplismart does not take the id."""
    failures: int = 0
    """Looks in a row that were not answered."""
    finished_seen_at: datetime | None = None
    """When this run was first seen finished; None while it goes on."""
    has_started: bool = False
    """This run's document has said RUNNING."""
    milestone: int = 0
    """The highest of `MILESTONES` that this run has passed."""
    revival: int = 0
    """Documents in a row that were not finished, since the job finished."""
    wants_document: bool = False
    """The list said something that only the job's own document can tell whole."""
    unsettled: int = 0
    """Documents in a row that were not finished though the list says so, or older than the row was."""
    sought_at: datetime | None = None
    """Since the job finished: when the row was updated that the document is read for, by its own time."""
    outcome: str | None = None
    """What this run's end came with, see `outcome_mark`; empty: without anything, None: nobody looked."""
    added: int = 0
    """How often that came later, or came anew."""
    movement: Movement = Movement()

    def to_json(self) -> str:
        """As the store keeps it."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True, exclude=_LEFT_OUT)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote, also in versions that knew fewer fields.

        Raises:
            ValueError: it is something else.
        """
        return cls.model_validate_json(text)


_LEFT_OUT: Any = {"job": {"status"}}
"""The status as it was sent goes by the same name, and says more."""


def first_state(job: TrainingJob, now: datetime) -> WatchedState:
    """A job when somebody subscribes to it; nothing that has happened by then is reported."""
    return WatchedState(
        job=slim(job),
        first_seen_at=now,
        seen_at=now,
        finished_seen_at=now if job.status.is_finished else None,
        has_started=job.status is JobStatus.RUNNING,
        milestone=_passed(job),
        wants_document=True,
        movement=first_movement(job, now),
        outcome=outcome_mark(job),
    )


def seen(previous: WatchedState, job: TrainingJob, now: datetime) -> WatchedState:
    """The job's own document was fetched."""
    job = resumed(job, previous.job)
    if previous.refused:
        previous = previous.model_copy(update={"refused": 0})
    if previous.finished_seen_at is not None:
        return _after_the_end(previous, job, now)
    contradicts = previous.job.status.is_finished or previous.unsettled > 0
    unsettled = previous.unsettled + 1 if contradicts and not job.status.is_finished else 0
    has_started = previous.has_started or job.status is JobStatus.RUNNING
    return _answered(
        previous,
        now,
        job=slim(job),
        not_found=0,
        finished_seen_at=now if job.status.is_finished else None,
        has_started=has_started,
        milestone=_milestone(previous, job, has_started=has_started),
        wants_document=unsettled > 0,
        unsettled=unsettled,
        movement=_movement(previous, job, now),
        outcome=outcome_mark(job),
    )


def seen_in_list(previous: WatchedState, row: JobSummary, now: datetime) -> WatchedState:
    """The job's row in its organisation's list changed. What the row does not say stays as it was."""
    stale = row_lags(row, previous.job)
    if previous.finished_seen_at is not None:
        # Back to life, ended anew, or with more to say of its end: the document tells which.
        if stale or not (row.status in _ALIVE or is_newer_row(row, previous.job)):
            return _answered(previous, now)
        return _answered(previous, now, wants_document=True, unsettled=0, sought_at=row.updated_at)
    news = row.status_text != previous.job.status_text
    if stale:
        doubts = {
            "wants_document": previous.wants_document or news,
            "unsettled": max(previous.unsettled, int(row.status.is_finished)),
        }
        return unchanged(previous, now).model_copy(update=doubts)
    job = with_row(previous.job, row)
    return _answered(
        previous,
        now,
        job=job,
        not_found=previous.not_found if previous.wants_document else 0,
        failures=previous.failures if previous.wants_document else 0,
        milestone=_milestone(previous, job, has_started=previous.has_started),
        wants_document=previous.wants_document or news,
        unsettled=previous.unsettled if job.status.is_finished else 0,
        movement=_movement(previous, job, now),
    )


def unchanged(previous: WatchedState, now: datetime) -> WatchedState:
    """The list was fetched, and the job's row says what it said before."""
    return _answered(previous, now, movement=_movement(previous, previous.job, now))


def needs_details(previous: WatchedState, state: WatchedState) -> bool:
    """Whether, after a row of the list, the job's own document is to be fetched at once.

    So it is at first sight, and when the row's status is another one. Where that was tried in vain already,
    the schedule says when to try again.
    """
    in_vain = previous.failures or previous.not_found or previous.refused or previous.unsettled
    tried = previous.wants_document and in_vain
    return state.wants_document and not tried


def _answered(previous: WatchedState, now: datetime, **changed: Any) -> WatchedState:
    return previous.model_copy(update={"seen_at": now, "failures": 0, **changed})


def _movement(previous: WatchedState, job: TrainingJob, now: datetime) -> Movement:
    counts = previous.failures == previous.not_found == previous.refused == 0
    return next_movement(previous.movement, job, previous.seen_at, now, counts=counts)


def _after_the_end(previous: WatchedState, job: TrainingJob, now: datetime) -> WatchedState:
    """A document of a job that had finished; one that is older than what is known says nothing."""
    if lags(job, previous.job):
        revival = previous.revival if job.status is JobStatus.UNKNOWN else 0
        return _answered(previous, now, revival=revival, **_sought(previous, job))
    if job.status in _ALIVE:
        if previous.revival + 1 >= REVIVAL_LOOKS:
            return _next_run(previous, job, now)
        return _answered(previous, now, not_found=0, wants_document=True, revival=previous.revival + 1)
    if not job.status.is_finished:
        return _answered(previous, now, **_sought(previous, job))
    told = as_called(job, previous.job)
    mark = outcome_mark(told)
    has_more = bool(mark) and previous.outcome is not None and mark != previous.outcome
    is_only_more = has_more and not previous.outcome
    if is_another_run(told, previous.job) or (was_completed_later(job, previous.job) and not is_only_more):
        return _next_run(previous, job, now)
    return _answered(
        previous,
        now,
        job=slim(told),
        revival=0,
        outcome=mark or previous.outcome,
        added=min(MOST_ADDED, previous.added + has_more),
        **_sought(previous, job),
    )


def _sought(previous: WatchedState, job: TrainingJob) -> dict[str, Any]:
    """Whether the document of a finished job is what its row promised, or one from before that."""
    wanted, tries = previous.sought_at, previous.unsettled + 1
    is_behind = wanted is not None and job.updated_at is not None and job.updated_at < wanted
    if is_behind and tries < MOST_BEHIND:
        return {"not_found": 0, "wants_document": True, "unsettled": tries}
    return {"not_found": 0, "wants_document": False, "unsettled": 0, "sought_at": None}


def _next_run(previous: WatchedState, job: TrainingJob, now: datetime) -> WatchedState:
    return _answered(
        previous,
        now,
        job=slim(job),
        run=previous.run + 1,
        not_found=0,
        finished_seen_at=now if job.status.is_finished else None,
        has_started=job.status is JobStatus.RUNNING,
        milestone=_passed(job),
        revival=0,
        wants_document=False,
        movement=first_movement(job, now, stalls=previous.movement.stalls),
        unsettled=0,
        sought_at=None,
        outcome=outcome_mark(job),
        added=0,
    )


def _milestone(previous: WatchedState, job: TrainingJob, *, has_started: bool) -> int:
    """Milestones only count once the start is known, and no longer when the job has finished."""
    return max(previous.milestone, _passed(job)) if has_started else previous.milestone


def _passed(job: TrainingJob) -> int:
    """The highest milestone a job that runs has passed."""
    if job.status is not JobStatus.RUNNING or job.progress is None:
        return 0
    return max((each for each in MILESTONES if each <= job.progress), default=0)
