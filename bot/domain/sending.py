"""The next step for a message that Slack took, refused or did not answer. Pure: decisions as values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.errors import (
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
    SlackPermissionError,
    SlackRevokedError,
)
from bot.domain.messages.settling import Settling
from bot.domain.messages.slack_messages import Posted
from bot.domain.ports import Edit, Later, Outcome, Over, Parked, Post, Sent
from bot.domain.ports.monitoring import SettlementOutcome
from bot.domain.retry_after import LONGEST_SECONDS
from bot.domain.subscriptions.notifications.registry import REGISTRY
from bot.domain.subscriptions.subscription import Ending

CHANNEL_PAUSE_SECONDS: Final = 1.0
"""Between two messages in one channel."""
EDIT_PAUSE_SECONDS: Final = 60 / 45
"""Between two edits in one workspace: Slack takes 50 in a minute, and somebody else may need a few."""
GIVE_UP_AFTER: Final = timedelta(days=1)
"""Age, since its first try, at which a message is tried no more."""
FIRST_PAUSE_SECONDS: Final = 2.0
LONGEST_PAUSE_SECONDS: Final = 600.0

_OPERATORS: Final = frozenset({"invalid_auth", "not_authed", "token_expired"})
"""The wrong token: as with a missing permission, an admin can put it right, and then the message goes."""
_CARD_GONE: Final = frozenset({"cant_update_message", "message_not_found"})
_REASON_CHARACTERS: Final = 500
_MOST_DOUBLINGS: Final = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one try came to, and for how many seconds its lane is left alone."""

    outcome: Outcome
    lane_seconds: float = 0.0
    error: SlackError | None = field(default=None, compare=False)
    """Why it was not sent, where Slack did not take it."""
    settlement: SettlementOutcome | None = field(default=None, compare=False)
    """What was found out of an earlier try, where that had to be."""


def pause_seconds(attempts: int, jitter: float) -> float:
    """How long to wait after so many tries (from 1): 2 s, 4 s, … up to 10 min, a quarter more or less.

    ``jitter`` is a random number from 0 to 1, so that many messages do not come back together.
    """
    doublings = min(max(attempts - 1, 0), _MOST_DOUBLINGS)
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * (1 << doublings)) * (0.75 + jitter / 2)


def _tries_within(time: timedelta) -> int:
    attempts, seconds = 1, 0.0
    while seconds < time.total_seconds():
        seconds += pause_seconds(attempts, 0.5)
        attempts += 1
    return attempts


EDIT_TRIES: Final = _tries_within(GIVE_UP_AFTER)
"""An edit does not know when it was first tried: so many tries take `GIVE_UP_AFTER`."""


def is_refused(error: SlackError) -> bool:
    """Whether Slack dislikes the message itself: it may take a plainer one, and never this one."""
    others = SlackConversationError | SlackRevokedError | SlackPermissionError
    return isinstance(error, SlackPermanentError) and not isinstance(error, others)


def failed_post(error: SlackError, post: Post, now: datetime, jitter: float) -> Verdict:
    """After `SlackGateway.send` raised ``error``; a refused message was tried in plain text before."""
    lane_seconds = _lane_seconds(error, CHANNEL_PAUSE_SECONDS)
    if _is_closed(error):
        return Verdict(Over(Ending.CANNOT_POST, error.slack_code), lane_seconds, error)
    if isinstance(error, SlackGoneError) and post.subscription.thread_ts is not None:
        return Verdict(Over(Ending.THREAD_GONE, error.slack_code), lane_seconds, error)
    may_have_happened = isinstance(error, SlackPassingError) and error.may_have_happened
    again = _again(error, post, now, jitter, may_have_happened=may_have_happened)
    return Verdict(again, lane_seconds, error)


def unsettled_post(
    error: SlackError, post: Post, now: datetime, jitter: float, settling: Settling | None = None
) -> Verdict:
    """Whether the message was sent could not be found out (yet), or a stray one not be deleted."""
    outcome = _again(error, post, now, jitter, may_have_happened=True)
    if isinstance(outcome, Later):
        outcome = replace(outcome, settling=settling)
    return Verdict(outcome, CHANNEL_PAUSE_SECONDS)


def failed_edit(error: SlackError, edit: Edit, now: datetime, jitter: float) -> Verdict:
    """After `SlackGateway.edit` raised ``error``; a refused card was tried in plain text before."""
    lane_seconds = _lane_seconds(error, EDIT_PAUSE_SECONDS)
    if _is_closed(error):
        return Verdict(Over(Ending.CANNOT_POST, error.slack_code), lane_seconds)
    if error.slack_code in _CARD_GONE:
        return Verdict(Over(Ending.CARD_GONE, error.slack_code), lane_seconds)
    # Other things that are gone, such as the time in which a workspace allows edits, leave the card standing.
    if isinstance(error, SlackGoneError) or is_refused(error) or edit.attempts >= EDIT_TRIES:
        return Verdict(Parked(_reason(error)), lane_seconds)
    return Verdict(_later(error, edit.attempts, now, jitter), lane_seconds)


def landed(post: Post, posted: Posted) -> Sent | None:
    """Where the message stands; None for a stray."""
    is_elsewhere = is_stray(post.subscription.thread_ts, posted)
    return None if is_elsewhere else Sent(posted.ts, posted.thread_ts or posted.ts)


def is_stray(thread_ts: str | None, posted: Posted) -> bool:
    """Whether Slack moved a reply in this thread to the channel itself: the thread's parent is gone.

    A stray that somebody answered is the root of a thread of its own.
    """
    return thread_ts is not None and (posted.thread_ts or posted.ts) == posted.ts


def homeless(post: Post) -> Parked | None:
    """Why a reply cannot go: without its card, nobody in the channel would know what it is about."""
    if post.subscription.thread_ts is None and REGISTRY[post.notification.kind].is_in_thread:
        return Parked("the card that opens its thread was not posted")
    return None


def _is_closed(error: SlackError) -> bool:
    closed = isinstance(error, SlackConversationError | SlackRevokedError)
    return closed and error.slack_code not in _OPERATORS


def _again(
    error: SlackError, post: Post, now: datetime, jitter: float, *, may_have_happened: bool
) -> Later | Parked:
    if is_refused(error) or now - post.first_try_at >= GIVE_UP_AFTER:
        return Parked(_reason(error))
    return _later(error, post.attempts, now, jitter, may_have_happened=may_have_happened)


def _later(
    error: SlackError, attempts: int, now: datetime, jitter: float, *, may_have_happened: bool = False
) -> Later:
    asked_for = _retry_after_seconds(error)
    seconds = pause_seconds(attempts, jitter) if asked_for is None else asked_for
    return Later(now + timedelta(seconds=seconds), _reason(error), may_have_happened)


def _lane_seconds(error: SlackError, pause: float) -> float:
    return max(pause, _retry_after_seconds(error) or 0.0)


def _retry_after_seconds(error: SlackError) -> float | None:
    """What Slack asked for with a 429; whatever it says, no longer than `LONGEST_SECONDS`."""
    if not isinstance(error, SlackLimitedError):
        return None
    return min(error.retry_after_seconds, LONGEST_SECONDS)


def _reason(error: SlackError) -> str:
    return (error.detail or error.slack_code or error.code)[:_REASON_CHARACTERS]
