"""Subscribing to a group of jobs: the same for the command and for the button on its card."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.cards.kit.card import Card
from bot.cards.kit.text import code
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.cards.subscriptions.groups.answers import already_over_card, group_subscribed_card
from bot.cards.subscriptions.groups.card import group_card
from bot.cards.subscriptions.groups.lines import SUBJECT_CHARACTERS
from bot.cards.subscriptions.subscribe_dialog import Origin, group_dialog
from bot.domain.audit import Action, Result
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.commands.group_line import GroupAsked, group_of_subject
from bot.domain.commands.stored_query import query_to_json
from bot.domain.errors import NotUnderstoodError, StoreError
from bot.domain.groups.group import RANKED_BY, Group, subject_of
from bot.domain.groups.looking import look
from bot.domain.subscriptions.alerts.alerts import objection_for_any
from bot.domain.subscriptions.subscription import Subscribed, SubscribedJob
from bot.handlers.audit import record
from bot.handlers.jobs.job_resolver import jobs_soon
from bot.handlers.kit.button_press import ButtonPress, to_presser
from bot.handlers.kit.button_press import replace as put_in_its_place
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.destination import Destination, Refusal, destination
from bot.handlers.kit.failures import failure_card
from bot.handlers.subscriptions.subscribe import (
    DM,
    as_line,
    joining,
    not_posted,
    permalink_of,
    posted,
    record_shared,
    wish_of,
)
from bot.handlers.subscriptions.subscribe_dialog import message_of
from bot.handlers.subscriptions.unsubscribe import may_reach
from bot.tasks import aside_if_heavy, weight_of


async def subscribe_to_group(context: Context, question: Question, asked: GroupAsked) -> Card | None:
    """Subscribe the asker to all jobs that fit; None where the card that was just posted says it all."""
    refusal = asked.refusal
    if refusal is None and asked.condition:
        prices = context.card_settings.gpu_hour_prices
        refused = objection_for_any(read_condition(asked.condition), prices)
        refusal = as_line(refused, question, asked.query.text) if refused else None
    if refusal is not None:
        return failure_card(context, refusal)
    return await _subscribe(context, question.place, asked, question.options, says_all=question.is_private)


async def change_group(context: Context, place: Place, subject: str, options: Collection[str]) -> Card | None:
    """What was chosen in the window of a group's card, as if it was typed."""
    try:
        asked = group_of_subject(subject)
    except NotUnderstoodError as error:
        return failure_card(context, error)
    return await _subscribe(context, place, asked, options, says_all=True)


async def _subscribe(
    context: Context, place: Place, asked: GroupAsked, options: Collection[str], *, says_all: bool
) -> Card | None:
    subject = subject_of(asked.query)
    where = await destination(context, place, in_dm=DM in options)
    if not isinstance(where, Destination):
        return where.card(context, place, subject)
    group = await _first_look(context, asked)
    try:
        wish = await wish_of(context, place, where, subject, options)
        wish = replace(wish, condition=asked.condition)
        came = await context.subscriptions.subscribe_to_group(wish, group, context.clock.now())
        if came is None:  # never, where there is a group to begin with
            return None
        return await _answer(
            context,
            came,
            place,
            says_all=says_all,
            group=group if came.is_new and group.looked_at else None,
        )
    except StoreError as error:
        return failure_card(context, error)


async def join_group(context: Context, pressed: ButtonPress) -> None:
    """[Subscribe] on a group's card: the presser gets what its thread gets.

    Raises:
        StoreError: the database did not take it.
    """
    found = await context.subscriptions.subscription(pressed.value)
    came = None
    is_theirs = found is not None and may_reach(context, pressed, found)
    if found is not None and not is_theirs:
        await record(context, pressed.place, Action.SUBSCRIBE, pressed.value, Result.DENIED)
    if found is not None and is_theirs and found.is_group:
        wish = await joining(context, pressed.place, found)
        came = await context.subscriptions.subscribe_to_group(wish, None, context.clock.now())
    if came is None:
        await to_presser(context, pressed)(already_over_card())
        return
    card = await _answer(context, came, pressed.place, says_all=True)
    if card is not None:
        await to_presser(context, pressed)(card)


async def refresh_group(context: Context, pressed: ButtonPress) -> None:
    """The group's card as the list has its jobs now, in its place; the watcher learns the same by itself.

    Raises:
        StoreError: the database does not answer.
    """
    known = await _known(context, pressed)
    if known is None or known.group is None:
        await to_presser(context, pressed)(already_over_card())
        return
    # In direct messages the group may be another organization's than is asked about there.
    is_ours = known.subscription.org_id == context.org_id
    listing = (await jobs_soon(context)).listing if is_ours else None
    before = group = known.group
    now = context.clock.now()
    if listing is not None and (before.looked_at is None or before.looked_at < listing.fetched_at):
        seen_at = listing.fetched_at
        group = await aside_if_heavy(weight_of(listing), lambda: look(before, listing.jobs, seen_at))
    card = group_card(
        group,
        known.subscription.request_id,
        now=now,
        following=CardSubscription(people=len(known.subscription.subscribers)),
        subscription_id=known.subscription.id,
        settings=context.card_settings,
    )
    await put_in_its_place(context, pressed, card)


async def ask_what_to_get(context: Context, pressed: ButtonPress) -> None:
    """The window in which the presser says which updates they want, and where.

    Raises:
        StoreError: the database does not answer.
    """
    known = await _known(context, pressed)
    if known is None:
        await to_presser(context, pressed)(already_over_card())
        return
    subscription = known.subscription
    origin = Origin(
        subscription.request_id,
        pressed.channel_id,
        pressed.channel_name,
        pressed.place.thread_ts,
        pressed.response_url,
        is_on_card=True,
        home_id=context.login.installation.home_id,
        message_ts=message_of(pressed),
    )
    title = code(subscription.request_id, SUBJECT_CHARACTERS)
    await context.slack.open_view(pressed.trigger_id, group_dialog(title, origin, subscription.mode))


async def _known(context: Context, pressed: ButtonPress) -> SubscribedJob | None:
    """The group whose card was pressed; None where it is over."""
    found = await context.subscriptions.followed(pressed.team_id, pressed.channel_id, pressed.user_id)
    return next((each for each in found if each.subscription.id == pressed.value), None)


async def _first_look(context: Context, asked: GroupAsked) -> Group:
    """The group as it begins: with its first members, where the list is to be had soon."""
    now = context.clock.now()
    group = Group(
        query=query_to_json(asked.query),
        since=now,
        by=asked.by or RANKED_BY,
        ends_at=None if asked.lasts is None else now + asked.lasts,
    )
    listing = (await jobs_soon(context)).listing
    if listing is None or listing.failure is not None:
        return group
    return await aside_if_heavy(weight_of(listing), lambda: look(group, listing.jobs, now))


async def _answer(
    context: Context, came: Subscribed, place: Place, *, says_all: bool, group: Group | None = None
) -> Card | None:
    """What will come, and where; ``group`` is the one that has just begun."""
    context.wake_watcher()
    subscription, error = await posted(context, came.subscription)
    await record_shared(context, place, subscription)
    if subscription.ended is not None:
        refused = Refusal(subscription.ended_detail or subscription.ended.value)
        return refused.card(context, place, subscription.request_id)
    if not subscription.is_open:
        return await not_posted(context, subscription, place.user_id, error)
    if came.is_new and subscription.channel_id == place.channel_id and not says_all:
        return None
    return group_subscribed_card(
        came,
        group,
        permalink=await permalink_of(context, subscription),
        slash_command=context.slash_command,
    )
