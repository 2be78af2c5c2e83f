"""``/job setup``: asked in words, the way to the window."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.cards.kit.card import Card
from bot.cards.setup.answers import set_up_card
from bot.domain.commands.command_line import Form
from bot.domain.permissions.administration import AdminRight
from bot.handlers.kit.command import Command, Needed, Question, reads
from bot.handlers.kit.context import Context
from bot.handlers.setup.opening import CHANNEL, NAME, place_in


async def _run(_context: Context, question: Question) -> AsyncIterator[Card]:
    yield set_up_card(place_in(" ".join(question.options), question.place.channel_id))


def _to_set_up(_question: Question) -> Needed | None:
    return AdminRight.SETUP


COMMAND = Command(
    name=NAME,
    usage=f"{NAME} [{CHANNEL}]",
    summary="Connect a Simplismart organization, for the workspace or a channel. For admins.",
    run=_run,
    changes=reads,
    right=_to_set_up,
    form=Form(options=((CHANNEL,),)),
    is_personal=True,
)
