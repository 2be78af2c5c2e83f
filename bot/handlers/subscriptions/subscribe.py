"""Subscribing to a job: the same for the command and for the button."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

import structlog

from bot.cards.kit.card import Card
from bot.cards.subscriptions.pause import waits_card
from bot.cards.subscriptions.subscribe import (
    finished_card,
    not_yet_card,
    opened_in_dm_card,
    subscribed_card,
)
from bot.domain.audit import Action, Result
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.curves.curves import curves, named, never
from bot.domain.errors import NotUnderstoodError, SlackError, StoreError, TrainingApiError
from bot.domain.job import TrainingJob
from bot.domain.job.stored import kept
from bot.domain.messages.conversations import takes_invitations
from bot.domain.permissions.policies import Right
from bot.domain.ports import Snapshot
from bot.domain.subscriptions.subscription import Mode, Subscribed, SubscribeRequest, Subscription
from bot.domain.subscriptions.watch_state import first_state
from bot.handlers.audit import record
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.destination import Destination, Refusal
from bot.tasks import aside_if_heavy, weight_of

QUIET, DM = "quiet", "dm"
METRICS_SECONDS = 2.0
"""The answer waits so long for the names of the metrics there are."""
_DIRECT = "D"
"""What the ID of direct messages begins with."""
MODES = tuple(mode.value for mode in Mode if mode is not Mode.CONDITIONS)

_log = structlog.stdlib.get_logger(__name__)


class Answer(NamedTuple):
    """The outcome."""

    card: Card | None
    """For the asker; None where the card that was posted before their eyes says it all."""
    is_followed: bool
    """The asker is subscribed to the job now."""
    subscription: Subscription | None = None
    """To what, where they are."""


def as_line(refused: NotUnderstoodError, question: Question, subject: str) -> NotUnderstoodError:
    """What a condition was refused for, with the whole line that could be waited for instead."""
    words = [question.command, subject, *sorted(question.options), "when", refused.suggestion or ""]
    return NotUnderstoodError(f"when {refused.words}", refused.reason, " ".join(words))


async def wish_of(
    context: Context, place: Place, where: Destination, request_id: str, options: Collection[str] = ()
) -> SubscribeRequest:
    """What the asker asks for with these words beside the ID, and what counts where they don't say it.

    Raises:
        StoreError: nobody knows what was set.
    """
    return SubscribeRequest(
        team_id=place.team_id,
        channel_id=where.channel_id,
        org_id=context.org_id,
        request_id=request_id,
        user_id=place.user_id,
        mode=next((Mode(word) for word in MODES if word in options), None),
        is_quiet=True if QUIET in options else None,
        thread_ts=where.thread_ts,
        default_mode=await _default_mode(context, place),
    )


async def joining(context: Context, place: Place, found: Subscription) -> SubscribeRequest:
    """The asker joins a thread that is there, and gets what it gets.

    Raises:
        StoreError: nobody knows what was set.
    """
    return SubscribeRequest(*found.spot, place.user_id, default_mode=await _default_mode(context, place))


async def _default_mode(context: Context, place: Place) -> Mode:
    return (await context.settings_at(place.team_id, place.channel_id)).others.mode or Mode.MILESTONES


def to_subscribe(question: Question) -> Right | None:
    """In their direct messages everybody can."""
    return None if DM in question.options else Right.SUBSCRIBE


async def follow(
    context: Context, wish: SubscribeRequest, seen: Snapshot, *, asked_in: Place, says_all: bool = True
) -> Answer:
    """Subscribe the asker to a job.

    Args:
        context: the ports.
        wish: who, what and where.
        seen: the job as it is known.
        asked_in: the conversation it was asked in, which need not be where the updates go.
        says_all: tell the asker also what they can see there.

    Raises:
        StoreError: the database did not take it.
    """
    if seen.job.status.is_finished:
        return _finished(context, wish.request_id, seen.job)
    now = context.clock.now()
    document = await aside_if_heavy(weight_of(seen), lambda: kept(seen.job))
    came = await context.subscriptions.subscribe(wish, first_state(seen.job, now), document, now)
    if came.knows_the_end:
        job = await _seen_finished(context, wish.request_id)
        if job is not None:
            if came.is_new:
                await context.subscriptions.unsubscribe(wish.spot, wish.user_id, now)
            return _finished(context, wish.request_id, job)
    context.wake_watcher()
    subscription, error = await posted(context, came.subscription)
    await record_shared(context, asked_in, subscription)
    if subscription.ended is not None:
        refused = Refusal(subscription.ended_detail or subscription.ended.value)
        return Answer(refused.card(context, asked_in, wish.request_id), is_followed=False)
    is_evident = (
        came.is_new and subscription.channel_id == asked_in.channel_id and not says_all and not wish.condition
    )
    if is_evident and subscription.is_open:
        return Answer(None, is_followed=True, subscription=subscription)
    if subscription.is_open:
        card = await _told(context, came, subscription, asked_in.channel_id, seen.job.experiment_name)
    else:
        card = await not_posted(context, subscription, wish.user_id, error)
    return Answer(card, is_followed=True, subscription=subscription)


async def _told(
    context: Context, came: Subscribed, subscription: Subscription, asked_in: str, name: str | None
) -> Card:
    """What will come, and where."""
    permalink, keys = await asyncio.gather(
        permalink_of(context, subscription), _keys_instead(context, subscription.request_id, came.condition)
    )
    if came.is_new and subscription.channel_id != asked_in:
        return opened_in_dm_card(permalink, came, keys, name=name, slash_command=context.slash_command)
    return subscribed_card(
        came, name=name, permalink=permalink, slash_command=context.slash_command, keys=keys
    )


async def _keys_instead(context: Context, request_id: str, condition: str) -> Sequence[str] | None:
    """The metrics there are, where what is waited for is not among them; None too where that takes long."""
    if not condition:
        return None
    wanted = read_condition(condition)
    if not wanted.is_metric:
        return None
    try:
        async with asyncio.timeout(METRICS_SECONDS):
            points = (await context.training_api.metrics(request_id)).points
    except (TrainingApiError, TimeoutError):
        return None
    known = await aside_if_heavy(weight_of(points), lambda: {**curves(points), **never(points)})
    return None if named(known, wanted.key) else tuple(known)


async def _seen_finished(context: Context, request_id: str) -> TrainingJob | None:
    """The job, asked anew, if it has finished indeed; what cannot be asked is left to the watcher."""
    try:
        job = (await context.training_api.job(request_id, refresh=True)).job
    except TrainingApiError:
        return None
    return job if job.status.is_finished else None


async def posted(context: Context, subscription: Subscription) -> tuple[Subscription, SlackError | None]:
    """The subscription once its card was tried, and why Slack did not take that, where it is so.

    As it was if that cannot be read, for it is promised.
    """
    if subscription.is_open:
        context.deliverer.wake()
        return subscription, None
    refused = await context.deliverer.hurry(subscription.id)
    try:
        return await context.subscriptions.subscription(subscription.id) or subscription, refused
    except StoreError as error:
        _log.warning("the outcome of sending the card is not known", detail=error.detail)
        return subscription, refused


async def record_shared(context: Context, asked_in: Place, subscription: Subscription) -> None:
    """Have the audit trail say who subscribed, where others read the updates too."""
    if subscription.channel_id.startswith(_DIRECT):
        return
    there = replace(asked_in, channel_id=subscription.channel_id)
    result = Result.DONE if subscription.ended is None else Result.FAILED
    await record(context, there, Action.SUBSCRIBE, subscription.request_id, result)


async def not_posted(
    context: Context, subscription: Subscription, user_id: str, error: SlackError | None
) -> Card:
    """Why the card is not there yet: the pause of whose direct messages it is for, or Slack."""
    if error is None:
        try:
            until = await context.pauses.paused_until(subscription.team_id, user_id, context.clock.now())
        except StoreError as failure:
            _log.warning("whether it waits for a pause is not known", detail=failure.detail)
            until = None
        if until is not None and not takes_invitations(subscription.channel_id):
            return waits_card(until)
    return not_yet_card(error)


async def permalink_of(context: Context, subscription: Subscription) -> str | None:
    """The card's address; a card without it is better than none."""
    try:
        return await context.slack.permalink(subscription.channel_id, subscription.card_ts or "") or None
    except SlackError:
        return None


def _finished(context: Context, request_id: str, job: TrainingJob) -> Answer:
    now = context.clock.now()
    return Answer(finished_card(job, request_id=request_id, now=now), is_followed=False)
