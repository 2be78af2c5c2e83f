"""What is answered to somebody who stops following a job."""

from __future__ import annotations

from typing import Final

from bot.cards.card import Card, section
from bot.cards.card import actions as row_of
from bot.cards.stopping import stop_for_all_button
from bot.cards.subject import named, spoken
from bot.cards.text import code, plain
from bot.domain.subscription import Left, Subscription

_COMMAND_CHARACTERS: Final = 200


def unsubscribed_card(left: Left, *, request_id: str, slash_command: str, name: str | None = None) -> Card:
    """What came of leaving, and of trying to.

    Args:
        left: what came of it.
        request_id: the id that was asked for.
        slash_command: as people type it here.
        name: the experiment's name, where it is known.
    """
    subscription = left.subscription
    goes_on = subscription is not None and subscription.is_active
    if left.was_subscriber:
        others = (
            f" {_others(subscription, ' still')}, so the thread goes on." if subscription and goes_on else ""
        )
        return _card("🔕 You no longer follow", f"here.{others}", request_id, name)
    if subscription is None or not goes_on:
        command = f"{slash_command} watch {request_id}"
        return _card("Nobody follows", "here.", request_id, name, command)
    card = _card("You do not follow", f"here. {_others(subscription)}.", request_id, name)
    return Card(card.text, [*card.blocks, row_of([stop_for_all_button(subscription, name)])])


def stopped_card(subscription: Subscription | None, *, slash_command: str, name: str | None = None) -> Card:
    """A subscription ended for all; None where it had ended before."""
    if subscription is None:
        said = "That had ended already: nobody follows it there."
        return Card(said, [section(said)])
    request_id = subscription.request_id
    command = f"{slash_command} watch {request_id}"
    return _card("🔕 Stopped: nobody follows", "there any more.", request_id, name, command)


def _others(subscription: Subscription, still: str = "") -> str:
    many = len(subscription.subscribers)
    return f"1 other{still} does" if many == 1 else f"{many:,} others{still} do"


def _card(before: str, after: str, request_id: str, name: str | None, command: str = "") -> Card:
    """A sentence around the job's name, and the command that follows the job."""
    shown = f"{before} {named(name, request_id)} {after}"
    said = f"{before.removeprefix('🔕 ')} {spoken(name, request_id)} {after}"
    if command:
        shown = f"{shown}\nTo follow it: {code(command, _COMMAND_CHARACTERS)}"
        said = f"{said} To follow it, type {plain(command, _COMMAND_CHARACTERS)}."
    return Card(said, [section(shown)])
