"""Which change of a job deserves a message, and once per what. Pure.

To add one: its class and its entry in `bot.domain.subscriptions.notifications`, a `Rule` in `RULES`, and its
renderer in `bot.cards.subscriptions.notification`. The store keeps the same kind and once-key from being told
twice in a thread; the marks in `WatchedState` keep a rule from applying twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.forecast import queued_seconds, remaining_seconds
from bot.domain.subscriptions.change import Change
from bot.domain.subscriptions.end_facts import Head, end_notification, model_facts, reason_facts
from bot.domain.subscriptions.notifications.job_updates import (
    Added,
    JobEnd,
    JobGone,
    JobRefused,
    Moving,
    Progress,
    Stalled,
    Started,
)
from bot.domain.subscriptions.notifications.notices import ApiBack, ApiDown, Expired, Finished
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending
from bot.domain.subscriptions.unanswered import NOT_FOUND_LIMIT, REFUSED_LIMIT
from bot.domain.subscriptions.watch_state import WatchedState

OUTAGE_SECONDS: Final = 600.0
"""Time without an answer after which every thread is told that Simplismart cannot be reached."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When there is a notification of a class, and what it says."""

    payload: type[Notification]
    when: Callable[[Change], bool]
    once_per: Callable[[Change], str]
    """What there is only one such message for, in words that never repeat for the same job."""
    told: Callable[[Change, Head], Notification]

    def notification(self, change: Change) -> Notification:
        """The message."""
        name = change.state.job.experiment_name
        return self.told(change, Head(once_key=self.once_per(change), at=change.now, name=name))


def notifications(
    previous: WatchedState, state: WatchedState, now: datetime, job: TrainingJob | None
) -> tuple[Notification, ...]:
    """What is worth telling between two states, in the order to tell it.

    ``job`` is the document that this look fetched, if it did.
    """
    change = Change(previous, state, now, job)
    return tuple(rule.notification(change) for rule in RULES if rule.when(change))


def outage_notification(payload: type[ApiDown | ApiBack], since: datetime, now: datetime) -> Notification:
    """Simplismart has not answered since then, or answers again; once per outage."""
    return payload(once_key=since.isoformat(), at=now, since=since)


def last_word(ending: Ending, now: datetime) -> Notification:
    """What a thread is told when its subscription ends by itself.

    Raises:
        ValueError: nothing is told about such an ending.
    """
    if ending not in _LAST_WORDS:
        msg = f"nobody is told of {ending}"
        raise ValueError(msg)
    return _LAST_WORDS[ending](once_key="last", at=now)


_LAST_WORDS: Final[Mapping[Ending, type[Notification]]] = {
    Ending.FINISHED: Finished,
    Ending.EXPIRED: Expired,
    Ending.JOB_GONE: JobGone,
    Ending.JOB_REFUSED: JobRefused,
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


def _ends(change: Change) -> bool:
    return change.has_ended and change.state.job.status.is_finished


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


def _started(change: Change, head: Head) -> Started:
    return Started(
        **head,
        is_again=change.state.run > 1,
        progress=change.job.progress,
        queued_seconds=queued_seconds(change.job),
    )


def _progress(change: Change, head: Head) -> Progress:
    return Progress(
        **head,
        progress=change.job.progress,
        milestone=change.state.milestone,
        eta_seconds=_eta_seconds(change),
        queued_seconds=queued_seconds(change.job) if change.has_started else None,
    )


def _eta_seconds(change: Change) -> float | None:
    moved_at = change.state.movement.moved_at
    since = 0.0 if moved_at is None else max(0.0, (change.now - moved_at).total_seconds())
    return remaining_seconds(change.state.job, since)


def _stalled(change: Change, head: Head) -> Stalled:
    movement = change.state.movement
    since = movement.stalled_since or change.now
    quiet = max(movement.still_seconds, (change.now - since).total_seconds())
    return Stalled(**head, progress=change.job.progress, quiet_seconds=quiet)


def _moving(change: Change, head: Head) -> Moving:
    before, after = change.previous.movement, change.state.movement
    quiet = before.still_seconds
    if before.stalled_since is not None and after.moved_at is not None:
        quiet = max(quiet, (after.moved_at - before.stalled_since).total_seconds())
    eta = _eta_seconds(change)
    return Moving(**head, progress=change.job.progress, quiet_seconds=quiet, eta_seconds=eta)


def _end(change: Change, head: Head) -> JobEnd:
    return end_notification(change.job, change.state.job.status, head)


def _added(change: Change, head: Head) -> Added:
    return Added(**head, **model_facts(change.job), **reason_facts(change.job))


def _gone(_change: Change, head: Head) -> JobGone:
    return JobGone(**head)


def _refused(_change: Change, head: Head) -> JobRefused:
    return JobRefused(**head)


RULES: tuple[Rule, ...] = (
    Rule(Started, _starts, _run, _started),
    Rule(Moving, _moves, _stall, _moving),
    Rule(Progress, _passes, _milestone, _progress),
    Rule(Stalled, _stalls, _stall, _stalled),
    Rule(JobEnd, _ends, _run, _end),
    Rule(Added, _adds, added_key, _added),
    Rule(JobGone, _is_gone, lambda _: "last", _gone),
    Rule(JobRefused, _is_refused, lambda _: "last", _refused),
)
"""Every kind of message that comes of a look, in the order in which they are told."""
