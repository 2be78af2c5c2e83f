"""What a look at a group comes to: what is told, and whether it is over. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.groups.forecast import ends_about
from bot.domain.groups.group import JOINING, MOST_MEMBERS, WAITING, Departure, Group, Member
from bot.domain.groups.learning import wanted
from bot.domain.groups.results import How, Result, result_of

LOOK_EVERY: Final = timedelta(seconds=30)
"""How often a group is checked; its jobs' own subscriptions are polled more often."""
_SOON: Final = timedelta(seconds=1)
_TOLD_WITHOUT_CAUSE: Final = 2
"""A failure waits for so many tries to learn why."""
_MOST_NAMED: Final = 20
"""Members that are in the last message by name."""


@dataclass(frozen=True, slots=True)
class GroupRound:
    """What is to be written down and told, each once."""

    group: Group
    next_at: datetime
    failed: tuple[Member, ...] = ()
    gone: tuple[Member, ...] = ()
    is_full: bool = False
    """From now on a job that fits finds no room."""
    result: Result | None = None
    """The group is over."""
    is_changed: bool = True
    """The card shows something else."""


def conclude(
    before: Group, after: Group, now: datetime, measured_after: datetime | None = None
) -> GroupRound:
    """What is new in ``after``, which `look` and `learn` made of ``before``. ``now`` is aware, UTC.

    Nothing is new of a group that is over. ``measured_after`` is what `wanted` was asked with.
    """
    if before.ended_at is not None:
        return GroupRound(before, now + WAITING, is_changed=False)
    leaving = tuple(each for each in after.members if each.is_gone)
    known = {each.request_id for each in before.gone}
    # A row that keeps changing brings its job back; that it is still gone is no news.
    gone = tuple(each for each in leaving if each.request_id not in known)
    failed = tuple(each for each in after.members if not each.is_gone and _is_told_now(each))
    told = {each.request_id for each in failed}
    left = (each for each in after.members if not each.is_gone)
    members = tuple(replace(each, is_untold=False) if each.request_id in told else each for each in left)
    group = replace(after, members=members, gone=_gone(after, leaving))
    result = None if (how := _how_it_is_over(group, now)) is None else result_of(group, how, now, _MOST_NAMED)
    if result is not None:
        group = replace(group, ended_at=now)
    return GroupRound(
        group=group,
        next_at=_next_at(group, now, measured_after),
        failed=failed,
        gone=gone,
        is_full=after.is_full and not before.is_full,
        result=result,
        is_changed=result is not None or _shown(group, now) != _shown(before, before.looked_at or now),
    )


def _gone(group: Group, leaving: Iterable[Member]) -> tuple[Departure, ...]:
    left = {each.request_id: Departure(each.request_id, each.updated_at) for each in leaving}
    before = (each for each in group.gone if each.request_id not in left)
    return (*before, *left.values())[-MOST_MEMBERS:]


def _is_told_now(member: Member) -> bool:
    return member.is_untold and (member.facts is not None or member.tries >= _TOLD_WITHOUT_CAUSE)


def _how_it_is_over(group: Group, now: datetime) -> How | None:
    is_done = bool(group.members) and all(each.is_settled and not each.is_untold for each in group.members)
    if group.ends_at is not None and now >= group.ends_at:
        return How.DONE if is_done else How.TIME
    if not group.members:
        waits_since = max(group.since, group.newest_joined_at or group.since)
        return How.EMPTY if now >= waits_since + WAITING else None
    joined_at = group.newest_joined_at or group.since
    return How.DONE if is_done and now >= joined_at + JOINING else None


def _next_at(group: Group, now: datetime, measured_after: datetime | None) -> datetime:
    if wanted(group, now, measured_after):
        return now + _SOON
    times = [now + LOOK_EVERY, *_ends(group), *(each.next_try_at for each in group.members)]
    return min(each for each in times if each is not None and each > now)


def _ends(group: Group) -> Iterator[datetime | None]:
    yield group.ends_at
    yield group.newest_joined_at and group.newest_joined_at + JOINING


def _shown(group: Group, at: datetime) -> tuple[object, ...]:
    """All that the card is drawn from; of its estimated end whether there is one."""
    members = (
        (each.request_id, each.name, each.status, int(each.progress or 0), each.value, each.facts)
        for each in group.members
    )
    return (group.is_full, group.by, ends_about(group, at) is None, *members)
