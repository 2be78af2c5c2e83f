"""``/job report <request_id>``: a run as one message to keep."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from bot.cards.jobs.report import report_card
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.handlers.jobs.compare import run_of
from bot.handlers.kit.command import Command, Question, anybody, one_by_one, reads
from bot.handlers.kit.context import Context
from bot.tasks import aside


async def run_report(context: Context, request_id: str) -> Card:
    """The report of a run, or the card of what went wrong."""
    run = await run_of(context, request_id)
    if isinstance(run, Card):
        return run
    return await aside(report_card, run, now=context.clock.now(), settings=context.card_settings)


def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    return one_by_one(question.request_ids, question.left_out, partial(run_report, context))


COMMAND = Command(
    name="report",
    usage="report <job>",
    summary="Full summary of a job in one message: config, result, curves, cost.",
    run=_run,
    changes=reads,
    right=anybody,
    form=Form(needs_id=True),
)
