"""When the list is asked for, what it makes of each job, and the outcome of one that fails. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.errors import TrainingApiError, UnreadableError
from bot.domain.listing import ListChanges
from bot.domain.polling.intervals import next_list_seconds
from bot.domain.polling.poll_outcomes import PollPolicy
from bot.domain.ports import ClaimedJob, ClaimedList, ListPlan, Look

FEWEST_JOBS: Final = 2
"""From so many watched jobs on one list is less to ask than each of them."""
REFUSED: Final = timedelta(hours=1)
"""Pause before Simplismart is asked again for a list that it doesn't have, or keeps from us."""
UNFIT: Final = timedelta(minutes=5)
"""The same for a list that cannot be read or was not answered `MOST_FAILURES` times in a row, and where
a feed or a digest has nothing but the list."""
MOST_FAILURES: Final = 3
_REFUSALS: Final = frozenset({400, 403, 404, 405, 501})


@dataclass(frozen=True, slots=True)
class NextList:
    """When the list is asked for next, and what is remembered of its failures until then."""

    at: datetime
    failures: int = 0
    """Lists in a row that failed."""
    refused_until: datetime | None = None
    """Until then jobs are polled one by one."""


def uses_list(plan: ListPlan, now: datetime, *, by_list: bool) -> bool:
    """Whether the list is asked for; ``by_list``: jobs may be polled by it, where they are enough."""
    is_granted = plan.list_refused_until is None or plan.list_refused_until <= now
    is_less = by_list and plan.watched >= FEWEST_JOBS
    return is_granted and (is_less or plan.wants_list)


def is_refusal(error: TrainingApiError) -> bool:
    """Whether Simplismart has no list, or keeps it from us: no outage."""
    return error.status in _REFUSALS


def list_came(
    policy: PollPolicy, plan: ListPlan, now: datetime, *, for_watched: bool, is_cut: bool
) -> NextList:
    """The list was answered; ``is_cut``: there is more to take from it at once."""
    if is_cut:
        return NextList(now + timedelta(seconds=policy.bounds.min_seconds))
    wanted = plan.next_look_at - policy.grace if for_watched and plan.next_look_at else None
    return NextList(now + timedelta(seconds=next_list_seconds(wanted, now, policy.bounds, policy.jitter())))


def list_failed(
    policy: PollPolicy, claim: ClaimedList, plan: ListPlan, error: TrainingApiError, now: datetime
) -> NextList:
    """There is no list, or none that helps: jobs are polled one by one for a while."""
    is_refused = is_refusal(error)
    failures = claim.failures + (error.was_asked and not is_refused)
    if is_refused and not plan.wants_list:
        return NextList(now + REFUSED, refused_until=now + REFUSED)
    if is_refused or isinstance(error, UnreadableError) or failures >= MOST_FAILURES:
        return NextList(now + UNFIT, refused_until=now + UNFIT)
    seconds = next_list_seconds(None, now, policy.bounds, policy.jitter(), failures)
    return NextList(now + timedelta(seconds=max(seconds, error.retry_after_seconds or 0.0)), failures)


@dataclass(frozen=True, slots=True)
class ListOutcomes:
    """What one list makes of each watched job. ``gone`` had a row in the list before."""

    policy: PollPolicy
    changes: ListChanges
    gone: frozenset[str]

    def of(self, claim: ClaimedJob, now: datetime) -> Look:
        """By its row, or by its having none."""
        change = self.changes.changed.get(claim.request_id)
        if change is not None:
            return self.policy.in_list(claim, change[1], change[0], now)
        if claim.request_id in self.gone:
            return replace(self.policy.unknown(claim), next_look_at=min(claim.due_at, now))
        if claim.request_id in self.changes.missing or self.changes.is_cut:
            return self.policy.unknown(claim)
        return self.policy.as_before(claim, now)
