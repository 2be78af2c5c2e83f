"""``/job feed``: every job that reaches a state is posted in the channel, from now on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from bot.cards.channels.feed import (
    feed_announcement,
    feed_card,
    feed_end_announcement,
    feed_off_card,
    feed_on_card,
    not_switched_on,
)
from bot.cards.kit.card import Card
from bot.domain.audit import Action, Result
from bot.domain.channels.feed import Feed, read_feed_query, without_mention
from bot.domain.commands.command_line import Form
from bot.domain.commands.sentences.intents import Intent
from bot.domain.commands.sentences.names import NO_NAMES
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.commands.typed import bare_word
from bot.domain.errors import (
    NotUnderstoodError,
    StoreError,
    TrainingApiError,
)
from bot.handlers.audit import record
from bot.handlers.channels.announcement import tell_all
from bot.handlers.kit.command import Command, Place, Question, changes_with_words, to_switch
from bot.handlers.kit.context import Context
from bot.handlers.kit.destination import Destination, destination
from bot.handlers.kit.failures import failure_card

_ON, _OFF = "on", "off"


async def _run(context: Context, question: Question) -> AsyncIterator[Card]:
    try:
        yield await _answer(context, question)
    except (NotUnderstoodError, StoreError) as error:
        yield failure_card(context, error)


async def _answer(context: Context, question: Question) -> Card:
    place, (first, *rest) = question.place, (*question.words, "")
    said = " ".join(["feed", *question.words])
    if not first:
        feed = await context.feeds.feed(place.team_id, place.channel_id, context.org_id)
        return feed_card(feed, slash_command=context.slash_command)
    wanted = bare_word(first).lower()
    if wanted == _ON:
        return await _switch_on(context, place, tuple(question.words[1:]))
    meant = read_sentence(said, NO_NAMES)
    if wanted != _OFF and meant.intent is Intent.FEED and meant.words and not meant.unknown:
        return await _answer(context, replace(question, words=meant.words))
    if wanted != _OFF:
        raise NotUnderstoodError(said, "`feed` takes `on` or `off`.", _on_line(question.words))
    if any(map(bare_word, rest)):
        raise NotUnderstoodError(said, "`feed off` takes no more words.", f"feed {_OFF}")
    return await _switch_off(context, place)


def _on_line(words: tuple[str, ...]) -> str:
    """What to type instead, where the words are filters."""
    try:
        read_feed_query(without_mention(words)[0])
    except NotUnderstoodError:
        return f"feed {_ON}"
    return " ".join([f"feed {_ON}", *words])


async def _switch_on(context: Context, place: Place, words: tuple[str, ...]) -> Card:
    """Nothing of the past is posted: what the list says now is where the feed begins.

    Raises:
        NotUnderstoodError: the filters say nothing.
        StoreError: the database did not take it.
    """
    filters, group = without_mention(words)
    query = read_feed_query(filters)
    again = " ".join([f"{context.slash_command} feed on", *words])
    where = await destination(context, replace(place, thread_ts=None))
    if not isinstance(where, Destination):
        return where.card_for_all(context, place, again)
    try:
        changes = await context.training_api.changes({}, {})
    except TrainingApiError as error:
        return not_switched_on(failure_card(context, error))
    now = context.clock.now()
    feed = Feed(place.team_id, place.channel_id, context.org_id, place.user_id, query, now, group)
    before = await context.feeds.feed(place.team_id, place.channel_id, context.org_id)
    is_new = await context.feeds.set_feed(feed, changes.moved, now, is_whole=not changes.is_cut)
    told = feed_announcement(feed, place.user_id, is_new=is_new, slash_command=context.slash_command)
    is_as_before = before is not None and (before.query, before.mention) == (query, group)
    refused = None if is_as_before else await tell_all(context, place, told)
    if refused is not None:
        await context.feeds.drop_feed(place.team_id, place.channel_id, context.org_id, now)
        await record(context, place, Action.FEED_ON, " ".join(words), Result.FAILED)
        return refused.card_for_all(context, place, again)
    await record(context, place, Action.FEED_ON, " ".join(words))
    context.wake_watcher()
    return feed_on_card(feed, is_new=is_new, slash_command=context.slash_command)


async def _switch_off(context: Context, place: Place) -> Card:
    """Raises StoreError: the database did not take it."""
    now = context.clock.now()
    feed = await context.feeds.drop_feed(place.team_id, place.channel_id, context.org_id, now)
    context.deliverer.wake()
    if feed is not None:
        await record(context, place, Action.FEED_OFF)
        await tell_all(context, place, feed_end_announcement(place.user_id))
    return feed_off_card(feed, slash_command=context.slash_command)


COMMAND = Command(
    name="feed",
    usage="feed [on|off] [status:failed,completed] [model:llama] [name:eval] [mention:@group]",
    summary="Post every job that fails or completes to this channel.",
    run=_run,
    changes=changes_with_words,
    right=to_switch,
    form=Form(takes_words=True),
    is_personal=True,
)
