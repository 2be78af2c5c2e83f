"""What a look at a group can find: a member failed or is gone, and how all of it ended. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.domain.groups.group import MOST_MEMBERS, Member
from bot.domain.groups.results import Result
from bot.domain.groups.rounds import GroupRound
from bot.domain.subscriptions.notifications.notification import (
    ASKED_FOR_RESULTS,
    SUBSCRIBED,
    Audience,
    Entry,
    Notification,
)
from bot.domain.subscriptions.subscription import Mode


class MemberUpdate(Notification):
    """About one member: who has a subscription to that job in the same conversation knows."""

    request_id: str = ""
    member_name: str | None = None
    """Without secrets, and cut."""


class GroupFailure(MemberUpdate):
    """A member failed."""

    kind = "group_failure"
    cause: str | None = None
    """What probably went wrong, see `bot.domain.diagnosis`; None where that is unsure."""
    progress: float | None = None


class GroupGone(MemberUpdate):
    """Simplismart no longer has a member, so it has left the group."""

    kind = "group_gone"


class GroupFull(Notification):
    """A job fits the group that finds no room in it."""

    kind = "group_full"
    most: int = MOST_MEMBERS


class GroupEnded(Notification):
    """The last member has ended, or the time has passed: the last word."""

    kind = "group_ended"
    result: Result | None = None


def notifications_of(found: GroupRound, subject: str) -> Iterator[Notification]:
    """What a look is told as, in order; ``subject`` is the group's."""
    at = found.group.looked_at or found.group.since
    for member in found.failed:
        yield GroupFailure(
            once_key=_once(member),
            at=at,
            name=subject,
            request_id=member.request_id,
            member_name=member.name,
            cause=member.facts.cause if member.facts else None,
            progress=member.progress,
        )
    for member in found.gone:
        yield GroupGone(
            once_key=_once(member),
            at=at,
            name=subject,
            request_id=member.request_id,
            member_name=member.name,
        )
    if found.is_full:
        yield GroupFull(once_key="full", at=at, name=subject)
    if found.result is not None:
        yield GroupEnded(once_key="end", at=found.result.ended_at, name=subject, result=found.result)


def _once(member: Member) -> str:
    """Which run of it; one that left and came again is another."""
    return f"{member.request_id}:{member.joined_at.timestamp()}:{member.run}"


MEMBER_MODES: Final = frozenset({Mode.MILESTONES, Mode.FAILURES})
"""The modes in which a group's thread gets updates on each member."""
ENTRIES: Final = (
    Entry(GroupFailure, Audience(MEMBER_MODES, broadcast_modes=frozenset({Mode.FAILURES}))),
    Entry(GroupGone, Audience(MEMBER_MODES)),
    Entry(GroupFull, Audience(SUBSCRIBED)),
    Entry(GroupEnded, Audience(SUBSCRIBED, broadcast_modes=ASKED_FOR_RESULTS)),
)
