"""What somebody reads whom the bot does not answer."""

from __future__ import annotations

from bot.cards.kit.card import Card, section


def stranger_card() -> Card:
    """For people of another company in a shared channel."""
    said = "I only answer members of the workspace I'm installed in."
    rest = "Training jobs are private to it. Ask one of its members for what you need."
    return Card(f"{said} {rest}", [section(f"*{said}* {rest}")])


def not_ready_card() -> Card:
    """For everybody, while Slack has not told the bot which workspace is its own."""
    said = "I can't answer just yet."
    rest = (
        "I have just started, and Slack hasn't told me which workspace I'm installed in, so I can't check"
        " who is asking. Try again in a minute."
    )
    return Card(f"{said} {rest}", [section(f"*{said}* {rest}")])
