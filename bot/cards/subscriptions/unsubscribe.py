"""What is answered to somebody who stops following a job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.cards.kit import actions
from bot.cards.kit.card import Card, button, confirmation, context, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.phrases import named, spoken
from bot.cards.kit.references import place
from bot.cards.kit.text import code, plain
from bot.domain.subscriptions.subscription import Left, Subscription

_COMMAND_CHARACTERS: Final = 200
_MOST: Final = 5
"""Conversations that are named."""


def unsubscribed_card(
    left: Left,
    *,
    request_id: str,
    slash_command: str,
    name: str | None = None,
    elsewhere: Sequence[Subscription] = (),
) -> Card:
    """What came of leaving, and of trying to.

    Args:
        left: what came of it.
        request_id: the id that was asked for.
        slash_command: as people type it here.
        name: the experiment's name, where it is known.
        elsewhere: by which the asker follows the job in other conversations, where they do not here.
    """
    subscription = left.subscription
    goes_on = subscription is not None and subscription.is_active
    if left.was_subscriber:
        others = (
            f" {_others(subscription, ' still')}, so the thread goes on." if subscription and goes_on else ""
        )
        return _card("🔕 You no longer follow", f"here.{others}", request_id, name)
    if subscription is None or not goes_on:
        command = "" if elsewhere else f"{slash_command} subscribe {request_id}"
        return _with_elsewhere(_card("Nobody follows", "here.", request_id, name, command), elsewhere)
    card = _card("You do not follow", f"here. {_others(subscription)}.", request_id, name)
    stop_here = row_of([stop_for_all_button(subscription, name)])
    return _with_elsewhere(Card(card.text, [*card.blocks, stop_here]), elsewhere)


def left_elsewhere_card(subscription: Subscription, *, name: str | None = None) -> Card:
    """The asker no longer follows a job in another conversation."""
    card = _card("🔕 You no longer follow", f"in {_place(subscription)}.", subscription.request_id, name)
    return Card(f"You no longer follow {spoken(name, subscription.request_id)} there.", card.blocks)


def stopped_card(subscription: Subscription | None, *, slash_command: str, name: str | None = None) -> Card:
    """A subscription ended for all; None where it had ended before."""
    if subscription is None:
        said = "That had ended already: nobody follows it there."
        return Card(said, [section(said)])
    request_id = subscription.request_id
    command = f"{slash_command} subscribe {request_id}"
    return _card("🔕 Stopped: nobody follows", "there any more.", request_id, name, command)


def _with_elsewhere(card: Card, elsewhere: Sequence[Subscription]) -> Card:
    """The card with where else the asker follows the job, each with a button to stop that."""
    if not elsewhere:
        return card
    lines = [
        section(f"You follow it in {_place(each)}.", button("Stop", actions.STOP, each.id))
        for each in elsewhere[:_MOST]
    ]
    more = len(elsewhere) - _MOST
    lines += [context([f"and in {more:,} more"])] if more > 0 else []
    many = len(elsewhere)
    where = "another conversation" if many == 1 else f"{many:,} other conversations"
    return Card(f"{card.text} You follow it in {where}.", [*card.blocks, *lines])


def _place(subscription: Subscription) -> str:
    return place(subscription.channel_id) or "another conversation"


def _others(subscription: Subscription, still: str = "") -> str:
    if subscription.is_fed:
        return "This channel's feed posted it"
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


def stop_for_all_button(subscription: Subscription, name: str | None) -> dict[str, Any]:
    """[Stop for all]. ``name`` is the experiment's, where it is known."""
    question = confirmation(
        "Stop for all?",
        f"Nobody will hear of {spoken(name, subscription.request_id)} there any more.",
        yes="Stop for all",
    )
    return button("Stop for all", actions.STOP_FOR_ALL, subscription.id, confirm=question)
