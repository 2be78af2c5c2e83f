"""Direct messages to the admin: that the API key expires soon, and what went wrong in a week."""

from __future__ import annotations

from typing import Final

from bot.cards.kit.card import Card, section
from bot.cards.kit.phrases import count
from bot.cards.kit.text import code, date, plain
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.subscriptions.notifications.notices import KeyExpiry, WeeklyReport

_NAME_CHARACTERS: Final = 100
_COMMAND_CHARACTERS: Final = 200
_WHAT_THEN: Final = "From then on jobbot can't read any job."
_ISSUE: Final = "Issue a new key in Simplismart"
_SET_IT: Final = f"{_ISSUE}, set SIMPLISMART_API_TOKEN to it, and restart jobbot."


def key_expiry_card(notification: KeyExpiry, recipient: Recipient) -> Card:
    """What expires and when, what that means, what to do."""
    org = plain(recipient.subscription.org_id, _NAME_CHARACTERS)
    whose = f" for {org}" if org else ""
    expires = notification.expires_at
    on = f" on {date(expires)}" if expires else " soon"
    spoken_on = f" on {expires:%Y-%m-%d %H:%M} UTC" if expires else " soon"
    setup = code(f"{recipient.slash_command} setup", _COMMAND_CHARACTERS)
    what_to_do = f"{_ISSUE} and enter it in {setup}." if notification.is_set_up else _SET_IT
    return Card(
        f"The Simplismart API key{whose} expires{spoken_on}. {_WHAT_THEN} {what_to_do}",
        [section(f"🔑 *The Simplismart API key{whose} expires{on}.*\n{_WHAT_THEN}\n{what_to_do}")],
    )


def weekly_report_card(notification: WeeklyReport, recipient: Recipient) -> Card:
    """One line, and where to look."""
    happened = [
        f"{count(notification.parked, 'message')} parked" if notification.parked else "",
        f"{count(notification.limited, 'call')} limited by Slack" if notification.limited else "",
        f"{count(notification.late, 'job end')} reported late" if notification.late else "",
    ]
    said = f"Last week: {', '.join(filter(None, happened))}."
    where = f"{code(f'{recipient.slash_command} health', _COMMAND_CHARACTERS)} says how jobbot is now."
    return Card(f"{said} {where}", [section(f"📋 *{said}*\n{where}")])
