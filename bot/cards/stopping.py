"""The button that ends a subscription for everybody, with the question before it."""

from __future__ import annotations

from typing import Any

from bot.cards import actions
from bot.cards.card import button, confirmation
from bot.cards.subject import spoken
from bot.domain.subscription import Subscription


def stop_for_all_button(subscription: Subscription, name: str | None) -> dict[str, Any]:
    """[Stop for all]. ``name`` is the experiment's, where it is known."""
    question = confirmation(
        "Stop for all?",
        f"Nobody will hear of {spoken(name, subscription.request_id)} there any more.",
        yes="Stop for all",
    )
    return button("Stop for all", actions.STOP_FOR_ALL, subscription.id, confirm=question)
