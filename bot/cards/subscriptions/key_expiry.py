"""The direct message to the admin before Simplismart's training API key expires."""

from __future__ import annotations

from typing import Final

from bot.cards.kit.card import Card, section
from bot.cards.kit.text import date, plain
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.subscriptions.notifications.notices import KeyExpiry

_NAME_CHARACTERS: Final = 100
_WHAT_THEN: Final = "From then on jobbot can't read any job."
_WHAT_TO_DO: Final = "Issue a new key in Simplismart, set SIMPLISMART_API_TOKEN to it, and restart jobbot."


def key_expiry_card(notification: KeyExpiry, recipient: Recipient) -> Card:
    """What expires and when, what that means, what to do."""
    org = plain(recipient.subscription.org_id, _NAME_CHARACTERS)
    whose = f" for {org}" if org else ""
    expires = notification.expires_at
    on = f" on {date(expires)}" if expires else " soon"
    spoken_on = f" on {expires:%Y-%m-%d %H:%M} UTC" if expires else " soon"
    return Card(
        f"The Simplismart API key{whose} expires{spoken_on}. {_WHAT_THEN} {_WHAT_TO_DO}",
        [section(f"🔑 *The Simplismart API key{whose} expires{on}.*\n{_WHAT_THEN}\n{_WHAT_TO_DO}")],
    )
