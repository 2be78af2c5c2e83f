"""What a card says of a job beside its document: known at once, or asked for beside the job itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from bot.cards.jobs.job_lines import JobFacts
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.domain.curves.metrics_facts import (
    LossFacts,
    findings,
    first_of,
    loss_facts,
    may_show_loss,
    shows_loss,
)
from bot.domain.curves.run_doctor import Finding
from bot.domain.errors import TrainingApiError
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot
from bot.handlers.kit.card_subscription import following_of, reader_of, spot_of
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.tasks import LIGHT, aside_if_heavy, beside, weight_of

PATIENCE_SECONDS = 0.3
"""How long a card waits for the job's metrics. What comes later is known next time."""


async def facts_of(
    context: Context,
    request_id: str,
    seen: Snapshot,
    followed: Awaitable[CardSubscription | None],
    logged: Awaitable[MetricsSnapshot | None] | None = None,
) -> JobFacts:
    """For a card that may wait a little; who does not answer in time costs nobody the card.

    ``followed`` and ``logged``: who is subscribed, and `logged_of` the job, which can be asked before the job
    itself is known.
    """
    known, earlier, (losses, finding) = await asyncio.gather(
        followed,
        context.earlier_failures.soon(context.org_id, request_id, seen.job),
        _said_of(context, request_id, seen, logged),
    )
    return JobFacts(known, earlier, losses, finding)


async def logged_of(context: Context, request_id: str) -> MetricsSnapshot | None:
    """The job's metrics; None where they cannot be had, or would not be shown as far as is known."""
    seen = context.training_api.recall(request_id)
    if seen is not None and not may_show_loss(seen.job):
        return None
    try:
        return await context.training_api.metrics(request_id)
    except TrainingApiError:
        return None


def facts_at_hand(
    context: Context, place: Place, request_id: str, seen: Snapshot, *, is_private: bool
) -> JobFacts | None:
    """For a card that cannot wait; None where the database has to be asked, or much has to be read."""
    known = context.subscriptions.peek(spot_of(context, place, request_id))
    before = context.earlier_failures.peek(context.org_id, request_id, seen.job)
    metrics = context.training_api.recall_metrics(request_id)
    if known is None or before is None or (metrics is not None and weight_of(metrics) > LIGHT):
        return None
    followed = following_of(known.value, reader_of(place, is_private=is_private))
    if metrics is None or not shows_loss(seen.job, metrics, context.clock.now()):
        return JobFacts(followed, before.value)
    found, hidden = findings(metrics, seen.job), None
    if found and (hidden := context.silenced_findings.peek(context.org_id, request_id)) is None:
        return None
    finding = first_of(found, (hidden and hidden.value) or ()) if found else None
    return JobFacts(followed, before.value, loss_facts(metrics), finding)


async def with_facts(
    context: Context, request_id: str, *, with_hidden: bool = False
) -> tuple[Snapshot, JobFacts]:
    """A job, with what its metrics say: asked for beside it, and waited for a moment.

    ``with_hidden``: also what somebody hid, for who asks whether anything is wrong.

    Raises:
        TrainingApiError: there is no job.
    """
    async with beside(logged_of(context, request_id)) as [logged]:
        seen = await context.training_api.job(request_id)
        losses, finding = await _said_of(context, request_id, seen, logged, with_hidden=with_hidden)
        return seen, JobFacts(losses=losses, finding=finding)


async def worst_of(
    context: Context, request_id: str, seen: Snapshot, metrics: MetricsSnapshot
) -> Finding | None:
    """The worst thing that the run doctor finds in metrics that are at hand, where nobody hid it."""
    if not shows_loss(seen.job, metrics, context.clock.now()):
        return None
    found = await aside_if_heavy(weight_of(metrics), lambda: findings(metrics, seen.job))
    hidden = await context.silenced_findings.soon(context.org_id, request_id) if found else ()
    return first_of(found, hidden)


async def _said_of(
    context: Context,
    request_id: str,
    seen: Snapshot,
    logged: Awaitable[MetricsSnapshot | None] | None,
    *,
    with_hidden: bool = False,
) -> tuple[LossFacts | None, Finding | None]:
    """What the job's metrics say, and the worst thing that the run doctor finds in them."""
    if not may_show_loss(seen.job):
        return None, None
    metrics = await _soon(context, request_id, logged or logged_of(context, request_id))
    if metrics is None or not shows_loss(seen.job, metrics, context.clock.now()):
        return None, None
    losses, found = await aside_if_heavy(
        weight_of(metrics), lambda: (loss_facts(metrics), findings(metrics, seen.job))
    )
    is_hiding = bool(found) and not with_hidden
    hidden = await context.silenced_findings.soon(context.org_id, request_id) if is_hiding else ()
    return losses, first_of(found, hidden)


async def _soon(
    context: Context, request_id: str, logged: Awaitable[MetricsSnapshot | None]
) -> MetricsSnapshot | None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            found = await logged
    except TimeoutError:
        found = None
    return found or context.training_api.recall_metrics(request_id)
