"""What the watcher remembers of a job between two looks, and what each kind of look makes of it. Pure.

A state holds marks of what has happened (`WatchedState.run`, ``has_started``, ``milestone``,
``finished_seen_at`` …). Each is set by one look only, so that `bot.domain.rules` tells each change once by
comparing two states. The list's rows move the job, but starts and ends are only believed from the job's own
document.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict

from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.job.order import is_another_end, lags, row_lags
from bot.domain.job.stored import slim, with_row
from bot.domain.movement import Movement, first_movement, next_movement

NOT_FOUND_LIMIT: Final = 3
"""So many 404 in a row, and the job is gone."""
REFUSED_LIMIT: Final = 5
"""So many 400 in a row, and the job cannot be asked about."""
MOST_FAILURES: Final = 20
"""So many looks in a row that were not answered, and the end of a job is told by what its row said."""
MILESTONES: Final = (25, 50, 75)
"""In per cent."""
REVIVAL_LOOKS: Final = 2
"""So many documents in a row that are not finished, and the job has come back to life."""
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
    """Counts up when the job comes back to life."""
    not_found: int = 0
    """404 in a row."""
    refused: int = 0
    """400 in a row: the training suite does not take the id."""
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
    """Documents in a row that were not finished though the list says so."""
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
    """A job when somebody starts to follow it; nothing that has happened by then is told."""
    return WatchedState(
        job=slim(job),
        first_seen_at=now,
        seen_at=now,
        finished_seen_at=now if job.status.is_finished else None,
        has_started=job.status is JobStatus.RUNNING,
        milestone=_passed(job),
        wants_document=True,
        movement=first_movement(job, now),
    )


def seen(previous: WatchedState, job: TrainingJob, now: datetime) -> WatchedState:
    """The job's own document was fetched."""
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
    )


def seen_in_list(previous: WatchedState, row: JobSummary, now: datetime) -> WatchedState:
    """The job's row in its organisation's list changed. What the row does not say stays as it was."""
    stale = row_lags(row, previous.job)
    if previous.finished_seen_at is not None:
        suspected = row.status in _ALIVE and not stale
        return _answered(previous, now, wants_document=previous.wants_document or suspected)
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


def not_found(previous: WatchedState, now: datetime) -> WatchedState:
    """The training suite answered 404 for the job's own document."""
    count = previous.not_found + 1
    return _without_document(previous, now, gives_up=count >= NOT_FOUND_LIMIT, not_found=count, refused=0)


def refused(previous: WatchedState, now: datetime) -> WatchedState:
    """The training suite answered 400: it does not take the job's id."""
    count = previous.refused + 1
    return _without_document(previous, now, gives_up=count >= REFUSED_LIMIT, refused=count, not_found=0)


def _without_document(
    previous: WatchedState, now: datetime, *, gives_up: bool, **counted: int
) -> WatchedState:
    ended = _end_by_row(previous, now, gives_up=gives_up)
    changed = {"failures": 0, "wants_document": True, "finished_seen_at": ended, **counted}
    return previous.model_copy(update=changed)


def unanswered(previous: WatchedState, now: datetime) -> WatchedState:
    """The training suite did not answer, or not with a document."""
    count = previous.failures + 1
    finished_seen_at = _end_by_row(previous, now, gives_up=count >= MOST_FAILURES)
    return previous.model_copy(update={"failures": count, "finished_seen_at": finished_seen_at})


def _end_by_row(previous: WatchedState, now: datetime, *, gives_up: bool) -> datetime | None:
    """Where the list says that the job is finished, and the document cannot be had, the row is the end."""
    if previous.finished_seen_at is None and gives_up and previous.job.status.is_finished:
        return now
    return previous.finished_seen_at


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
    if job.status not in _ALIVE:
        if job.status.is_finished and is_another_end(job, previous.job):
            return _next_run(previous, job, now)
        settled: dict[str, Any] = {} if job.status is JobStatus.UNKNOWN else {"revival": 0}
        if settled and not lags(job, previous.job):
            settled["job"] = slim(job)
        return _answered(previous, now, not_found=0, wants_document=False, **settled)
    if lags(job, previous.job):
        return _answered(previous, now, not_found=0, wants_document=False, revival=0)
    if previous.revival + 1 < REVIVAL_LOOKS:
        return _answered(previous, now, not_found=0, wants_document=True, revival=previous.revival + 1)
    return _next_run(previous, job, now)


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
    )


def _milestone(previous: WatchedState, job: TrainingJob, *, has_started: bool) -> int:
    """Milestones only count once the start is known, and no longer when the job has finished."""
    return max(previous.milestone, _passed(job)) if has_started else previous.milestone


def _passed(job: TrainingJob) -> int:
    """The highest milestone a job that runs has passed."""
    if job.status is not JobStatus.RUNNING or job.progress is None:
        return 0
    return max((each for each in MILESTONES if each <= job.progress), default=0)
