"""``/job <request_id>``: the card of a job, or of up to five."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from functools import lru_cache

from bot.cards.card import Card
from bot.cards.job import job_card
from bot.domain.errors import TrainingApiError
from bot.domain.ports import Snapshot
from bot.handlers.command import Command, Question
from bot.handlers.context import Context
from bot.handlers.failures import failure_card


def card_of(context: Context, snapshot: Snapshot, request_id: str, question: Question) -> Card:
    """The job's card, as it looks now, for who asked."""
    now = context.clock.now().replace(microsecond=0)
    return _card(snapshot, request_id, now, question.is_private, _left_out(question, request_id))


def _left_out(question: Question, request_id: str) -> int:
    """The last card says how many ids are not answered."""
    return question.left_out if request_id == question.request_ids[-1] else 0


@lru_cache(maxsize=32)  # each keeps its job's document alive, of up to 2 MiB
def _card(snapshot: Snapshot, request_id: str, now: datetime, shareable: bool, left_out: int) -> Card:  # noqa: FBT001  (lru_cache keys are quickest by position)
    """Drawn once a second for each answer, however many ask: when a job fails, everybody does."""
    return job_card(snapshot, request_id=request_id, now=now, shareable=shareable, left_out=left_out)


async def look_up(context: Context, request_id: str, question: Question, *, refresh: bool = False) -> Card:
    """The card of one job, or the card of what went wrong."""
    try:
        snapshot = await context.training_api.job(request_id, refresh=refresh)
    except TrainingApiError as error:
        return failure_card(context, error, request_id, left_out=_left_out(question, request_id))
    return card_of(context, snapshot, request_id, question)


def _instantly(context: Context, question: Question) -> Card | None:
    if len(question.request_ids) != 1:
        return None
    (request_id,) = question.request_ids
    snapshot = context.training_api.peek(request_id)
    return None if snapshot is None else card_of(context, snapshot, request_id, question)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    look_ups = [
        asyncio.ensure_future(look_up(context, request_id, question)) for request_id in question.request_ids
    ]
    try:
        for each in look_ups:
            yield await each
    finally:
        for each in look_ups:
            each.cancel()


COMMAND = Command(
    name="status",
    usage="status <request_id>",
    summary="Shows a job's card: status, progress, model, errors. The word `status` may be left out.",
    run=_run,
    instantly=_instantly,
)
