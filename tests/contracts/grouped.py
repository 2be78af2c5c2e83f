"""A group for the contract: somebody subscribes to a sweep, and looks at it come to something."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.groups.group import Group, Member
from bot.domain.job import JobStatus
from bot.domain.ports import ClaimedGroup, GroupLook
from bot.domain.subscriptions.notifications.group_updates import GroupFailure
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Subscribed, SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, CHANNEL, JOB, LEASE, ORG, T0, TEAM, at

SUBJECT = "name:sweep-*"
GROUP = Group('{"names":["sweep-"]}', T0, members=(Member(JOB, T0, JOB, JobStatus.RUNNING, 10.0),))


async def group_of(  # noqa: PLR0913  (what differs from test to test)
    store: DatabaseStore,
    user_id: str = ADA,
    *,
    channel_id: str = CHANNEL,
    group: Group | None = GROUP,
    now: datetime = T0,
    subject: str = SUBJECT,
    condition: str = "",
) -> Subscribed | None:
    """Subscribe to the group, or join it."""
    wish = SubscribeRequest(TEAM, channel_id, ORG, subject, user_id, condition=condition)
    return await store.subscriptions.subscribe_to_group(wish, group, now)


async def due_group(store: DatabaseStore, now: datetime = T0) -> ClaimedGroup:
    """The one that is due."""
    (claimed,) = await store.groups.claim_groups(ORG, now, LEASE, 10)
    return claimed


def failure(once_key: str = "1", request_id: str = JOB) -> Notification:
    """A member failed."""
    return GroupFailure(once_key=once_key, at=at(1), name=SUBJECT, request_id=request_id, member_name=JOB)


def looked(claim: ClaimedGroup, *notifications: Notification, **changes: Any) -> GroupLook:
    """A look at it, by which its member has come a bit further."""
    member = replace(claim.group.members[0], progress=20.0)
    changed = replace(claim.group, members=(member,), looked_at=at(1))
    return GroupLook(
        claim, **{"group": changed, "next_at": at(30), "notifications": notifications, **changes}
    )
