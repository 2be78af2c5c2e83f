"""``/job <request_id>``: the card of a job, or of up to five."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from functools import lru_cache

import structlog

from bot.cards.jobs.job import job_card
from bot.cards.jobs.job_lines import JobFacts
from bot.cards.kit.card import Card
from bot.cards.kit.card_settings import CardSettings
from bot.domain.commands.command_line import Form
from bot.domain.errors import SlackError, TrainingApiError
from bot.domain.ports import Snapshot
from bot.domain.ports.monitoring import Endpoint
from bot.handlers.kit.button_press import ButtonPress, replace
from bot.handlers.kit.card_subscription import following
from bot.handlers.kit.command import Command, Question, anybody, reads
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.job_facts import facts_at_hand, facts_of, logged_of
from bot.tasks import LIGHT, aside_if_heavy, beside, weight_of

_log = structlog.stdlib.get_logger(__name__)


async def card_of(
    context: Context, snapshot: Snapshot, request_id: str, question: Question, facts: JobFacts
) -> Card:
    """The job's card, as it looks now, for who asked; ``facts`` are what is known beside its document."""
    return await aside_if_heavy(
        weight_of(snapshot), lambda: _card_now(context, snapshot, request_id, question, facts)
    )


def _card_now(
    context: Context, snapshot: Snapshot, request_id: str, question: Question, facts: JobFacts
) -> Card:
    now = context.clock.now().replace(microsecond=0)
    left_out = _left_out(question, request_id)
    return _card(snapshot, request_id, now, question.is_private, left_out, facts, context.card_settings)


def _left_out(question: Question, request_id: str) -> int:
    """The last card says how many ids are not answered."""
    return question.left_out if request_id == question.request_ids[-1] else 0


@lru_cache(maxsize=32)  # each keeps its job's document alive, of up to 2 MiB
def _card(  # noqa: PLR0913, PLR0917  (lru_cache keys are quickest by position)
    snapshot: Snapshot,
    request_id: str,
    now: datetime,
    shareable: bool,  # noqa: FBT001  (as above)
    left_out: int,
    facts: JobFacts,
    settings: CardSettings,
) -> Card:
    """Drawn once a second for each answer, however many ask: when a job fails, everybody does."""
    return job_card(
        snapshot,
        request_id=request_id,
        now=now,
        shareable=shareable,
        left_out=left_out,
        facts=facts,
        settings=settings,
    )


async def look_up(context: Context, request_id: str, question: Question, *, refresh: bool = False) -> Card:
    """The card of one job, or the card of what went wrong."""
    # All three are asked at the same time, so that the card waits for the slowest one alone.
    asking = following(context, question.place, request_id, is_private=question.is_private)
    try:
        async with beside(asking) as [followed], beside(logged_of(context, request_id)) as [logged]:
            snapshot = await context.training_api.job(request_id, refresh=refresh)
            facts = await facts_of(context, request_id, snapshot, followed, logged)
            return await card_of(context, snapshot, request_id, question, facts)
    except TrainingApiError as error:
        return failure_card(context, error, request_id, left_out=_left_out(question, request_id))


async def card_again(context: Context, pressed: ButtonPress, request_id: str) -> Card:
    """The pressed card as it is now.

    Raises:
        TrainingApiError: there is no job to draw.
    """
    question = Question("status", (request_id,), pressed.place, is_private=pressed.is_private)
    seen = await context.training_api.job(request_id)
    followed = following(context, pressed.place, request_id, is_private=pressed.is_private)
    facts = await facts_of(context, request_id, seen, followed)
    return await card_of(context, seen, request_id, question, facts)


async def redraw(context: Context, pressed: ButtonPress, request_id: str) -> None:
    """The pressed card as it is now, after something about the job was changed.

    Where that fails the card stays as it is: what was asked for is done all the same.
    """
    try:
        await replace(context, pressed, await card_again(context, pressed, request_id))
    except (TrainingApiError, SlackError) as error:
        _log.info("the card stays as it is", request_id=request_id, detail=error.detail)


def _instantly(context: Context, question: Question) -> Card | None:
    if len(question.request_ids) != 1:
        return None
    (request_id,) = question.request_ids
    snapshot = context.training_api.peek(request_id)
    if snapshot is None or weight_of(snapshot) > LIGHT:
        return None
    facts = facts_at_hand(context, question.place, request_id, snapshot, is_private=question.is_private)
    if facts is None:
        return None
    # What is not known without I/O is asked of the cache again, and counted there.
    context.measures.cached(Endpoint.JOB, is_hit=True)
    return _card_now(context, snapshot, request_id, question, facts)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    asking = (look_up(context, request_id, question) for request_id in question.request_ids)
    async with beside(*asking) as look_ups:
        for each in look_ups:
            yield await each


COMMAND = Command(
    name="status",
    usage="status <job>",
    summary="Show a job's status, progress, model and errors. `status` is optional.",
    run=_run,
    changes=reads,
    right=anybody,
    instantly=_instantly,
    form=Form(needs_id=True),
)
