"""What the watcher asks of the database about groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.domain.groups.group import Group
from bot.domain.job import JobSummary
from bot.domain.ports.metrics_checks import AlertSubscriber
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending


@dataclass(frozen=True, slots=True)
class ClaimedGroup:
    """A group that is due; this process may look at it until the lease runs out."""

    subscription_id: str
    org_id: str
    subject: str
    """See `bot.domain.groups.group.subject_of`."""
    group: Group
    generation: int
    waiters: tuple[AlertSubscriber, ...] = ()
    """Who set alerts for it."""


@dataclass(frozen=True, slots=True)
class GroupLook:
    """What a look at a group came to."""

    claim: ClaimedGroup
    group: Group
    next_at: datetime
    notifications: Sequence[Notification] = ()
    is_changed: bool = True
    """Its card shows something else."""
    ending: Ending | None = None
    """The subscription ends, after its last word."""
    answers: Sequence[tuple[AlertSubscriber, AlertResult]] = ()
    """For those who waited: each is told once and waits no longer."""
    rows: Mapping[str, JobSummary] = field(default_factory=dict)
    """Of members that are told to have failed: what the list says, by request id."""


class GroupStore(Protocol):
    """What the watcher asks. Who subscribes to a group asks `Subscriptions`."""

    async def next_group_at(self, org_id: str) -> datetime | None:
        """When the next look at an active group is due; None where there are none."""
        ...

    async def claim_groups(
        self, org_id: str, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedGroup]:
        """Active groups that are due, most overdue first."""
        ...

    async def postpone_group(self, claim: ClaimedGroup, until: datetime) -> bool:
        """Let go of it until then, as it was. False for a stale lease."""
        ...

    async def finish_group(self, look: GroupLook, now: datetime) -> bool:
        """Write down what a look came to, and tell it in the group's thread.

        One transaction. What all who would be told about a member get elsewhere in the same conversation is
        kept as told: in the job's own thread, by an older group, or by what the channel's feed posts; so is
        an alert that the same person has for that job there. False for a stale lease, or where the
        subscription has ended.
        """
        ...
