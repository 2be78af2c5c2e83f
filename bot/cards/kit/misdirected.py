"""What somebody reads whose command, button or window is not one of this version of the bot."""

from __future__ import annotations

from typing import Final

from bot.cards.kit.card import Card, section
from bot.cards.kit.text import code, plain

_COMMAND_CHARACTERS: Final = 200


def other_command_card(typed: str, *, slash_command: str) -> Card:
    """A slash command that the app has, but that the bot is not set up for.

    Args:
        typed: the command, as Slack sent it.
        slash_command: the one that is answered.
    """
    return _card(
        "I don't answer {0}, only {1}.",
        "Type {2} to see what I can do. If it should be {0} here, your jobbot admin can set that as {3}.",
        (typed, slash_command, f"{slash_command} help", "SLASH_COMMAND"),
    )


def other_version_card(what: str, *, slash_command: str) -> Card:
    """Something was pressed or sent that nothing of this version has.

    Args:
        what: what it was: "button", "shortcut", "window".
        slash_command: as people type it here.
    """
    return _card(
        f"This {what} belongs to another version of me, so I don't know what it does.",
        "Type {0} for a job's card with its current buttons, or {1} to see what I can do.",
        (f"{slash_command} <job>", f"{slash_command} help"),
    )


def _card(fact: str, rest: str, typed: tuple[str, ...]) -> Card:
    """A fact, and what to do about it; ``typed`` is what stands in them as people type it."""
    shown, said = ([form(each, _COMMAND_CHARACTERS) for each in typed] for form in (code, plain))
    return Card(
        f"{fact} {rest}".format(*said), [section(f"⚠️ *{fact.format(*shown)}*\n{rest.format(*shown)}")]
    )
