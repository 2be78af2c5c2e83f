"""How one kind of notification becomes a card."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.cards.kit.card import Card
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.domain.job import MetricPoint
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Subscription

Payload = TypeVar("Payload", bound=Notification)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose thread a notification is for."""

    subscription: Subscription
    """Of a failure its subscribers are mentioned, of an alert who set it."""
    slash_command: str
    """As people type it here."""
    settings: CardSettings = NOTHING_SET
    points: Sequence[MetricPoint] = ()
    """What the job has logged, where `Notification.wants_metrics` and it came in time."""
    mention: str = ""
    """The ID of a user group that is mentioned where the job failed."""
    hidden_findings: Collection[str] = ()
    """Findings that people do not want to get for this job again."""
    in_groups: Sequence[str] = ()
    """Of a feed's post: who is told by it alone that a job of their group failed."""


@dataclass(frozen=True, slots=True)
class Renderer(Generic[Payload]):
    """A class of notifications, and the function that draws them."""

    payload: type[Payload]
    draw: Callable[[Payload, Recipient], Card]

    def card(self, notification: Notification, recipient: Recipient) -> Card:
        """The message for one of its class.

        Raises:
            TypeError: it is of another class.
        """
        if not isinstance(notification, self.payload):
            msg = f"a notification of the kind {notification.kind!r} is drawn as {self.payload.kind!r}"
            raise TypeError(msg)
        return self.draw(notification, recipient)
