"""``/job setup``: asked in words, the way to the window."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.cards.kit.card import Card
from bot.cards.setup.answers import denied_card, set_up_card
from bot.domain.commands.command_line import Form
from bot.domain.permissions.administration import Admission
from bot.handlers.kit.command import Command, Question, anybody, reads
from bot.handlers.kit.context import Context
from bot.handlers.setup.admission import admission
from bot.handlers.setup.opening import CHANNEL, NAME, home_of, place_in


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    found = await admission(context, home_of(context, question.place))
    if found is not Admission.GRANTED:
        yield denied_card(found, context.admin_user_id)
        return
    yield set_up_card(place_in(" ".join(question.options), question.place.channel_id))


COMMAND = Command(
    name=NAME,
    usage=f"{NAME} [{CHANNEL}]",
    summary="Connect a Simplismart organization, for the workspace or a channel. For admins.",
    run=_run,
    changes=reads,
    right=anybody,
    form=Form(options=((CHANNEL,),)),
    is_personal=True,
)
