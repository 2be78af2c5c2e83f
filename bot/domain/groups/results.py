"""How a group stands: its counts, its ranking, and what it used. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.groups.forecast import gpu_hours
from bot.domain.groups.group import Group, Member
from bot.domain.groups.learning import is_higher_better
from bot.domain.job import JobStatus

COMPARED: Final = 3
"""How many of the best are compared at a press."""
_LAST: Final = {
    JobStatus.COMPLETED: 0,
    JobStatus.ENDED: 1,
    JobStatus.RUNNING: 2,
    JobStatus.FAILED: 3,
    JobStatus.CANCELLED: 4,
    JobStatus.UNKNOWN: 5,
    JobStatus.QUEUED: 6,
}
"""The order of those without a value."""
_UNRANKED: Final = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})


class How(StrEnum):
    """Why a group is over."""

    DONE = "done"
    """The last member ended, and none joined after it."""
    TIME = "time"
    """The time that people asked for has passed."""
    EMPTY = "empty"
    """No job ever fitted."""


@dataclass(frozen=True, slots=True)
class Result:
    """What the last message tells."""

    how: How
    members: tuple[Member, ...]
    """Ranked, the best first; only those that there is room for."""
    counts: Mapping[JobStatus, int]
    by: str
    gpu_hours: Mapping[str, float]
    """By the type of GPU, as far as known."""
    since: datetime
    ended_at: datetime
    best: tuple[str, ...] = ()
    """The request ids of those that are compared."""


def counts(members: Sequence[Member]) -> Mapping[JobStatus, int]:
    """How many have each status."""
    return Counter(each.status for each in members)


def has_place(member: Member) -> bool:
    """Whether it has a place in the ranking: what failed or was cancelled came to no result."""
    return member.value is not None and member.status not in _UNRANKED


def ranked(group: Group) -> tuple[Member, ...]:
    """The members, the best value first, then those without a place by how they are."""
    sign = -1.0 if is_higher_better(group.by) else 1.0

    def rank(member: Member) -> tuple[int, float, str, str]:
        value = sign * member.value if has_place(member) and member.value is not None else 0.0
        place = -1 if has_place(member) else _LAST[member.status]
        return place, value, member.name or "", member.request_id

    return tuple(sorted(group.members, key=rank))


def best(group: Group) -> tuple[str, ...]:
    """The request ids of the best, where there are two or three to compare; else none."""
    found = tuple(each.request_id for each in ranked(group) if has_place(each))[:COMPARED]
    return found if len(found) > 1 else ()


def result_of(group: Group, how: How, now: datetime, most: int) -> Result:
    """How a group ended, with at most so many members by name."""
    return Result(
        how=how,
        members=ranked(group)[:most],
        counts=counts(group.members),
        by=group.by,
        gpu_hours=gpu_hours(group.members, now),
        since=min((each.joined_at for each in group.members), default=group.since),
        ended_at=now,
        best=best(group),
    )
