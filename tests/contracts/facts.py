"""Jobs, wishes and looks for the contract, and the few steps that most of its tests begin with."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.job import TrainingJob
from bot.domain.job.stored import slim
from bot.domain.ports import ClaimedJob, Lane, Later, Look, Outcome, Post, Sent
from bot.domain.subscriptions.notifications.job_updates import Progress
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Mode, SubscribeRequest, Subscription
from bot.domain.subscriptions.watch_state import WatchedState
from bot.store.store import DatabaseStore, open_store

T0 = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
ORG, JOB, TEAM, CHANNEL, ADA, BOB = "org-1", "job-1", "T1", "C1", "U-ada", "U-bob"
LEASE = 60.0


def at(seconds: float) -> datetime:
    """So long after `T0`."""
    return T0 + timedelta(seconds=seconds)


def job(status: str = "RUNNING", request_id: str = JOB, **fields: Any) -> TrainingJob:
    """A document."""
    document = {"request_id": request_id, "experiment_name": "support-tone-v3", "status": status}
    return TrainingJob.from_json(json.dumps(document | {"progress": 41.5} | fields).encode())


def state(status: str = "RUNNING", request_id: str = JOB, seen_at: datetime = T0) -> WatchedState:
    """What is remembered of it."""
    finished = {"finished_seen_at": seen_at} if status in {"COMPLETED", "FAILED", "CANCELLED"} else {}
    seen = slim(job(status, request_id))
    return WatchedState(job=seen, first_seen_at=T0, seen_at=seen_at, **finished)


def note(kind: type[Notification] = Progress, once_key: str = "25", now: datetime = T0) -> Notification:
    """Something to tell."""
    return kind(once_key=once_key, at=now)


async def opened(database_url: str) -> DatabaseStore:
    """A store of its own over this database, as another process has."""
    store = open_store(database_url)
    await store.database.prepare()
    return store


async def follow(  # noqa: PLR0913  (what differs from test to test)
    store: DatabaseStore,
    user_id: str = ADA,
    *,
    request_id: str = JOB,
    channel_id: str = CHANNEL,
    mode: Mode | None = None,
    is_quiet: bool | None = None,
    now: datetime = T0,
    condition: str = "",
) -> Subscription:
    """Subscribe, without any thread."""
    wish = SubscribeRequest(TEAM, channel_id, ORG, request_id, user_id, mode, is_quiet, condition=condition)
    subscribed = await store.subscriptions.subscribe(
        wish, state(request_id=request_id), job(request_id=request_id), now
    )
    return subscribed.subscription


async def held(store: DatabaseStore, now: datetime, channel_id: str = CHANNEL) -> Lane:
    """The lane, which is due."""
    lane = await store.outbox.claim_lane(TEAM, channel_id, now, LEASE)
    assert isinstance(lane, Lane), lane
    return lane


async def deliver(store: DatabaseStore, now: datetime, outcome: Outcome, channel_id: str = CHANNEL) -> Post:
    """Take the next message of the channel, and let this become of it."""
    lane = await held(store, now, channel_id)
    post = await store.outbox.take_post(lane, now)
    assert post is not None
    assert await store.outbox.finish_post(lane, post, outcome, now, lane_free_at=now)
    return post


async def opened_thread(store: DatabaseStore, now: datetime = T0, ts: str = "100.1") -> Subscription:
    """A subscription whose card stands, with nothing waiting."""
    subscription = await follow(store, now=now)
    await deliver(store, now, Sent(ts, ts))
    found = await store.subscriptions.subscription(subscription.id)
    assert found is not None
    return found


async def drained(store: DatabaseStore, now: datetime, channel_id: str = CHANNEL) -> list[Post]:
    """Send whatever is due in the channel, in the order it comes."""
    posts: list[Post] = []
    while isinstance(lane := await store.outbox.claim_lane(TEAM, channel_id, now, LEASE), Lane):
        if (post := await store.outbox.take_post(lane, now)) is None:
            break
        posts.append(post)
        ts = f"200.{len(posts)}"
        assert await store.outbox.finish_post(lane, post, Sent(ts, ts), now, lane_free_at=now)
    return posts


async def claim(store: DatabaseStore, now: datetime) -> ClaimedJob:
    """The one job that is due."""
    (claimed,) = await store.watches.claim_jobs(ORG, now, LEASE, 10)
    return claimed


async def look(store: DatabaseStore, now: datetime, *notifications: Notification, **fields: Any) -> Look:
    """One look at the one job, which is due again at once."""
    made = Look(
        await claim(store, now), fields.pop("state", state(seen_at=now)), now, notifications, **fields
    )
    assert await store.watches.finish_looks([made], now) == 1
    return made


def later(seconds: float, *, may_have_happened: bool = False) -> Later:
    """Not before then."""
    return Later(at(seconds), "rate limited", may_have_happened)
