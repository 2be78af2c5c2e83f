"""From what the outbox holds to the message that Slack gets. A document that cannot be drawn stops nobody."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog

from bot.cards.jobs.chart import with_losses
from bot.cards.jobs.job import job_card
from bot.cards.jobs.job_lines import JobFacts
from bot.cards.kit.card import Card
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.cards.subscriptions.feed_post import feed_post_card
from bot.cards.subscriptions.groups.card import group_card
from bot.cards.subscriptions.notification import notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.curves.metrics_facts import loss_facts, shows_loss
from bot.domain.errors import JobBotError
from bot.domain.job import MetricPoint, TrainingJob
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Edit, Post, Snapshot
from bot.domain.subscriptions.notifications.job_updates import Progress
from bot.domain.subscriptions.notifications.notices import JobCard, ThreadCard
from bot.domain.subscriptions.subscription import Subscription

Message = Mapping[str, Any]

# What a pure function can make of a document that nobody promised the shape of.
# fmt: off
_HOSTILE: Final = (
    ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError,
)
# fmt: on

_log = structlog.stdlib.get_logger(__name__)


class UndrawableError(JobBotError):
    """There is no message to send; ``detail`` has the reference under which the log says why."""

    code = "undrawable"


def post_message(  # noqa: PLR0913  (each by its name)
    post: Post,
    *,
    slash_command: str,
    now: datetime,
    points: Sequence[MetricPoint] = (),
    settings: CardSettings = NOTHING_SET,
    known: MetricsSnapshot | None = None,
) -> Message:
    """The message of a post, with what ``points`` of its job say; of a card with what is ``known`` of them.

    Raises:
        UndrawableError: none can be made of it.
    """

    def draw() -> Card:
        recipient = _recipient(post, slash_command, settings, points)
        if isinstance(post.notification, JobCard) and post.subscription.is_feed_post:
            return feed_post_card(_document(post), recipient, now, post.finding)
        if isinstance(post.notification, JobCard):
            return _job_card(post, now, settings, _following(post.subscription), known)
        if isinstance(post.notification, ThreadCard):
            # Who is subscribed changes, and this card does not.
            return _job_card(post, now, settings, None, known)
        card = notification_card(post.notification, recipient)
        return with_losses(card, points) if isinstance(post.notification, Progress) else card

    return _drawn(draw, post.subscription)


def edit_message(
    edit: Edit,
    *,
    now: datetime,
    settings: CardSettings = NOTHING_SET,
    points: Sequence[MetricPoint] = (),
    known: MetricsSnapshot | None = None,
) -> Message:
    """The card, or the feed's post, as it is now; ``known`` is what is at hand of the job's metrics.

    Raises:
        UndrawableError: none can be made of it.
    """

    def draw() -> Card:
        if edit.subscription.is_feed_post:
            recipient = _recipient(edit, "", settings, points)
            return feed_post_card(_document(edit), recipient, now, edit.finding)
        return _job_card(edit, now, settings, _following(edit.subscription), known)

    return _drawn(draw, edit.subscription)


def plainer(message: Message) -> Message:
    """The same in words alone, for a message that Slack refused as it was and without its chart."""
    return {"text": message["text"]}


def _recipient(
    shown: Post | Edit, slash_command: str, settings: CardSettings, points: Sequence[MetricPoint]
) -> Recipient:
    return Recipient(
        shown.subscription,
        slash_command,
        settings,
        points,
        shown.mention,
        shown.hidden_findings,
        shown.in_groups,
    )


def _document(shown: Post | Edit) -> TrainingJob:
    if shown.document is None or shown.seen_at is None:
        reason = "a card without a document"
        raise ValueError(reason)
    return shown.document


def _job_card(
    shown: Post | Edit,
    now: datetime,
    settings: CardSettings,
    following: CardSubscription | None,
    known: MetricsSnapshot | None,
) -> Card:
    if shown.group is not None:
        return group_card(
            shown.group,
            shown.subscription.request_id,
            now=now,
            following=following,
            subscription_id=shown.subscription.id,
            settings=settings,
        )
    job = _document(shown)
    losses = loss_facts(known) if known is not None and shows_loss(job, known, now) else None
    return job_card(
        Snapshot(job, shown.seen_at or now),
        now=now,
        request_id=shown.subscription.request_id,
        facts=JobFacts(following, shown.earlier, losses, shown.finding),
        settings=settings,
    )


def _following(subscription: Subscription) -> CardSubscription:
    people = len(subscription.subscribers)
    return CardSubscription(people=people, ended=subscription.ended, is_fed=subscription.is_fed)


def _drawn(draw: Callable[[], Card], subscription: Subscription) -> Message:
    try:
        return draw().message()
    except _HOSTILE as error:
        reference = secrets.token_hex(4)
        _log.error(
            "a message cannot be drawn",
            reference=reference,
            request_id=subscription.request_id,
            exc_info=error,
        )
        reason = f"the message cannot be drawn, reference {reference}"
        raise UndrawableError(reason) from error
