"""Who is subscribed to a job here, as its card says it: a remark, and the button to start or to stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.cards.kit import actions
from bot.cards.kit.phrases import count
from bot.cards.kit.text import date
from bot.domain.subscriptions.subscription import Ending

_WHY: Final = {
    Ending.UNSUBSCRIBED: "everyone has unsubscribed",
    Ending.FINISHED: "the job has finished",
    Ending.EXPIRED: "30 days have passed",
    Ending.JOB_GONE: "Simplismart no longer has the job",
    Ending.JOB_REFUSED: "Simplismart rejects this job ID",
    Ending.CANNOT_POST: "Slack accepts no messages here",
    Ending.THREAD_GONE: "the thread was deleted",
    Ending.CARD_GONE: "the card was deleted",
    Ending.NOTHING_TO_FOLLOW: "there is nothing to subscribe to",
    Ending.FEED_OFF: "the channel's feed was turned off",
    Ending.RECONNECTED: "this organization is no longer connected here",
}

_FED: Final = "📣 Posted by this channel's feed"


@dataclass(frozen=True, slots=True)
class CardSubscription:
    """What is known of the subscription to a job in one conversation."""

    people: int
    """How many people are subscribed there."""
    is_mine: bool | None = None
    """Whether the one reader is among them; None for a card that everybody reads."""
    ended: Ending | None = None
    """Why it ended; None while it has not."""
    at: datetime | None = None
    """When it ended (aware, UTC), where that is known."""
    is_fed: bool = False
    """The channel's feed posted it, and nobody has joined since."""


def following_remark(following: CardSubscription | None) -> str:
    """Who is subscribed, in a few words of ``mrkdwn``; empty where nobody ever did."""
    if following is None:
        return ""
    if following.is_fed and following.is_mine is None and following.ended in {None, Ending.FINISHED}:
        return _FED if following.ended else f"{_FED} · updates in the thread"
    if following.ended is not None:
        since = f" {date(following.at)}" if following.at else ""
        return f"🔕 Updates ended{since}: {_WHY[following.ended]}"
    return _followers(following)


def _followers(following: CardSubscription) -> str:
    if following.is_mine:
        others = following.people - 1
        you = f"You and {count(others, 'other')} are" if others > 0 else "You're"
        return f"🔔 {you} subscribed here"
    if following.people <= 0:
        return ""
    if following.is_mine is None:
        return f"🔔 {_people(following.people)} subscribed · updates in the thread"
    return f"🔔 {_people(following.people)} {'is' if following.people == 1 else 'are'} subscribed here"


def following_button(following: CardSubscription | None) -> tuple[str, str]:
    """The words and the action of the one button: to its one reader the one that changes something.

    On a card that everybody reads it is always [Subscribe]: whoever is subscribed is told so.
    """
    if following is not None and following.is_mine and following.ended is None:
        return "Unsubscribe", actions.UNSUBSCRIBE
    return "Subscribe", actions.SUBSCRIBE


def _people(many: int) -> str:
    return f"{many:,} {'person' if many == 1 else 'people'}"
