"""``/job eta <job>``: whether it is done, or how much longer it takes, in a sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable

from bot.cards.answers.eta import eta_card
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.domain.commands.sentences.intents import Aspect
from bot.domain.errors import TrainingApiError
from bot.domain.job import JobStatus
from bot.domain.job.reading import read_status
from bot.handlers.kit.command import Command, Question, anybody, one_by_one, reads
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.job_facts import with_facts
from bot.tasks import aside_if_heavy, weight_of


async def _answer(context: Context, request_id: str, asked: JobStatus | None, aspect: Aspect | None) -> Card:
    try:
        snapshot, facts = await with_facts(context, request_id, with_hidden=aspect is Aspect.HEALTH)
    except TrainingApiError as error:
        return failure_card(context, error, request_id)
    return await aside_if_heavy(
        weight_of(snapshot),
        lambda: eta_card(
            snapshot,
            request_id=request_id,
            now=context.clock.now(),
            asked=asked,
            aspect=aspect,
            facts=facts,
            settings=context.card_settings,
        ),
    )


def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    statuses = [read_status(word) for word in question.words]
    asked = next((status for status in statuses if status is not JobStatus.UNKNOWN), None)
    aspect = next((each for each in Aspect if each in question.words), None)

    def answer(request_id: str) -> Awaitable[Card]:
        return _answer(context, request_id, asked, aspect)

    return one_by_one(question.request_ids, question.left_out, answer)


COMMAND = Command(
    name="eta",
    usage="eta <job>",
    summary="Say in one line how far a job is and when it will be done.",
    run=_run,
    changes=reads,
    right=anybody,
    form=Form(needs_id=True, takes_words=True),
)
