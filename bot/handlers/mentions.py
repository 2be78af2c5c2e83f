"""Questions asked in messages: a mention in a channel, or any words in a direct message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import structlog

from bot.cards import actions
from bot.domain.errors import NotUnderstoodError, SlackError
from bot.domain.request_id import find_request_ids
from bot.handlers.command import Question
from bot.handlers.context import Context
from bot.handlers.failures import failure_card
from bot.handlers.registry import Dispatch
from bot.handlers.replies import in_thread, thread_of, to_one
from bot.handlers.work import Reply

_MENTION = re.compile(r"<@[UWB][A-Z0-9]+(?:\|[^>]*)?>")
_PEOPLES_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
_log = structlog.stdlib.get_logger(__name__)


def is_a_question(event: Mapping[str, Any]) -> bool:
    """Whether a person said this to the bot: not a bot, not an edit, not Slack itself."""
    if event.get("bot_id") or event.get("bot_profile") or event.get("subtype") not in _PEOPLES_SUBTYPES:
        return False
    if not isinstance(event.get("user"), str) or not isinstance(event.get("channel"), str):
        return False
    return event.get("type") == "app_mention" or event.get("channel_type") == "im"


def reply_to(context: Context, body: Mapping[str, Any]) -> Reply:
    """For all, in the thread; in a channel shared with another company, for the asker alone."""
    event = body["event"]
    if body.get("is_ext_shared_channel"):
        return to_one(context.slack, event["channel"], event["user"], event.get("thread_ts"))
    return in_thread(context.slack, event["channel"], thread_of(event))


async def answer(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> None:
    """Answer the question in an ``app_mention`` or ``message`` event."""
    event = body["event"]
    if _is_from_elsewhere(body):
        _log.info("question from another company left alone", channel_id=event["channel"])
        return
    reply = reply_to(context, body)
    try:
        question = await _read(context, dispatch, event)
    except NotUnderstoodError as error:
        await reply(failure_card(context, error))
        return
    async for card in dispatch.answer(context, question):
        await reply(card)


def _is_from_elsewhere(body: Mapping[str, Any]) -> bool:
    """In a Slack Connect channel: whether the asker belongs to another company than the bot."""
    homes = {
        each.get("team_id")
        for each in body.get("authorizations") or [{"team_id": body.get("team_id")}]
        if isinstance(each, dict)
    }
    asker = body["event"].get("user_team") or body["event"].get("team")
    return bool(body.get("is_ext_shared_channel")) and asker is not None and asker not in homes


async def _read(context: Context, dispatch: Dispatch, event: Mapping[str, Any]) -> Question:
    text = _MENTION.sub(" ", str(event.get("text") or "")).strip()
    thread_ts = event.get("thread_ts")
    in_a_thread = isinstance(thread_ts, str) and thread_ts != event.get("ts")
    question = dispatch.read(text, is_private=False, id_elsewhere=in_a_thread)
    if question.command != "status" or question.request_ids:
        return question
    named = await _named_in_root(context, event["channel"], str(thread_ts))
    if named:
        return Question("status", named[:1])
    return dispatch.read(text, is_private=False)


async def _named_in_root(context: Context, channel_id: str, thread_ts: str) -> tuple[str, ...]:
    try:
        root = await context.slack.thread_root(channel_id, thread_ts)
    except SlackError as error:
        _log.info("cannot read the thread", channel_id=channel_id, detail=error.detail)
        return ()
    return () if root is None else ids_in_message(root)


def ids_in_message(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The request ids a message names: those of our own cards' buttons first, then in its words."""
    found: list[str] = []
    words = [str(message.get("text") or "")]
    for each in _objects_in(message.get("blocks")):
        if each.get("action_id") in actions.ABOUT_JOBS and isinstance(each.get("value"), str):
            found.append(each["value"])
        elif isinstance(each.get("text"), str):
            words.append(each["text"])
        elif isinstance(each.get("url"), str):
            words.append(each["url"])
    for text in words:
        found.extend(find_request_ids(text))
    return tuple(dict.fromkeys(found))


def _objects_in(value: object, depth: int = 8) -> list[Mapping[str, Any]]:
    """Every JSON object inside ``value``, outermost first, down to ``depth`` levels."""
    if depth == 0:
        return []
    if isinstance(value, dict):
        return [value, *(found for each in value.values() for found in _objects_in(each, depth - 1))]
    if isinstance(value, list):
        return [found for each in value for found in _objects_in(each, depth - 1)]
    return []
