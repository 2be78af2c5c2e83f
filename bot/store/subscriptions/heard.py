"""Who gets an update elsewhere in a group's conversation: nobody is told anything twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.job import JobStatus, JobSummary
from bot.domain.subscriptions.notifications.group_updates import MEMBER_MODES
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.domain.subscriptions.subscription import Ending
from bot.store.database.connection import Connected
from bot.store.rows import UnreadableRowError, ending_of, read_notification
from bot.store.subscriptions.feed_rows import read_feed
from bot.store.tables import (
    conditions,
    feeds,
    outbox,
    pauses,
    subscribers,
    subscription_groups,
    subscriptions,
)

_UNWANTED: Final = frozenset({Ending.THREAD_GONE, Ending.CARD_GONE, Ending.UNSUBSCRIBED})
"""After these no feed posts that job there again."""


async def told_of_job(connection: Connected, group: Any, request_id: str) -> frozenset[str]:
    """Who gets updates on a member beside a ``group`` there: in its own thread, or in an older group's."""
    in_its_own = and_(subscriptions.c.request_id == request_id, subscriptions.c.id != group.id)
    is_older = or_(
        subscriptions.c.created_at < group.created_at,
        and_(subscriptions.c.created_at == group.created_at, subscriptions.c.id < group.id),
    )
    wanted = select(subscribers.c.user_id).join(
        subscriptions, subscriptions.c.id == subscribers.c.subscription_id
    )
    wanted = wanted.outerjoin(
        subscription_groups, subscription_groups.c.subscription_id == subscriptions.c.id
    )
    wanted = wanted.where(
        *_place(group),
        subscriptions.c.ended.is_(None),
        subscribers.c.only_waits.is_(False),
        or_(in_its_own, and_(is_older, _has_member(request_id))),
    )
    return frozenset(await connection.scalars(wanted))


async def followers_of_groups(connection: Connected, fed: Any, now: datetime) -> tuple[str, ...]:
    """Who is told that this job failed by what a feed posts in their group's conversation, and nowhere else.

    Without those who paused mentions.
    """
    quiet = select(pauses.c.user_id).where(
        pauses.c.team_id == fed.team_id, pauses.c.paused_until > now.timestamp()
    )
    wanted = (
        select(subscribers.c.user_id)
        .join(subscriptions, subscriptions.c.id == subscribers.c.subscription_id)
        .join(subscription_groups, subscription_groups.c.subscription_id == subscriptions.c.id)
        .where(
            *_place(fed),
            subscriptions.c.ended.is_(None),
            subscribers.c.only_waits.is_(False),
            subscribers.c.user_id.not_in(quiet),
            _has_member(fed.request_id),
        )
        .order_by(subscribers.c.user_id)
    )
    return tuple(dict.fromkeys(await connection.scalars(wanted)))


async def is_posted_by_feed(
    connection: Connected, group: Any, request_id: str, row: JobSummary | None, now: datetime
) -> bool:
    """Whether the feed of the group's channel posts this job's failure there, or has.

    Where the job has a thread that goes on, the failure is told in that, to those who are subscribed to it.
    """
    threads = select(subscriptions).where(*_place(group), subscriptions.c.request_id == request_id)
    found = (await connection.execute(threads)).all()
    if any(
        each.posted_by_feed and each.told_status == JobStatus.FAILED.value and each.ended is None
        for each in found
    ):
        return True
    if row is None or any(each.ended is None for each in found):
        return False
    if any(each.posted_by_feed and ending_of(each.ended) in _UNWANTED for each in found):
        return False
    here = select(feeds).where(
        feeds.c.team_id == group.team_id,
        feeds.c.channel_id == group.channel_id,
        feeds.c.org_id == group.org_id,
    )
    stored = (await connection.execute(here)).first()
    feed = None if stored is None else read_feed(stored)
    if feed is None or not feed.wants(row, now):
        return False
    return row.updated_at is None or row.updated_at >= feed.created_at - CLOCK_SKEW


async def has_own_alert(connection: Connected, group: Any, answer: AlertResult) -> bool:
    """Whether the same person has the same alert for that job in its own thread there, or was told by it."""
    if answer.request_id is None:
        return False
    theirs = select(subscriptions.c.id).where(*_place(group), subscriptions.c.request_id == answer.request_id)
    waits = select(conditions.c.id).where(
        conditions.c.subscription_id.in_(theirs),
        conditions.c.user_id == answer.user_id,
        conditions.c.condition == answer.condition,
    )
    if await connection.scalar(waits) is not None:
        return True
    told = select(outbox.c.payload).where(
        outbox.c.subscription_id.in_(theirs), outbox.c.kind == AlertResult.kind
    )
    return any(map(answer.says_what, _read(await connection.scalars(told))))


def _read(payloads: Iterable[str]) -> Iterable[AlertResult]:
    for payload in payloads:
        try:
            told = read_notification(payload)
        except UnreadableRowError:
            continue
        if isinstance(told, AlertResult):
            yield told


def _place(row: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        subscriptions.c.team_id == row.team_id,
        subscriptions.c.channel_id == row.channel_id,
        subscriptions.c.org_id == row.org_id,
    )


def _has_member(request_id: str) -> ColumnElement[bool]:
    """Whether the subscription is to a group whose thread gets updates on each member, and this is one."""
    tells = subscriptions.c.mode.in_([mode.value for mode in MEMBER_MODES])
    return and_(tells, subscription_groups.c.state.contains(f'"request_id":"{request_id}"', autoescape=True))
