"""Questions asked in messages: a mention in a channel, or any words in a direct message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import structlog

from bot.cards.kit import actions
from bot.domain.commands.command_line import DEFAULT_COMMAND, HELP_COMMAND, MAX_REQUEST_IDS
from bot.domain.commands.request_id import find_request_ids
from bot.domain.errors import (
    NotUnderstoodError,
    SlackError,
    SlackGoneError,
    SlackPermanentError,
    SlackPermissionError,
    StoreError,
    UnnamedJobError,
)
from bot.domain.messages.installation import team_of
from bot.handlers.entry.registry import Dispatch
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.kit.replies import in_thread, thread_of, to_asker, to_one
from bot.handlers.kit.work import Reply

_MENTION = re.compile(r"<@[UWB][A-Z0-9]+(?:\|[^<>]*)?>")
_PEOPLES_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
_WORDS = ("text", "url", "pretext", "title", "title_link", "value", "fallback")
"""Where blocks and attachments keep words that people read, and addresses."""
_log = structlog.stdlib.get_logger(__name__)


def is_a_question(event: Mapping[str, Any]) -> bool:
    """Whether a person said this to the bot: not a bot, not an edit, not Slack itself."""
    if event.get("bot_id") or event.get("bot_profile") or event.get("subtype") not in _PEOPLES_SUBTYPES:
        return False
    if not isinstance(event.get("user"), str) or not isinstance(event.get("channel"), str):
        return False
    return event.get("type") == "app_mention" or event.get("channel_type") == "im"


def as_said(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """An edit of a direct message as the message itself, which is how an edited mention comes.

    Source: https://docs.slack.dev/reference/events/message/message_changed
    """
    event = body["event"]
    message, before = event.get("message"), event.get("previous_message")
    if event.get("subtype") != "message_changed" or not isinstance(message, dict):
        return body
    if isinstance(before, dict) and before.get("text") == message.get("text"):
        return body  # a link was shown below it, or a reply came: nothing new was said
    edited = message.get("edited") or {}
    place = {name: event[name] for name in ("channel", "channel_type") if name in event}
    return {**body, "event": {**message, "type": "message", "edited": edited, **place}}


def reply_to(context: Context, body: Mapping[str, Any]) -> Reply:
    """For all, in the thread; in a channel shared with another company, for the asker alone."""
    event = body["event"]
    if body.get("is_ext_shared_channel"):
        return to_one(context.slack, event["channel"], event["user"], event.get("thread_ts"))
    return in_thread(context.slack, event["channel"], thread_of(event))


class Said(NamedTuple):
    """What can be told about a message before anything is asked."""

    rank: int
    """1 where it surely asks for something, 0 where it may only have called the bot."""
    changes: bool
    """It asks for something that changes what is stored."""


def said(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> Said:
    """What is asked in an ``app_mention`` or ``message`` event, without any I/O."""
    try:
        question = dispatch.read(
            _words(body), _place(context, body), is_private=False, id_elsewhere=_in_a_thread(body["event"])
        )
    except NotUnderstoodError:
        return Said(0, changes=False)
    names_none = question.command == DEFAULT_COMMAND and not question.request_ids
    is_vague = question.command == HELP_COMMAND or question.doubt is not None or names_none
    return Said(0 if is_vague else 1, changes=dispatch.changes(question))


async def answer(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> None:
    """Answer the question in an ``app_mention`` or ``message`` event."""
    event = body["event"]
    reply = reply_to(context, body)
    try:
        question = await _read(context, dispatch, body)
    except NotUnderstoodError as error:
        await reply(failure_card(context, error))
        return
    if dispatch.command_of(question).is_personal:
        reply = to_asker(context.slack, question.place, event.get("thread_ts"))
    async for card in dispatch.answer(context, question):
        await reply(card)


def _place(context: Context, body: Mapping[str, Any]) -> Place:
    event = body["event"]
    return Place(
        team_id=team_of(body, context.login.installation),
        channel_id=event["channel"],
        user_id=event["user"],
        thread_ts=thread_of(event),
        is_dm=event.get("channel_type") == "im",
        is_shared=bool(body.get("is_ext_shared_channel")),
    )


def _words(body: Mapping[str, Any]) -> str:
    """What was said, without the mention."""
    return _MENTION.sub(" ", str(body["event"].get("text") or "")).strip()


def _in_a_thread(event: Mapping[str, Any]) -> bool:
    thread_ts = event.get("thread_ts")
    return isinstance(thread_ts, str) and thread_ts != event.get("ts")


async def _read(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> Question:
    text, place, in_a_thread = _words(body), _place(context, body), _in_a_thread(body["event"])
    question = dispatch.read(text, place, is_private=False, id_elsewhere=in_a_thread)
    command = dispatch.command_of(question)
    if not in_a_thread or question.request_ids or question.doubt or not command.form.needs_id:
        return question
    unread: list[SlackError] = []
    root = partial(_named_in_root, unread=unread)
    for find in (_followed_here, root) if command.prefers_followed else (root, _followed_here):
        if named := await find(context, place):
            return replace(question, request_ids=named)
    try:
        question = dispatch.read(text, place, is_private=False)
    except NotUnderstoodError as error:
        if not unread:
            raise
        raise UnnamedJobError(text, _unread(unread[0]), error.suggestion) from error
    if unread:
        raise UnnamedJobError(text, _unread(unread[0]))
    return question


async def _named_in_root(context: Context, place: Place, *, unread: list[SlackError]) -> tuple[str, ...]:
    """The job that the thread began with; why its beginning could not be read is put into ``unread``."""
    try:
        root = await context.slack.thread_root(place.channel_id, str(place.thread_ts))
    except SlackError as error:
        _log.info("cannot read the thread", channel_id=place.channel_id, detail=error.detail)
        unread.append(error)
        return ()
    return () if root is None else ids_in_message(root)[:1]


def _unread(unread: SlackError) -> str:
    """Why the job has to be named."""
    why = "Slack isn't answering right now"
    if isinstance(unread, SlackPermissionError):
        why = f"the app lacks the permission `{unread.needed or unread.slack_code}`"
    elif isinstance(unread, SlackGoneError):
        why = "it is gone"
    elif isinstance(unread, SlackPermanentError):
        why = f"Slack doesn't let me (`{unread.slack_code}`)"
    return f"I couldn't read this thread's first message: {why}. Give me the job's name or ID."


async def _followed_here(context: Context, place: Place) -> tuple[str, ...]:
    """The jobs whose updates come in the thread."""
    try:
        followed = await context.subscriptions.followed(place.team_id, place.channel_id, place.user_id)
    except StoreError as error:
        _log.warning("cannot look for the thread's subscriptions", detail=error.detail)
        return ()
    there = (each.subscription for each in followed)
    found = [
        one.request_id
        for one in there
        if (one.channel_id, one.thread_ts) == (place.channel_id, place.thread_ts)
    ]
    return tuple(found[:MAX_REQUEST_IDS])


def ids_in_message(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The request ids a message names: those of our own cards' buttons first, then in its words and theirs.

    Other apps' words often are in attachments, the older form of blocks.
    """
    found: list[str] = []
    words = [str(message.get("text") or "")]
    for each in _objects_in([message.get("blocks"), message.get("attachments")]):
        if each.get("action_id") in actions.ABOUT_JOBS and isinstance(each.get("value"), str):
            found.append(each["value"])
        else:
            words.extend(each[key] for key in _WORDS if isinstance(each.get(key), str))
    for text in words:
        found.extend(find_request_ids(text))
    return tuple(dict.fromkeys(found))


def _objects_in(value: object, depth: int = 9) -> list[Mapping[str, Any]]:
    """Every JSON object inside ``value``, outermost first, down to ``depth`` levels."""
    if depth == 0:
        return []
    if isinstance(value, dict):
        return [value, *(found for each in value.values() for found in _objects_in(each, depth - 1))]
    if isinstance(value, list):
        return [found for each in value for found in _objects_in(each, depth - 1)]
    return []
