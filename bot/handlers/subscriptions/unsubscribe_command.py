"""``/job unsubscribe <job>``: no more updates on the job in this conversation; ``all``: on none anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.cards.kit.card import Card
from bot.domain.commands.command_line import Form
from bot.domain.errors import StoreError
from bot.domain.groups.group import subject_of
from bot.handlers.kit.command import Command, Question, anybody, changes, one_by_one
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.subscriptions.unsubscribe import leave, leave_all


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    if question.words == ("all",):
        try:
            yield await leave_all(context, question.place)
        except StoreError as error:
            yield failure_card(context, error)
    if question.group is not None and question.group.refusal is not None:
        yield failure_card(context, question.group.refusal)
        return
    subjects = (subject_of(question.group.query),) if question.group else question.request_ids

    async def answer(subject: str) -> Card:
        try:
            return await leave(context, question.place, subject)
        except StoreError as error:
            return failure_card(context, error)

    async for card in one_by_one(subjects, question.left_out, answer):
        yield card


COMMAND = Command(
    name="unsubscribe",
    usage="unsubscribe <job>|name:sweep-*|all",
    summary="Stop getting updates on a job here, or on all jobs everywhere.",
    run=_run,
    changes=changes,
    right=anybody,
    form=Form(needs_id=True, takes_groups=True),
    aliases=("unwatch",),
    is_personal=True,
    prefers_followed=True,
    shows_no_job=True,
)
