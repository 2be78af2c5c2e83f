"""``/job help``: the commands, as a card made from the registry."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.cards.card import Card
from bot.cards.help import help_card
from bot.handlers.command import Command, Question
from bot.handlers.context import Context


def _instantly(context: Context, _question: Question) -> Card:
    return help_card(context.help, slash_command=context.slash_command)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    yield _instantly(context, question)


COMMAND = Command(
    name="help",
    usage="help",
    summary="Shows what you can ask.",
    run=_run,
    instantly=_instantly,
)
