"""The help card, made from the list of commands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards.kit import actions
from bot.cards.kit.card import Card, button, context, header, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.text import code, escape, label, line, plain
from bot.cards.setup.answers import asked_for_setup
from bot.domain.commands.command_line import MAX_REQUEST_IDS
from bot.domain.permissions.administration import SetupOffer


@dataclass(frozen=True, slots=True)
class CommandHelp:
    """What help says of one command."""

    usage: str
    """As people type it, without the slash command: ``status <job>``."""
    summary: str
    """One short sentence; ``mrkdwn`` such as code font is kept."""
    is_setup: bool = False
    """It sets the bot up, which few may."""


_USAGE_CHARACTERS = 200
_EXAMPLE_CHARACTERS = 120
_WHERE = (
    "The same words work without the slash when you mention me in a channel, and without a mention in a"
    " direct message. In a thread about a job, a mention without an ID is enough."
)
_PASTE = (
    "Paste an ID any way you have it: bare, in quotes, in a link or in a sentence."
    f" Up to {MAX_REQUEST_IDS} IDs get a card each."
)

_SEARCH = "on its own opens search. *Check training job* in a message's menu shows the jobs it names."


def examples_card(examples: Sequence[str], *, slash_command: str, bot_name: str) -> Card:
    """Questions to try, with the way to every command.

    Args:
        examples: as people type them, with names of their jobs.
        slash_command: as people type it here.
        bot_name: as people type it behind an ``@``; empty until it is known.
    """
    shown = "\n".join(f"• {label(each)}" for each in examples)
    ways = [code(f"@{bot_name}", _USAGE_CHARACTERS)] if bot_name else []
    ways += [code(slash_command, _USAGE_CHARACTERS)]
    said = "; ".join(plain(each, _EXAMPLE_CHARACTERS) for each in examples)
    return Card(
        f"Ask in your own words, for example: {said}",
        [
            section(f"*Ask in your own words, for example:*\n{shown}"),
            context([f"In a channel, start with {' or '.join(ways)}"]),
            row_of([button("More", actions.HELP_MORE, "help"), button("Find a job", actions.FIND, "find")]),
        ],
    )


def help_card(
    commands: Sequence[CommandHelp], *, slash_command: str, offer: SetupOffer | None = None
) -> Card:
    """What can be asked, and where; with an ``offer``, setup only by whoever may, and others read who can."""
    may_not = offer is not None and not offer.is_granted
    commands = [each for each in commands if not (may_not and each.is_setup)]
    lines = [
        f"{code(f'{slash_command} {command.usage}', _USAGE_CHARACTERS)}\n{escape(line(command.summary))}"
        for command in commands
    ]
    usages = ", ".join(f"{slash_command} {escape(line(command.usage))}" for command in commands)
    blocks = [
        header("Ask about a training job"),
        *([section("\n\n".join(lines))] if lines else []),
        section(f"{_PASTE}\n{code(slash_command, _USAGE_CHARACTERS)} {_SEARCH}"),
        context([_WHERE]),
        *([context([asked_for_setup(offer)])] if offer is not None and may_not else []),
    ]
    return Card(f"You can ask: {usages}." if usages else "Ask about a training job.", blocks)
