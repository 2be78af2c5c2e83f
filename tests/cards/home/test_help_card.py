"""The help card follows the list of commands and the slash command's name."""

from __future__ import annotations

from bot.cards.home.help import CommandHelp, help_card
from bot.playground.block_kit import message_problems
from tests.cards.shown import live_markup, words

COMMANDS = [
    CommandHelp("status <job>", "Shows a job's card. The word `status` may be left out."),
    CommandHelp("help", "Shows what you can ask."),
]


def test_lists_every_command() -> None:
    """Usage with the workspace's own slash command, and the summary."""
    card = help_card(COMMANDS, slash_command="/train").message()
    assert message_problems(card) == []
    assert live_markup(card) == []
    shown = words(card)
    assert "`/train status <job>`\nShows a job's card. The word `status` may be left out." in shown
    assert "`/train help`\nShows what you can ask." in shown
    assert card["text"] == "You can ask: /train status &lt;job&gt;, /train help."


def test_says_where_else_to_ask_and_what_to_paste() -> None:
    """Mentions and direct messages understand the same words."""
    shown = words(help_card(COMMANDS, slash_command="/job").message())
    assert "mention" in shown
    assert "direct message" in shown
    assert "link" in shown
    assert "`/job` on its own opens search." in shown
    assert "Check training job" in shown


def test_thirty_commands_fit() -> None:
    """The card grows with the list without breaking a limit."""
    many = [CommandHelp(f"command-{n} <job>", "Does something useful. " * 8) for n in range(30)]
    assert message_problems(help_card(many, slash_command="/job").message()) == []
    assert message_problems(help_card([], slash_command="/job").message()) == []
