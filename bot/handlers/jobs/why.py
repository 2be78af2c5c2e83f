"""``/job why <job>``: why it failed, and what to change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from bot.cards.answers.why import why_card
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.domain.errors import TrainingApiError
from bot.handlers.kit.command import Command, Question, anybody, one_by_one, reads
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.job_facts import with_facts
from bot.tasks import aside_if_heavy, weight_of


async def _answer(context: Context, request_id: str) -> Card:
    try:
        snapshot, facts = await with_facts(context, request_id, with_hidden=True)
    except TrainingApiError as error:
        return failure_card(context, error, request_id)
    earlier = await context.earlier_failures.soon(context.org_id, request_id, snapshot.job)
    return await aside_if_heavy(
        weight_of(snapshot),
        lambda: why_card(
            snapshot,
            request_id=request_id,
            now=context.clock.now(),
            earlier=earlier,
            facts=facts,
            settings=context.card_settings,
        ),
    )


def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    return one_by_one(question.request_ids, question.left_out, partial(_answer, context))


COMMAND = Command(
    name="why",
    usage="why <job>",
    summary="Say why a job failed, or what looks wrong with it, and what to change.",
    run=_run,
    changes=reads,
    right=anybody,
    form=Form(needs_id=True),
)
