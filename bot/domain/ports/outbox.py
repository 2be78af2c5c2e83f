"""What delivery asks of the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.curves.run_doctor import Finding
from bot.domain.errors import SlackError
from bot.domain.groups.group import Group
from bot.domain.history import Earlier
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.messages.settling import Settling
from bot.domain.subscriptions.notifications.notices import JobCard
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending, Subscription


@dataclass(frozen=True, slots=True)
class Lane:
    """What shares one rate limit of Slack's: the posts to one channel, or the edits in one workspace."""

    team_id: str
    channel_id: str
    """Empty for the lane of edits."""
    generation: int

    @property
    def is_for_edits(self) -> bool:
        """Whether it is the workspace's lane of edits."""
        return not self.channel_id


@dataclass(frozen=True, slots=True)
class Post:
    """The next message of a channel, taken from the outbox."""

    id: str
    """Opaque: goes into the message's metadata, and nowhere else."""
    subscription: Subscription
    notification: Notification
    broadcast: bool
    attempts: int
    """How often it was begun, this one included."""
    first_try_at: datetime
    is_uncertain: bool
    """An earlier attempt may have reached Slack: to be settled before it is sent again."""
    document: TrainingJob | None = None
    """The job, for a card; None for everything else."""
    seen_at: datetime | None = None
    """When ``document`` was fetched."""
    earlier: Earlier | None = None
    """For a ``document`` that failed: the last other job that failed the same way."""
    finding: Finding | None = None
    """For a ``document``: the worst thing that the run doctor found last, where nobody hid it."""
    settling: Settling | None = None
    """How far the search has come, for one that `is_uncertain`."""
    hidden_findings: frozenset[str] = frozenset()
    """For one that wants metrics: what is not to be said of the job again."""
    group: Group | None = None
    """For the card of a group: how that is."""
    mention: str = ""
    """For a failure that a feed posted: the ID of the user group that is mentioned."""
    in_groups: tuple[str, ...] = ()
    """For the same: who is subscribed to a group with that job there, and told in this way alone."""
    caused_by: str = ""
    """The reference under which it was put into the outbox; empty where there was none."""

    @property
    def wants_metrics(self) -> bool:
        """Whether what the job has logged belongs to it, where that comes soon."""
        return self.notification.wants_metrics or (
            isinstance(self.notification, JobCard)
            and self.subscription.is_feed_post
            and self.document is not None
            and self.document.status is JobStatus.COMPLETED
        )


@dataclass(frozen=True, slots=True)
class Edit:
    """A card to bring up to date."""

    subscription: Subscription
    version: int
    document: TrainingJob
    seen_at: datetime
    attempts: int
    earlier: Earlier | None = None
    """Where the job failed: the last other one that failed the same way."""
    finding: Finding | None = None
    """The worst thing that the run doctor found last, where nobody hid it."""
    group: Group | None = None
    """How the group is, where the card is one's."""
    hidden_findings: frozenset[str] = frozenset()
    mention: str = ""
    in_groups: tuple[str, ...] = ()
    """As those of a `Post`."""

    @property
    def wants_metrics(self) -> bool:
        """Whether it is a feed's post of how well a job went, which changes rarely; never for a card."""
        return self.subscription.is_feed_post and self.document.status is JobStatus.COMPLETED


@dataclass(frozen=True, slots=True)
class Sent:
    """Slack has it. For a card, ``thread_ts`` is where its thread is."""

    ts: str
    thread_ts: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now. ``may_have_happened``: Slack may have taken it all the same."""

    at: datetime
    reason: str
    may_have_happened: bool = False
    settling: Settling | None = None
    """Where the search for it goes on, which then may have found out."""


@dataclass(frozen=True, slots=True)
class Parked:
    """Not at all, after a day of tries; an operator sees the reason. Later messages in the thread go on."""

    reason: str


@dataclass(frozen=True, slots=True)
class Over:
    """The subscription ends: Slack will never take this. What waited in its thread is dropped."""

    ending: Ending
    detail: str


Outcome = Sent | Later | Parked | Over


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of ``python -m bot outbox``: a message that is parked, or was tried and waits."""

    id: str
    subscription: Subscription
    kind: str
    attempts: int
    state: str
    """``parked`` or ``waiting``."""
    reason: str
    created_at: datetime
    next_try_at: datetime | None


class OutboxStore(Protocol):
    """What delivery asks.

    A lane is closed until a time by the wall clock, which may jump. Whoever says since when it knows that its
    clock did not (``steady_since``) gets no lane before it has itself counted the seconds it was closed for.
    """

    async def claim_lanes(  # noqa: PLR0913  (what counts when something is claimed)
        self,
        now: datetime,
        lease_seconds: float,
        limit: int,
        *,
        a_team: int | None = None,
        without: Collection[str] = (),
        steady_since: datetime | None = None,
    ) -> Sequence[Lane]:
        """Due lanes, most overdue first: at most ``a_team`` of a workspace, none of those ``without``."""
        ...

    async def claim_lane(
        self,
        team_id: str,
        channel_id: str,
        now: datetime,
        lease_seconds: float,
        *,
        steady_since: datetime | None = None,
    ) -> Lane | datetime | None:
        """This lane; when it is due, if that is later or somebody holds it; None if nothing waits in it."""
        ...

    async def next_lane_at(self, steady_since: datetime | None = None) -> datetime | None:
        """When the next lane is due; None where nothing waits."""
        ...

    async def rebase_sending(self, now: datetime, latest: datetime) -> None:
        """The clock jumped: nothing waits beyond ``latest``, but lanes for as long as they were closed."""
        ...

    async def rest_lane(self, lane: Lane, until: datetime) -> bool:
        """Release the lane until then; what waits in it is as it was. False for a stale lease."""
        ...

    async def take_post(self, lane: Lane, now: datetime) -> Post | None:
        """The next message of the channel, marked as begun; None releases the lane.

        Of each subscription only the first that waits, so that a thread stays in order; of those the one
        that waits longest.
        """
        ...

    async def finish_post(
        self, lane: Lane, post: Post, outcome: Outcome, now: datetime, *, lane_free_at: datetime
    ) -> bool:
        """Record its outcome, and release the lane until then. False for a stale lease."""
        ...

    async def take_edit(self, lane: Lane, now: datetime) -> Edit | None:
        """The card that waits longest, of those with no message waiting; None releases the lane."""
        ...

    async def finish_edit(
        self, lane: Lane, edit: Edit, outcome: Outcome, now: datetime, *, lane_free_at: datetime
    ) -> bool:
        """As `finish_post`. A card whose edit was queued again meanwhile is due again."""
        ...

    async def waiting(self) -> Sequence[Waiting]:
        """Messages that are parked, or were tried and wait; oldest first."""
        ...

    async def retry_parked(self, now: datetime) -> int:
        """Let parked messages be tried again. Returns how many."""
        ...


class Deliverer(Protocol):
    """What sends the outbox."""

    def wake(self) -> None:
        """Something was put into the outbox: look now."""
        ...

    async def hurry(self, subscription_id: str) -> SlackError | None:
        """Try to send what waits in this subscription's thread; the outcome is soon in the store.

        Returns why Slack did not take the card, where that is so.
        """
        ...
