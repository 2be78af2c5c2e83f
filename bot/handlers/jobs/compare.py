"""``/job compare <a> <b>``: runs side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from bot.cards.jobs.compare import MOST_RUNS, compare_card
from bot.cards.jobs.run import Run
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.domain.errors import TrainingApiError, UserError
from bot.handlers.jobs.metrics import with_metrics
from bot.handlers.kit.command import Command, Question, anybody, reads
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.tasks import aside

_LEAST: Final = 2


async def run_of(context: Context, request_id: str) -> Run | Card:
    """One run, as far as it is to be had; or the card of why there is none."""
    try:
        job, metrics = await with_metrics(context, request_id)
    except TrainingApiError as error:
        return failure_card(context, error, request_id)
    return Run(request_id, job, None if isinstance(metrics, TrainingApiError) else metrics)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    named = len(question.request_ids) + question.left_out
    if not _LEAST <= named <= MOST_RUNS:
        detail = f"Compare needs two or three jobs: `{context.slash_command} compare <a> <b> [c]`."
        yield failure_card(context, UserError(detail))
        return
    found = await asyncio.gather(*(run_of(context, each) for each in question.request_ids))
    missing = [each for each in found if isinstance(each, Card)]
    for card in missing:
        yield card
    if not missing:
        runs = [each for each in found if isinstance(each, Run)]
        now, keys = context.clock.now(), question.words
        yield await aside(compare_card, runs, now=now, keys=keys, settings=context.card_settings)


COMMAND = Command(
    name="compare",
    usage="compare <a> <b> [c]",
    summary="Compare two or three jobs: which is best, settings that differ, and results.",
    run=_run,
    changes=reads,
    right=anybody,
    form=Form(needs_id=True, only_ids=True),
)
