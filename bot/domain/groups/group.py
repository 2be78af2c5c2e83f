"""A group as it is stored: which jobs belong to it, and what is known of each. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter

from bot.domain.commands.query import Query
from bot.domain.commands.request_id import is_request_id
from bot.domain.commands.typed import QUOTES
from bot.domain.curves.loss_names import EVAL_LOSS
from bot.domain.job import JobStatus

MOST_MEMBERS: Final = 200
JOINING: Final = timedelta(minutes=30)
"""A sweep starts its jobs one by one: so long after the newest joined, another may."""
WAITING: Final = timedelta(days=7)
"""A group without a member waits so long for one."""
ENDED_BEFORE: Final = timedelta(hours=24)
"""What ended so long before somebody subscribed belongs to it too."""
RANKED_BY: Final = EVAL_LOSS[0]
"""The metric that ranks the members, unless people name another."""
MOST_TRIES: Final = 5
"""Times that what a member's end came to is asked for; then it is ranked without."""


@dataclass(frozen=True, slots=True)
class StartFacts:
    """What a running member's own document says beside its row. Every time is aware, UTC."""

    started_at: datetime | None = None
    gpu_count: int | None = None
    """On each node."""
    node_count: int | None = None
    gpu_type: str | None = None
    counted_from: float | None = None
    """Percent: where it goes on after a pause, its pace is counted from there."""
    counted_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class EndFacts:
    """What a member's own document says of its end."""

    duration_seconds: float | None = None
    gpu_hours: float | None = None
    gpu_type: str | None = None
    cause: str | None = None
    """What probably went wrong, see `bot.domain.diagnosis`."""


@dataclass(frozen=True, slots=True)
class Member:
    """A job in a group."""

    request_id: str
    joined_at: datetime
    name: str | None = None
    """Without secrets, and cut."""
    status: JobStatus = JobStatus.UNKNOWN
    progress: float | None = None
    created_at: datetime | None = None
    """By Simplismart's clock."""
    updated_at: datetime | None = None
    """The same."""
    start: StartFacts | None = None
    """None until its document was asked for, in this run."""
    is_resumed: bool = False
    """It had run before it started last."""
    run: int = 1
    """Counts on where the job runs again after its end."""
    missed: int = 0
    """Lists in a row that had no row of it."""
    value: float | None = None
    """The best that it has logged of the metric that ranks."""
    measured_progress: float | None = None
    """How far it was when that was asked for; None: not in this run."""
    measured_at: datetime | None = None
    """When it was asked for last, by our clock."""
    ended_at: datetime | None = None
    """When it was first seen to have ended, by our clock; None too where it had when it joined."""
    facts: EndFacts | None = None
    is_measured: bool = False
    """The metrics of its end are known."""
    tries: int = 0
    """How often what its end came to was asked for."""
    next_try_at: datetime | None = None
    is_untold: bool = False
    """It failed, and no message says so yet."""
    is_gone: bool = False
    """Simplismart no longer has it."""

    @property
    def is_settled(self) -> bool:
        """Whether it ended, and all is known of that which will be."""
        is_known = self.facts is not None and self.is_measured
        return self.status.is_finished and (is_known or self.tries >= MOST_TRIES)


@dataclass(frozen=True, slots=True)
class Departure:
    """A job that Simplismart no longer had when asked for it; its list may still have a row of it."""

    request_id: str
    updated_at: datetime | None = None
    """Of its row; where the row is newer, it belongs to the group again."""


@dataclass(frozen=True, slots=True)
class Group:
    """The jobs of one subscription. Every time is aware, UTC."""

    query: str
    """Which jobs fit, as `bot.domain.commands.stored_query` writes it."""
    since: datetime
    """When somebody subscribed."""
    by: str = RANKED_BY
    ends_at: datetime | None = None
    """Where people asked for a time; None: until the last member has ended."""
    members: tuple[Member, ...] = ()
    """In the order they joined."""
    gone: tuple[Departure, ...] = ()
    """Former members, at most `MOST_MEMBERS`, the latest last."""
    newest_joined_at: datetime | None = None
    looked_at: datetime | None = None
    """When the list was looked through last."""
    is_full: bool = False
    """A job fits that found no room."""
    ended_at: datetime | None = None

    def ranked_by(self, metric: str) -> Group:
        """The same group, ranked by another metric: its members' values are asked for anew."""
        members = tuple(
            replace(each, value=None, measured_progress=None, is_measured=False, tries=0)
            for each in self.members
        )
        return replace(self, by=metric, members=members)

    def to_json(self) -> str:
        """As the database keeps it."""
        return _GROUP.dump_json(self, exclude_defaults=True).decode()

    @classmethod
    def from_json(cls, text: str) -> Group:
        """What `to_json` wrote.

        Raises:
            ValueError: it is something else.
        """
        return _GROUP.validate_json(text)


_GROUP: Final = TypeAdapter(Group)


def subject_of(query: Query) -> str:
    """What a group's subscription has in place of a job's ID: the query as people type it, with a ``*``.

    No job's ID has that, and what is typed with or without it is read the same.
    """
    return f"{query.text}{' ' if query.text.endswith(tuple(QUOTES)) else ''}*"


def is_subject(request_id: str) -> bool:
    """Whether a subscription is about a group, and not about one job."""
    return request_id.endswith("*") and not is_request_id(request_id)
