"""``/job health``: for the admin, how the bot is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import structlog

from bot.cards.home.health import health_card
from bot.cards.kit.card import Card
from bot.domain.errors import StoreError
from bot.domain.health.report import HealthReport
from bot.domain.permissions.administration import AdminRight
from bot.handlers.kit.command import Command, Needed, Question, reads
from bot.handlers.kit.context import Context

_log = structlog.stdlib.get_logger(__name__)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    yield health_card(await _report(context, question.place.team_id))


async def _report(context: Context, team_id: str) -> HealthReport:
    readiness, now = await context.readiness(), context.clock.now()
    try:
        backlog = await context.backlog.backlog(now, context.org_id, team_id)
    except StoreError as error:  # as the check of the database says too
        _log.info("health is told without the outbox", detail=error.detail)
        return HealthReport(readiness, now)
    return HealthReport(readiness, now, backlog.oldest_at, backlog.parked)


def _to_see(_question: Question) -> Needed | None:
    return AdminRight.HEALTH


COMMAND = Command(
    name="health",
    usage="health",
    summary="Show your jobbot admin what works and what doesn't.",
    run=_run,
    changes=reads,
    right=_to_see,
    is_personal=True,
    yields_to_jobs=True,
)
