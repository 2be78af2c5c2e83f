"""What tests of examinations and conditions begin with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ports import ClaimedMetricsCheck, Post
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult, MetricsFinding
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Mode, Subscribed, SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, CHANNEL, JOB, LEASE, ORG, T0, TEAM, job, state

LOW = "eval_loss < 1.2"


def finding(name: str = "plateau", run: int = 1) -> Notification:
    """What the run doctor saw."""
    return MetricsFinding(once_key=f"{run}:{name}", at=T0, finding=name, evidence="flat")


def answer(waiter_id: str) -> Notification:
    """What somebody waited for has come."""
    return AlertResult(once_key=waiter_id, at=T0, condition=LOW, is_met=True)


async def wait_for(  # noqa: PLR0913  (what differs from test to test)
    store: DatabaseStore,
    condition: str = LOW,
    user_id: str = ADA,
    *,
    channel_id: str = CHANNEL,
    mode: Mode | None = None,
    status: str = "QUEUED",
    now: datetime = T0,
) -> Subscribed:
    """Somebody waits for a value, without any thread."""
    wish = SubscribeRequest(TEAM, channel_id, ORG, JOB, user_id, mode, condition=condition)
    return await store.subscriptions.subscribe(wish, state(status), job(status), now)


async def due(store: DatabaseStore, now: datetime) -> ClaimedMetricsCheck:
    """The one job that is to be examined."""
    (claimed,) = await store.metrics_checks.claim_metrics_checks(ORG, now, LEASE, 10)
    return claimed


def told(posts: Sequence[Post]) -> list[tuple[str, str]]:
    """Kind and once-key of what was sent."""
    return [(post.notification.kind, post.notification.once_key) for post in posts]
