"""``/job help``: the commands, as a card made from the registry."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache

from bot.cards.home.help import CommandHelp, help_card
from bot.cards.kit.card import Card
from bot.handlers.kit.command import Command, Question, reads
from bot.handlers.kit.context import Context


def _instantly(context: Context, _question: Question) -> Card:
    return _card(context.help, context.slash_command)


@lru_cache(maxsize=8)
def _card(commands: tuple[CommandHelp, ...], slash_command: str) -> Card:
    return help_card(commands, slash_command=slash_command)


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    yield _instantly(context, question)


COMMAND = Command(
    name="help",
    usage="help",
    summary="Show this help.",
    run=_run,
    changes=reads,
    instantly=_instantly,
)
