"""What is answered to somebody who unsubscribes from a job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.cards.kit import actions
from bot.cards.kit.card import Card, button, confirmation, context, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import short_ids
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
    """The outcome of unsubscribing, and of trying to.

    Args:
        left: the outcome.
        request_id: the id that was asked for.
        slash_command: as people type it here.
        name: the experiment's name, where it is known.
        elsewhere: the asker's subscriptions to the job in other conversations, where they have none here.
    """
    subscription = left.subscription
    goes_on = subscription is not None and subscription.is_active
    if left.was_subscriber:
        others = (
            f" {_others(subscription, ' still subscribed')}, so updates continue in the thread."
            if subscription and goes_on
            else ""
        )
        return _card("🔕 You've unsubscribed from", f"here.{others}", request_id, name)
    if subscription is None or not goes_on:
        command = "" if elsewhere else f"{slash_command} subscribe {short_ids(request_id)}"
        return _with_elsewhere(
            _card("No one is subscribed to", "here.", request_id, name, command), elsewhere
        )
    card = _card("You aren't subscribed to", f"here. {_others(subscription)}.", request_id, name)
    stop_here = row_of([stop_for_all_button(subscription, name)])
    return _with_elsewhere(Card(card.text, [*card.blocks, stop_here]), elsewhere)


def left_all_card(jobs: Sequence[tuple[str | None, str]]) -> Card:
    """The asker has unsubscribed from all of these: each a name, and the ID."""
    if not jobs:
        said = "You aren't subscribed to any job."
        return Card(said, [section(said)])
    what = "your only subscription" if len(jobs) == 1 else f"all {len(jobs):,} of your subscriptions"
    shown = ", ".join(named(*each) for each in jobs[:_MOST])
    spoken_names = ", ".join(spoken(*each) for each in jobs[:_MOST])
    more = f" and {len(jobs) - _MOST:,} more" if len(jobs) > _MOST else ""
    return Card(
        f"You've ended {what}: {spoken_names}{more}.", [section(f"🔕 You've ended {what}: {shown}{more}.")]
    )


def left_elsewhere_card(subscription: Subscription, *, name: str | None = None) -> Card:
    """The asker has unsubscribed from a job in another conversation."""
    card = _card("🔕 You've unsubscribed from", f"in {_place(subscription)}.", subscription.request_id, name)
    return Card(f"You've unsubscribed from {spoken(name, subscription.request_id)} there.", card.blocks)


def stopped_card(subscription: Subscription | None, *, slash_command: str, name: str | None = None) -> Card:
    """A subscription ended for all; None where it had ended before."""
    if subscription is None:
        said = "Already stopped. No one is subscribed to that job there."
        return Card(said, [section(said)])
    request_id = subscription.request_id
    command = f"{slash_command} subscribe {short_ids(request_id)}"
    return _card("🔕 Stopped. No one gets updates on", "there anymore.", request_id, name, command)


def _with_elsewhere(card: Card, elsewhere: Sequence[Subscription]) -> Card:
    """The card with where else the asker is subscribed, each with a button to stop that."""
    if not elsewhere:
        return card
    lines = [
        section(f"You're subscribed in {_place(each)}.", button("Stop", actions.STOP, each.id))
        for each in elsewhere[:_MOST]
    ]
    more = len(elsewhere) - _MOST
    lines += [context([f"and in {more:,} more"])] if more > 0 else []
    many = len(elsewhere)
    where = "another conversation" if many == 1 else f"{many:,} other conversations"
    return Card(f"{card.text} You're subscribed in {where}.", [*card.blocks, *lines])


def _place(subscription: Subscription) -> str:
    return place(subscription.channel_id) or "another conversation"


def _others(subscription: Subscription, still: str = "") -> str:
    if subscription.is_fed:
        return "This channel's feed posted it"
    many = len(subscription.subscribers)
    return f"1 other person is{still}" if many == 1 else f"{many:,} other people are{still}"


def _card(before: str, after: str, request_id: str, name: str | None, command: str = "") -> Card:
    """A sentence around the job's name, and the command to subscribe to it."""
    shown = f"{before} {named(name, request_id)} {after}"
    said = f"{before.removeprefix('🔕 ')} {spoken(name, request_id)} {after}"
    if command:
        shown = f"{shown}\nTo subscribe: {code(command, _COMMAND_CHARACTERS)}"
        said = f"{said} To subscribe, type {plain(command, _COMMAND_CHARACTERS)}."
    return Card(said, [section(shown)])


def stop_for_all_button(subscription: Subscription, name: str | None) -> dict[str, Any]:
    """[Stop for all]. ``name`` is the experiment's, where it is known."""
    question = confirmation(
        "Stop for all?",
        f"No one will get updates about {spoken(name, short_ids(subscription.request_id))} there anymore.",
        yes="Stop for all",
    )
    return button("Stop for all", actions.STOP_FOR_ALL, subscription.id, confirm=question)
