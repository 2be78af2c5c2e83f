"""A subscription: one thread in one conversation with the updates on one job, and its subscribers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.domain.groups.group import Group, is_subject

LONGEST = timedelta(days=30)
"""A subscription ends after this, whatever the job does."""
AFTER_THE_END = timedelta(hours=1)
"""How long subscriptions outlast their finished job, in case it restarts."""
MOST_CONDITIONS = 5
"""Alerts one person may have in one thread."""


class Mode(StrEnum):
    """How much is told in a thread; people type these words."""

    MILESTONES = "milestones"
    """Everything."""
    FINAL = "final"
    """Only how the job ends."""
    FAILURES = "failures"
    """Only how the job ends, and the whole channel hears only of a failure."""
    CONDITIONS = "conditions"
    """Only alerts (``alert … when …``). No one types this one."""


class Ending(StrEnum):
    """Why a subscription ended."""

    UNSUBSCRIBED = "unsubscribed"
    """The last subscriber left, or somebody stopped it for all."""
    FINISHED = "finished"
    """The job finished `AFTER_THE_END` ago."""
    EXPIRED = "expired"
    """It is `LONGEST` old."""
    JOB_GONE = "job_gone"
    """Simplismart answered 404 three times in a row."""
    JOB_REFUSED = "job_refused"
    """Simplismart answered 400 five times in a row."""
    CANNOT_POST = "cannot_post"
    """Slack will never take a message there: archived, removed, revoked, not a member."""
    THREAD_GONE = "thread_gone"
    """The message the thread hangs on was deleted."""
    CARD_GONE = "card_gone"
    """The card was deleted."""
    NOTHING_TO_FOLLOW = "nothing_to_follow"
    """It carries a message that is about no job, such as a digest; over from the beginning."""
    FEED_OFF = "feed_off"
    """The channel's feed posted it, and was switched off."""
    RECONNECTED = "reconnected"
    """Another organization is connected there now, or none."""


class Spot(NamedTuple):
    """One job in one conversation: where there is at most one active subscription."""

    team_id: str
    channel_id: str
    org_id: str
    request_id: str


class ShownMessage(NamedTuple):
    """A message of ours in a conversation, by what it says of the subscription that it belongs to."""

    team_ids: frozenset[str]
    """Those that it may be stored under; several where one installation serves several workspaces."""
    channel_id: str
    subject: str
    """The subscription's ID, or what it is about."""
    messages: tuple[str, ...]
    """The message, and the thread it stands in; empty where only one person sees it, outside of any."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """As it is stored. Every time is aware, UTC."""

    id: str
    team_id: str
    channel_id: str
    org_id: str
    request_id: str
    """The job's; of a group its subject, see `bot.domain.groups.group.subject_of`."""
    created_at: datetime
    mode: Mode = Mode.MILESTONES
    is_quiet: bool = False
    """Nothing is ever broadcast to the channel."""
    subscribers: tuple[str, ...] = ()
    """User ids, in the order they came."""
    only_waiting: frozenset[str] = frozenset()
    """Those of them who only have an alert and get no other updates."""
    thread_ts: str | None = None
    """The thread the updates go to. Until the card is posted None, unless the thread was there before."""
    card_ts: str | None = None
    """The card that edits itself; None until it is posted."""
    ended: Ending | None = None
    ended_detail: str = ""
    """Slack's error code, where that is why."""
    is_fed: bool = False
    """The channel's feed opened it, and no one is subscribed there, though some may have alerts: it ends
    with the feed, not for want of subscribers."""
    is_feed_post: bool = False
    """What opens the thread is a feed's post of three lines; the whole card is in the thread."""

    @property
    def spot(self) -> Spot:
        """The job, and where its updates appear."""
        return Spot(self.team_id, self.channel_id, self.org_id, self.request_id)

    @property
    def followers(self) -> tuple[str, ...]:
        """Who wants to be told about all that is told: they are mentioned when the job fails."""
        return tuple(each for each in self.subscribers if each not in self.only_waiting)

    @property
    def is_group(self) -> bool:
        """Whether it is about a group of jobs."""
        return is_subject(self.request_id)

    @property
    def is_active(self) -> bool:
        """Whether it has not ended."""
        return self.ended is None

    @property
    def is_open(self) -> bool:
        """Whether its card stands in the conversation."""
        return self.card_ts is not None


@dataclass(frozen=True, slots=True)
class SubscribeRequest:
    """What somebody who subscribes asks for."""

    team_id: str
    channel_id: str
    org_id: str
    request_id: str
    user_id: str
    mode: Mode | None = None
    """None: as it is in the thread they join, else the default."""
    is_quiet: bool | None = None
    """None: as it is in the thread they join, else not."""
    thread_ts: str | None = None
    """The thread they asked in; None for a new one under the card."""
    card_ts: str | None = None
    """A message of ours there that shows the job and can be edited: the card, if the subscription is new."""
    condition: str = ""
    """What they wait for, see `condition`; a new thread then has the mode `Mode.CONDITIONS`."""
    default_mode: Mode = Mode.MILESTONES
    """What a thread gets that nobody has subscribed to yet, where they don't say it."""

    @property
    def first_mode(self) -> Mode:
        """What a thread begins with that is opened for it."""
        return self.mode or (Mode.CONDITIONS if self.condition else self.default_mode)

    @property
    def spot(self) -> Spot:
        """The job, and where its updates are to appear."""
        return Spot(self.team_id, self.channel_id, self.org_id, self.request_id)


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The outcome of a `SubscribeRequest`."""

    subscription: Subscription
    is_new: bool
    """A thread was opened for it: its card waits to be posted."""
    was_subscriber: bool = False
    """This person was one already."""
    knows_the_end: bool = False
    """The stored state says the job is finished, whatever was known when somebody subscribed."""
    condition: str = ""
    """The alert that was asked for."""
    is_full: bool = False
    """It is not waited for: this person waits for `MOST_CONDITIONS` here already."""


@dataclass(frozen=True, slots=True)
class Left:
    """The outcome of unsubscribing: ``subscription`` is as it is now, None where there was none to leave."""

    subscription: Subscription | None = None
    was_subscriber: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """How old what is remembered of a job is. Every time is aware, UTC."""

    at: datetime
    """The last look, by our clock."""
    updated_at: datetime | None = None
    """When the job changed last, by its own."""


@dataclass(frozen=True, slots=True)
class SubscribedJob:
    """One line of ``/job subscriptions``: a subscription and what is known of its job."""

    subscription: Subscription
    experiment_name: str | None = None
    status_text: str | None = None
    progress: float | None = None
    is_mine: bool = field(default=False)
    """Whether the asker is among the subscribers."""
    conditions: tuple[str, ...] = ()
    """The alerts there, each once, in the order in which it was asked for."""
    completed_at: datetime | None = None
    """When its job ended, which tells what a status means that nobody documented."""
    group: Group | None = None
    """How the group is, where it is one's."""
    seen: Seen | None = field(default=None, repr=False, compare=False)
    """None where nothing is remembered of the job. It says nothing of how the job is."""
