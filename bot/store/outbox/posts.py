"""What delivery asks about messages: the next one of a channel, and its outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, case, func, select, update

from bot.domain.channels.feed_post import feed_post_mark
from bot.domain.job import JobStatus
from bot.domain.ports import Lane, Later, Outcome, Over, Parked, Post, Sent
from bot.domain.subscriptions.notifications.job_updates import Failed
from bot.domain.subscriptions.notifications.notices import ChannelDigest, JobCard
from bot.domain.subscriptions.notifications.registry import REGISTRY
from bot.domain.subscriptions.subscription import Ending
from bot.store.channels.digests import close_digest
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StaleLeaseError, StoreQueries, writes
from bot.store.home_tabs import draw_homes
from bot.store.jobs.finished_jobs import earlier_of
from bot.store.outbox.lanes import hold, release
from bot.store.outbox.pauses import unmentioned
from bot.store.outbox.post_facts import document_row, feed_mentions, finding_of, group_of, hidden_findings
from bot.store.outbox.post_order import is_first_in, next_try_in
from bot.store.rows import (
    UnreadableRowError,
    moment,
    read_notification,
    read_settling,
    read_subscription,
    storable,
    written_settling,
)
from bot.store.subscriptions.documents import document_in
from bot.store.subscriptions.feed_threads import close_feed, hold_feed
from bot.store.subscriptions.groups import audience_of
from bot.store.subscriptions.threads import EDITS, Threads
from bot.store.tables import (
    DROPPED,
    PARKED,
    SENT,
    outbox,
    subscriptions,
)

_log = structlog.stdlib.get_logger(__name__)


class PostQueries(StoreQueries):
    """See `bot.domain.ports.OutboxStore`. The lane is held last: see `bot.store.subscriptions.threads`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    async def take_post(self, lane: Lane, now: datetime) -> Post | None:
        """See the port."""
        try:
            return await self._take_post(lane, now)
        except StaleLeaseError:
            return None

    async def finish_post(
        self, lane: Lane, post: Post, outcome: Outcome, now: datetime, *, lane_free_at: datetime
    ) -> bool:
        """See the port."""
        try:
            await self._finish_post(lane, post, outcome, now, lane_free_at)
        except StaleLeaseError:
            return False
        return True

    @writes
    async def _take_post(self, connection: Connected, lane: Lane, now: datetime) -> Post | None:
        wanted = (
            select(outbox)
            .where(is_first_in(lane), outbox.c.next_try_at <= now.timestamp())
            .order_by(outbox.c.seq)
            .limit(1)
        )
        post = None
        while post is None and (row := (await connection.execute(wanted)).first()) is not None:
            try:
                post = await self._begin(connection, row, now)
            except UnreadableRowError as error:
                await _park(connection, row, error.detail)
        await hold(connection, lane)
        if post is None:
            await release(connection, lane, next_try_in(lane, now), now=now, free_at=now)
        return post

    async def _begin(self, connection: Connected, row: Row[Any], now: datetime) -> Post:
        """Mark the message as begun: whoever finds it so later has to ask Slack first.

        Raises:
            UnreadableRowError: there is nothing to send; nothing was marked.
        """
        wanted = select(subscriptions).where(subscriptions.c.id == row.subscription_id)
        subscription = (await connection.execute(wanted)).one()
        notification = read_notification(row.payload)
        is_card = REGISTRY[notification.kind].shows_document
        group = await group_of(connection, subscription) if is_card else None
        kept = None if notification.name and not is_card else await document_row(connection, subscription)
        job = document_in(kept, is_needed=is_card)
        begun = update(outbox).where(outbox.c.seq == row.seq)
        begun = begun.values(
            is_uncertain=True,
            attempts=outbox.c.attempts + 1,
            # It may be sent now: whoever finds it begun looks from the first page on.
            settling=None,
            first_try_at=func.coalesce(outbox.c.first_try_at, now.timestamp()),
        )
        mark = (await connection.execute(begun.returning(outbox.c.attempts, outbox.c.first_try_at))).one()
        if job and not notification.name:
            # What was written for all threads at once, or long after the last look, does not know its job's.
            notification = notification.model_copy(update={"name": job.experiment_name})
        document = kept if is_card else None
        post = Post(
            id=row.id,
            subscription=await audience_of(connection, subscription, notification),
            notification=notification,
            broadcast=row.broadcast,
            attempts=mark.attempts,
            first_try_at=moment(mark.first_try_at),
            is_uncertain=row.is_uncertain,
            document=document and job,
            seen_at=document and moment(document.seen_at),
            earlier=await earlier_of(connection, subscription, job) if document and job else None,
            finding=await finding_of(connection, subscription, document.finding) if document else None,
            settling=read_settling(row.settling),
            group=group,
            caused_by=row.caused_by,
        )
        if not is_card:
            post = await unmentioned(connection, post, now)
        hidden = await hidden_findings(connection, subscription) if post.wants_metrics else frozenset()
        may = _may_mention(post)
        mentions = await feed_mentions(connection, subscription, now, is_card=is_card) if may else {}
        return replace(post, hidden_findings=hidden, **mentions)

    @writes
    async def _finish_post(  # noqa: PLR0913, PLR0917  (the port's)
        self,
        connection: Connected,
        lane: Lane,
        post: Post,
        outcome: Outcome,
        now: datetime,
        lane_free_at: datetime,
    ) -> None:
        if isinstance(outcome, Over) and isinstance(post.notification, ChannelDigest):
            await close_digest(self.database, connection, post.subscription)
        if ending := _ending(post, outcome):
            await hold_feed(self.database, connection, post.subscription)
            key = post.subscription.org_id, post.subscription.request_id
            await self._threads.lock_jobs(connection, [key])
        if isinstance(outcome, Sent) and isinstance(post.notification, JobCard):
            await self._open_thread(connection, post, outcome, now)
        await connection.execute(update(outbox).where(outbox.c.id == post.id).values(_written(outcome)))
        if ending:
            await self._threads.end_one(connection, post.subscription.id, *ending, now=now)
        if isinstance(outcome, Over):
            await close_feed(self.database, connection, post.subscription, outcome.ending)
        is_wished = select(subscriptions.c.card_wished_at).where(subscriptions.c.id == post.subscription.id)
        if await connection.scalar(is_wished) is not None:
            # The edits of a card wait for its messages: this was perhaps the last one.
            await self._threads.make_due(connection, {(lane.team_id, EDITS)}, now)
        await draw_homes(self.database, connection, lane.team_id, post.subscription.id, now)
        await hold(connection, lane)
        await release(connection, lane, next_try_in(lane, now), now=now, free_at=lane_free_at)

    async def _open_thread(self, connection: Connected, post: Post, sent: Sent, now: datetime) -> None:
        """Record where the card was posted, and queue an edit if it is out of date.

        The row is held before anything is compared: an edit queued meanwhile counts here or comes after.
        """
        mine = subscriptions.c.id == post.subscription.id
        held = select(subscriptions).where(mine).with_for_update(key_share=True)
        row = (await connection.execute(held)).one()
        document = await document_row(connection, post.subscription)
        is_fresh = document is None or post.seen_at is None or moment(document.seen_at) <= post.seen_at
        changes: dict[str, Any] = {
            "card_ts": sent.ts,
            "thread_ts": func.coalesce(subscriptions.c.thread_ts, sent.thread_ts),
        }
        if post.document is not None and post.subscription.is_feed_post:
            mark = feed_post_mark(post.document, post.finding, is_over=not post.subscription.is_active)
            # An earlier attempt may have sent what it was then.
            changes["feed_post_mark"] = mark if post.attempts == 1 else ""
        # An earlier attempt drew it from an earlier document.
        if not is_fresh or post.attempts > 1 or not await self._is_as_drawn(connection, row, post):
            changes |= {
                "card_version": subscriptions.c.card_version + 1,
                "card_wished_at": func.coalesce(subscriptions.c.card_wished_at, now.timestamp()),
            }
        else:
            changes["card_wished_at"] = None
        await connection.execute(update(subscriptions).where(mine).values(changes))

    async def _is_as_drawn(self, connection: Connected, row: Row[Any], post: Post) -> bool:
        """An ended subscription has other words on its card, and one that others joined another number."""
        now_there = await read_subscription(connection, row)
        return now_there.is_active and now_there.subscribers == post.subscription.subscribers


async def _park(connection: Connected, row: Row[Any], reason: str) -> None:
    """An operator sees it; later messages in the thread and the channel go on."""
    _log.error("a message is parked", id=row.id, kind=row.kind, reason=reason)
    parked = update(outbox).where(outbox.c.seq == row.seq).values(state=PARKED, reason=reason)
    await connection.execute(parked)


def _may_mention(post: Post) -> bool:
    """Whether it says that a job failed."""
    failed = post.document is not None and post.document.status is JobStatus.FAILED
    return isinstance(post.notification, Failed) or (failed and isinstance(post.notification, JobCard))


def _ending(post: Post, outcome: Outcome) -> tuple[Ending, str] | None:
    """Whether the subscription ends with this, and why: without its card there is no thread."""
    if isinstance(outcome, Over):
        return outcome.ending, outcome.detail
    if isinstance(outcome, Parked) and isinstance(post.notification, JobCard):
        return Ending.CANNOT_POST, outcome.reason
    return None


def _written(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Sent(ts=ts):
            return {"state": SENT, "ts": ts, "reason": ""}
        case Later(at=at, reason=reason):
            # Of one that was dropped meanwhile nothing more comes.
            return {
                "next_try_at": at.timestamp(),
                "reason": storable(reason),
                "is_uncertain": outcome.may_have_happened,
                "settling": written_settling(outcome.settling),
            }
        case Parked(reason=reason):
            was_dropped = outbox.c.state == DROPPED
            return {"state": case((was_dropped, DROPPED), else_=PARKED), "reason": storable(reason)}
        case Over(detail=detail):
            return {"state": DROPPED, "reason": storable(detail)}
