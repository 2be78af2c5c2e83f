"""``/job subscribe <job>``: a card that stays up to date, and updates in its thread."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.errors import StoreError, TrainingApiError
from bot.domain.ports import Snapshot
from bot.domain.subscriptions.alerts.alerts import objection
from bot.handlers.kit.command import Command, Question, changes
from bot.handlers.kit.context import Context
from bot.handlers.kit.destination import Destination, Refusal, Unchecked, destination
from bot.handlers.kit.failures import failure_card, left_out_card
from bot.handlers.subscriptions.group import subscribe_to_group
from bot.handlers.subscriptions.subscribe import (
    DM,
    MODES,
    QUIET,
    as_line,
    follow,
    to_subscribe,
    wish_of,
)
from bot.tasks import beside


async def run(context: Context, question: Question) -> AsyncIterator[Card]:
    """Subscribe to each job, and answer for each; to a group as a whole."""
    if question.group is not None:
        if (answer := await subscribe_to_group(context, question, question.group)) is not None:
            yield answer
        return
    async with beside(*(_look(context, each) for each in question.request_ids)) as looks:
        where = await destination(context, question.place, in_dm=DM in question.options)
        for request_id, look in zip(question.request_ids, looks, strict=True):
            card = await _subscribe(context, question, where, request_id, await look)
            if request_id == question.request_ids[-1]:
                card = left_out_card(context, question.left_out, card)
            if card is not None:
                yield card


async def _look(context: Context, request_id: str) -> Snapshot | TrainingApiError:
    try:
        # What was known a moment ago may have ended since, and what has ended may run again.
        return await context.training_api.job(request_id, refresh=True)
    except TrainingApiError as error:
        return error


async def _subscribe(
    context: Context,
    question: Question,
    where: Destination | Refusal | Unchecked,
    request_id: str,
    seen: Snapshot | TrainingApiError,
) -> Card | None:
    """What is said about one job; None where its card, just posted, is enough."""
    if isinstance(seen, TrainingApiError):
        return failure_card(context, seen, request_id)
    if not isinstance(where, Destination):
        return where.card(context, question.place, request_id)
    condition = " ".join(question.words)
    if condition:
        refused = objection(read_condition(condition), seen.job, context.card_settings.gpu_hour_prices)
        if refused is not None:
            return failure_card(context, as_line(refused, question, request_id), request_id)
    try:
        wish = await wish_of(context, question.place, where, request_id, question.options)
        wish = replace(wish, condition=condition)
        answer = await follow(context, wish, seen, asked_in=question.place, says_all=question.is_private)
    except StoreError as error:
        return failure_card(context, error)
    return answer.card


COMMAND = Command(
    name="subscribe",
    usage="subscribe <job>|name:sweep-* [milestones|final|failures] [quiet] [dm] [when eval_loss < 1.2]",
    summary="Get updates on a job, or on all jobs that fit: a live card plus a thread."
    " Add `when eval_loss < 1.2` to be pinged once.",
    run=run,
    changes=changes,
    right=to_subscribe,
    form=Form(needs_id=True, options=(MODES, (QUIET,), (DM,)), takes_condition=True, takes_groups=True),
    aliases=("watch", "follow"),
    is_personal=True,
)
