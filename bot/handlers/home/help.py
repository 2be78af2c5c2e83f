"""``/job help``: questions to try, and behind [More] the commands, made from the registry."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache

from bot.cards.home.help import CommandHelp, examples_card, help_card
from bot.cards.kit.card import Card
from bot.domain.commands.sentences.examples import example_questions
from bot.domain.permissions.administration import SetupOffer
from bot.handlers.kit.button_press import ButtonPress, to_presser
from bot.handlers.kit.command import Command, Question, anybody, reads
from bot.handlers.kit.context import Context
from bot.handlers.rights.admission import may_set_up


def _instantly(context: Context, _question: Question) -> Card:
    listing = context.training_api.recall_jobs()
    examples = tuple(example_questions(() if listing is None else listing.jobs))
    return _examples(examples, context.slash_command, context.login.bot_name)


@lru_cache(maxsize=8)
def _examples(examples: tuple[str, ...], slash_command: str, bot_name: str) -> Card:
    return examples_card(examples, slash_command=slash_command, bot_name=bot_name)


@lru_cache(maxsize=8)
def _all_commands(commands: tuple[CommandHelp, ...], slash_command: str, offer: SetupOffer) -> Card:
    return help_card(commands, slash_command=slash_command, offer=offer)


async def more(context: Context, pressed: ButtonPress) -> None:
    """Every command that the presser can use, for their eyes."""
    offer = await may_set_up(context, pressed.place)
    await to_presser(context, pressed)(_all_commands(context.help, context.slash_command, offer))


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    yield _instantly(context, question)


COMMAND = Command(
    name="help",
    usage="help",
    summary="Show what you can ask, and every command.",
    run=_run,
    changes=reads,
    right=anybody,
    instantly=_instantly,
    shows_no_job=True,
)
