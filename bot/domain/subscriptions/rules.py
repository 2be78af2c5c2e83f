"""Which change of a job deserves a message, and once per what. Pure.

To add one: a `Kind`, a `Rule` in `RULES`, and what it says in the card. The store keeps the same kind and
once-key from being told twice in a thread; the marks in `WatchedState` keep a rule from applying twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.forecast import queued_seconds, remaining_seconds
from bot.domain.subscriptions.end_facts import end_facts, outcome_facts
from bot.domain.subscriptions.notification import Kind, Notification
from bot.domain.subscriptions.subscription import Ending
from bot.domain.subscriptions.unanswered import NOT_FOUND_LIMIT, REFUSED_LIMIT
from bot.domain.subscriptions.watch_state import WatchedState

OUTAGE_SECONDS: Final = 600.0
"""So long without an answer, and every thread is told that Simplismart cannot be reached."""


class Change(NamedTuple):
    """Two states, one look apart, and the job's own document where this look fetched it."""

    previous: WatchedState
    state: WatchedState
    now: datetime
    document: TrainingJob | None

    @property
    def job(self) -> TrainingJob:
        """The most that is known of the job."""
        return self.document or self.state.job

    @property
    def has_ended(self) -> bool:
        """This look saw the end of a run."""
        before, after = self.previous, self.state
        return after.finished_seen_at is not None and (
            before.finished_seen_at is None or after.run > before.run
        )

    @property
    def has_started(self) -> bool:
        """This look saw a run under way for the first time."""
        before, after = self.previous, self.state
        return after.has_started and not self.has_ended and (not before.has_started or after.run > before.run)

    @property
    def has_more(self) -> bool:
        """This look saw what the end of a run that was known came without, or with other words."""
        before, after = self.previous, self.state
        return after.added > before.added and after.run == before.run

    @property
    def has_passed(self) -> bool:
        """This look saw a milestone passed; what a later run had when it was noticed was passed before."""
        before, after = self.previous, self.state
        return after.milestone > before.milestone and after.run == before.run and not self.has_ended


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of message."""

    name: Kind
    when: Callable[[Change], bool]
    once_per: Callable[[Change], str]
    """What there is only one such message for, in words that never repeat for the same job."""
    facts: Callable[[Change], Mapping[str, Any]]
    """Fields of the `Notification`."""

    def notification(self, change: Change) -> Notification:
        """The message."""
        return Notification(
            kind=self.name,
            once_key=self.once_per(change),
            at=change.now,
            name=change.state.job.experiment_name,
            **self.facts(change),
        )


def notifications(
    previous: WatchedState, state: WatchedState, now: datetime, job: TrainingJob | None
) -> tuple[Notification, ...]:
    """What is worth telling between two states, in the order to tell it.

    ``job`` is the document that this look fetched, if it did.
    """
    change = Change(previous, state, now, job)
    return tuple(rule.notification(change) for rule in RULES if rule.when(change))


def outage_notification(
    kind: Literal[Kind.API_DOWN, Kind.API_BACK], since: datetime, now: datetime
) -> Notification:
    """Simplismart has not answered since then, or answers again; once per outage."""
    return Notification(kind=kind, once_key=since.isoformat(), at=now, since=since)


def last_word(ending: Ending, now: datetime) -> Notification:
    """What a thread is told when its subscription ends by itself.

    Raises:
        ValueError: nothing is told about such an ending.
    """
    if ending not in _LAST_WORDS:
        msg = f"nobody is told of {ending}"
        raise ValueError(msg)
    return Notification(kind=_LAST_WORDS[ending], once_key="last", at=now)


_LAST_WORDS = {
    Ending.FINISHED: Kind.FINISHED,
    Ending.EXPIRED: Kind.EXPIRED,
    Ending.JOB_GONE: Kind.JOB_GONE,
    Ending.JOB_REFUSED: Kind.JOB_REFUSED,
}


def _starts(change: Change) -> bool:
    """A first start that is noticed beyond a milestone is told by the milestone."""
    return change.has_started and (change.state.run > 1 or not change.has_passed)


def _passes(change: Change) -> bool:
    return change.has_passed and not _starts(change)


def _stalls(change: Change) -> bool:
    return change.state.movement.stalls > change.previous.movement.stalls and not change.has_ended


def _moves(change: Change) -> bool:
    before, after = change.previous, change.state
    return (
        before.movement.stalled_since is not None
        and after.movement.stalled_since is None
        and after.job.status is JobStatus.RUNNING
        and after.run == before.run
    )


def _ends_as(status: JobStatus) -> Callable[[Change], bool]:
    return lambda change: change.has_ended and change.state.job.status is status


def _adds(change: Change) -> bool:
    return change.has_more


def _is_gone(change: Change) -> bool:
    return change.previous.not_found < NOT_FOUND_LIMIT <= change.state.not_found


def _is_refused(change: Change) -> bool:
    return change.previous.refused < REFUSED_LIMIT <= change.state.refused


def _run(change: Change) -> str:
    return str(change.state.run)


def _milestone(change: Change) -> str:
    return f"{change.state.run}:{change.state.milestone}"


def added_key(change: Change) -> str:
    """What the end came without is told once for each time that something came."""
    return f"{change.state.run}:{change.state.added}"


def _stall(change: Change) -> str:
    return str(change.state.movement.stalls)


def _start_facts(change: Change) -> Mapping[str, Any]:
    return {
        "is_again": change.state.run > 1,
        "progress": change.job.progress,
        "queued_seconds": queued_seconds(change.job),
    }


def _progress_facts(change: Change) -> Mapping[str, Any]:
    moved_at = change.state.movement.moved_at
    since = 0.0 if moved_at is None else max(0.0, (change.now - moved_at).total_seconds())
    return {
        "progress": change.job.progress,
        "milestone": change.state.milestone,
        "eta_seconds": remaining_seconds(change.state.job, since),
        "queued_seconds": queued_seconds(change.job) if change.has_started else None,
    }


def _stall_facts(change: Change) -> Mapping[str, Any]:
    movement = change.state.movement
    since = movement.stalled_since or change.now
    quiet = max(movement.still_seconds, (change.now - since).total_seconds())
    return {"progress": change.job.progress, "quiet_seconds": quiet}


def _move_facts(change: Change) -> Mapping[str, Any]:
    before, after = change.previous.movement, change.state.movement
    quiet = before.still_seconds
    if before.stalled_since is not None and after.moved_at is not None:
        quiet = max(quiet, (after.moved_at - before.stalled_since).total_seconds())
    return {"progress": change.job.progress, "quiet_seconds": quiet}


def _end_facts(change: Change) -> Mapping[str, Any]:
    return end_facts(change.job, change.now)


def _added_facts(change: Change) -> Mapping[str, Any]:
    return outcome_facts(change.job)


def _no_facts(change: Change) -> Mapping[str, Any]:  # noqa: ARG001  (as its siblings)
    return {}


RULES: tuple[Rule, ...] = (
    Rule(Kind.STARTED, _starts, _run, _start_facts),
    Rule(Kind.MOVING, _moves, _stall, _move_facts),
    Rule(Kind.PROGRESS, _passes, _milestone, _progress_facts),
    Rule(Kind.STALLED, _stalls, _stall, _stall_facts),
    Rule(Kind.COMPLETED, _ends_as(JobStatus.COMPLETED), _run, _end_facts),
    Rule(Kind.FAILED, _ends_as(JobStatus.FAILED), _run, _end_facts),
    Rule(Kind.CANCELLED, _ends_as(JobStatus.CANCELLED), _run, _end_facts),
    Rule(Kind.ENDED, _ends_as(JobStatus.ENDED), _run, _end_facts),
    Rule(Kind.ADDED, _adds, added_key, _added_facts),
    Rule(Kind.JOB_GONE, _is_gone, lambda _: "last", _no_facts),
    Rule(Kind.JOB_REFUSED, _is_refused, lambda _: "last", _no_facts),
)
"""Every kind of message that comes of a look, in the order in which they are told."""
