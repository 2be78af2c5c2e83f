"""The message shortcut: a card for each job that a message names, whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.cards.jobs.which_one import nothing_named_card
from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import MAX_REQUEST_IDS
from bot.domain.errors import SlackError, SlackPermanentError, SlackStrayError
from bot.domain.messages.installation import team_of
from bot.handlers.entry.registry import Dispatch
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import in_thread, privately_in
from bot.handlers.kit.work import Reply
from bot.handlers.sentences.thread_jobs import ids_in_message

_log = structlog.stdlib.get_logger(__name__)


def is_ours(body: Mapping[str, Any]) -> bool:
    """Whether this ``message_action`` is the shortcut of the manifest, on a message that can be read."""
    return body.get("callback_id") == actions.CHECK_JOB and isinstance(body.get("message"), dict)


async def check(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> None:
    """Answer in the message's thread where the bot is at home, else to the asker alone."""
    message, place = body["message"], _place(context, body)
    named = ids_in_message(message)
    inside = place.thread_ts if place.thread_ts != message.get("ts") else None
    alone = privately_in(
        context.slack,
        str(body.get("response_url") or ""),
        replace(place, thread_ts=inside),
        answers=max(1, min(len(named), MAX_REQUEST_IDS)),
    )
    if not named:
        await alone(nothing_named_card(slash_command=context.slash_command))
        return
    is_public = await _is_at_home(context, place)
    reply = _for_all(context, place, alone) if is_public else alone
    question = Question(
        "status",
        named[:MAX_REQUEST_IDS],
        place,
        max(0, len(named) - MAX_REQUEST_IDS),
        is_private=not is_public,
    )
    async for card in dispatch.answer(context, question):
        await reply(card)


def _place(context: Context, body: Mapping[str, Any]) -> Place:
    message, user, channel = (body.get(key) or {} for key in ("message", "user", "channel"))
    return Place(
        team_id=team_of(body, context.login.installation),
        channel_id=str(channel.get("id") or ""),
        user_id=str(user.get("id") or ""),
        thread_ts=str(message.get("thread_ts") or message.get("ts") or "") or None,
        channel_name=str(channel.get("name") or ""),
    )


async def _is_at_home(context: Context, place: Place) -> bool:
    """Whether an answer for all may be posted there: the bot is in, and no other company is."""
    try:
        conversation = await context.slack.conversation(place.channel_id)
    except SlackError as error:
        _log.info("the shortcut answers the asker alone", detail=error.detail)
        return False
    if conversation is None:
        return False
    return conversation.is_member and not conversation.is_shared and not conversation.is_archived


def _for_all(context: Context, place: Place, alone: Reply) -> Reply:
    """Into the thread; to the asker alone where Slack does not take it after all."""
    for_all = in_thread(context.slack, place.channel_id, place.thread_ts)

    async def reply(card: Card) -> None:
        try:
            await for_all(card)
        except (SlackPermanentError, SlackStrayError) as error:
            _log.info("told to one, as it cannot be told to all", detail=error.detail)
            await alone(card)

    return reply
