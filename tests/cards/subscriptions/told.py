"""One notification of a kind, drawn for a thread with two subscribers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.kit.card import Card
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.subscriptions.notification import RENDERERS, notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.job import MetricPoint
from bot.domain.subscriptions.notifications.notices import (
    ChannelDigest,
    KeyExpiry,
    WeeklyReport,
)
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Subscription
from tests.cards.shown import NOW, words

SUBSCRIPTION = Subscription(
    id="5f0d7e52",
    team_id="T0123ABC",
    channel_id="C0123ABC",
    org_id="org",
    request_id=REQUEST_ID,
    created_at=NOW,
    subscribers=("U0123ABC", "U0456DEF"),
)
TOLD = [
    each.payload
    for each in RENDERERS.values()
    if each.payload not in {ChannelDigest, KeyExpiry, WeeklyReport}
]


def card_of_kind(
    kind: type[Notification],
    subscription: Subscription = SUBSCRIPTION,
    *,
    settings: CardSettings = NOTHING_SET,
    points: Sequence[MetricPoint] = (),
    **fields: Any,
) -> Card:
    """The message for one of this kind, with these facts."""
    notification = kind(once_key="once", at=NOW, **{"name": "support-v3", **fields})
    return notification_card(notification, Recipient(subscription, "/train", settings, points))


def shown_of_kind(kind: type[Notification], **fields: Any) -> str:
    """The words of it."""
    return words(card_of_kind(kind, **fields).message())
