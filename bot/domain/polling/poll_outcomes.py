"""What an answer makes of a claimed job: from values to the `Look` that the store writes down. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.errors import InvalidIdError, JobNotFoundError, TrainingApiError
from bot.domain.history import finished_job
from bot.domain.job import JobSummary, TrainingJob
from bot.domain.job.order import lags
from bot.domain.job.resuming import resumed
from bot.domain.job.stored import kept
from bot.domain.polling.intervals import Bounds, next_look_seconds
from bot.domain.polling.metrics_checks import FIRST_METRICS_CHECK
from bot.domain.ports import ClaimedJob, Look
from bot.domain.subscriptions.change import Change
from bot.domain.subscriptions.rules import notifications
from bot.domain.subscriptions.subscription import AFTER_THE_END, Ending
from bot.domain.subscriptions.unanswered import (
    NOT_FOUND_LIMIT,
    REFUSED_LIMIT,
    not_found,
    refused,
    unanswered,
)
from bot.domain.subscriptions.watch_state import WatchedState, needs_details, seen, seen_in_list, unchanged

AFTER_THE_LAST_STEP: Final = timedelta(seconds=20)
"""Time after a job's end during which its last values may still be on their way."""
_LONGEST_LAP: Final = timedelta(seconds=30)
"""The list of very many jobs takes a while, however short the interval."""
_RECKONED: Final = timedelta(seconds=15)
"""How often at most the state of a job on a list is written anew though its row says what it said before.

It is up to twice as long, by chance: jobs that were due together would be again, and keep a list busy."""


@dataclass(frozen=True, slots=True)
class PollPolicy:
    """What polls come to. ``jitter`` gives numbers from 0 to 1."""

    bounds: Bounds
    jitter: Callable[[], float]

    @property
    def grace(self) -> timedelta:
        """How much later than it needs a job on a list is due: it only gets there if no list comes."""
        return max(timedelta(seconds=self.bounds.max_seconds), _LONGEST_LAP)

    @property
    def longest_listed(self) -> timedelta:
        """No look at a job on a list is due further ahead."""
        return max(timedelta(seconds=self.bounds.max_seconds), 2 * _RECKONED) + self.grace

    def fetched(self, claim: ClaimedJob, job: TrainingJob, now: datetime, *, listed: bool) -> Look:
        """The job's own document came; ``listed``: the next look may be the list's."""
        job = resumed(job, claim.state.job)
        state = seen(claim.state, job, now)
        # After a row the stored document lacks what no row says; right after subscribing it is this one.
        was_row = claim.state.wants_document and claim.state.seen_at > claim.state.first_seen_at
        # A document that the state does not take over is not believed (yet): no card shows it either.
        is_taken = claim.state.finished_seen_at is None or not lags(job, claim.state.job)
        is_news = is_taken and job.status is state.job.status and (was_row or _differs(claim.state, state))
        look = self._look(claim, state, now, job=job, listed=listed and not state.wants_document)
        if is_news and look.finished is None and job.status.is_finished:
            # Its end was told by a row, which knows no reasons.
            look = replace(look, finished=finished_job(claim.org_id, claim.request_id, job, now))
        return replace(look, document=kept(job) if is_news else None)

    def in_list(self, claim: ClaimedJob, row: JobSummary, fingerprint: int, now: datetime) -> Look:
        """The job's row in the list changed; where that is not enough the job is due at once."""
        state = seen_in_list(claim.state, row, now)
        look = self._look(claim, state, now, listed=True)
        if needs_details(claim.state, state):
            look = replace(look, next_look_at=now)
        elif state.wants_document:  # asked for in vain before: the list does not put off the next try
            look = replace(look, next_look_at=claim.due_at)
        return replace(look, row=row if _differs(claim.state, state) else None, fingerprint=fingerprint)

    def as_before(self, claim: ClaimedJob, now: datetime) -> Look:
        """The list came, and the job's row says what it said before."""
        if claim.state.wants_document or claim.state.not_found:
            return self.unknown(claim)
        return self._look(claim, unchanged(claim.state, now), now, listed=True)

    def unknown(self, claim: ClaimedJob) -> Look:
        """Nothing was learned of the job: it is due when it was."""
        return Look(claim, claim.state, claim.due_at, ends_at=_ends_at(claim.state))

    def failed(self, claim: ClaimedJob, error: TrainingApiError, now: datetime) -> Look:
        """There was no document."""
        if isinstance(error, JobNotFoundError):
            return self._not_found(claim, now)
        if isinstance(error, InvalidIdError):
            return self._refused(claim, now)
        wait = error.retry_after_seconds
        if not error.was_asked:
            look, wait = self.unknown(claim), max(self.bounds.min_seconds, wait or 0.0)
        else:
            look = self._look(claim, unanswered(claim.state, now), now)
        if wait is None:
            return look
        return replace(look, next_look_at=max(look.next_look_at, now + timedelta(seconds=wait)))

    def _not_found(self, claim: ClaimedJob, now: datetime) -> Look:
        state = not_found(claim.state, now)
        is_gone = state.not_found >= NOT_FOUND_LIMIT
        return replace(self._look(claim, state, now), ends_now=Ending.JOB_GONE if is_gone else None)

    def _refused(self, claim: ClaimedJob, now: datetime) -> Look:
        state = refused(claim.state, now)
        is_over = state.refused >= REFUSED_LIMIT
        return replace(self._look(claim, state, now), ends_now=Ending.JOB_REFUSED if is_over else None)

    def _look(
        self,
        claim: ClaimedJob,
        state: WatchedState,
        now: datetime,
        *,
        job: TrainingJob | None = None,
        listed: bool = False,
    ) -> Look:
        pause = timedelta(seconds=next_look_seconds(state, now, self.bounds, self.jitter()))
        reckoned = _RECKONED * (1 + self.jitter()) if listed else timedelta()
        change = Change(claim.state, state, now, job)
        return Look(
            claim,
            state,
            # Every list is compared with what is known: what moves is seen whether it is due or not.
            now + (max(pause, reckoned) + self.grace if listed else pause),
            notifications(claim.state, state, now, job),
            # Nothing else would take back how much longer the card says that it takes.
            is_redrawn=state.movement.stalls > claim.state.movement.stalls,
            ends_at=_ends_at(state),
            examine_at=_examine_at(change),
            finished=finished_job(claim.org_id, claim.request_id, change.job, now)
            if change.has_ended
            else None,
        )


def _examine_at(change: Change) -> datetime | None:
    """When what a run logs is looked at: for the first time, and for the last when all of it is there."""
    if change.has_ended:
        return change.now + AFTER_THE_LAST_STEP
    return change.now + FIRST_METRICS_CHECK if change.has_started else None


def _ends_at(state: WatchedState) -> datetime | None:
    return None if state.finished_seen_at is None else state.finished_seen_at + AFTER_THE_END


def _differs(previous: WatchedState, state: WatchedState) -> bool:
    return (previous.job, previous.outcome) != (state.job, state.outcome)
