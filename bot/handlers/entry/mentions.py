"""Questions asked in messages: a mention in a channel, or any words in a direct message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import structlog

from bot.cards.home.introduction import introduced
from bot.cards.kit.card import Card
from bot.domain.commands.command_line import DEFAULT_COMMAND, HELP_COMMAND
from bot.domain.commands.sentences.reading import asks_something
from bot.domain.errors import SlackError
from bot.domain.messages.installation import team_of
from bot.handlers.entry.registry import Dispatch
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import in_thread, thread_of, to_asker, to_one
from bot.handlers.kit.work import Reply
from bot.handlers.rights.card_organization import denied, organization_of_thread
from bot.handlers.sentences.meant import Aside
from bot.handlers.sentences.thread_jobs import thread_jobs
from bot.tasks import working_for

_MENTION = re.compile(r"<@([UWB][A-Z0-9]+)(?:\|[^<>]*)?>")
_ENDS_OF_SENTENCES = frozenset(".!?,:;…-")
_MESSAGE = "message"
"""Of what the audit trail says that somebody tried by it."""
_WORDS_OF_ADDRESS = 1
"""Before the bot's name, as in "hey @jobbot"."""
_PEOPLES_SUBTYPES = frozenset({None, "file_share", "thread_broadcast"})
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
    question = _question(context, dispatch, body)
    names_none = question.command == DEFAULT_COMMAND and not question.request_ids
    is_vague = question.command == HELP_COMMAND or question.doubt is not None or names_none
    is_sentence = question.doubt is not None or not question.is_line
    in_thread = question.in_thread
    is_asked = not is_vague or (is_sentence and asks_something(question.text, in_thread=in_thread))
    return Said(int(is_asked), changes=dispatch.changes(question))


async def answer(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> None:
    """Answer the question in an ``app_mention`` or ``message`` event."""
    question = _question(context, dispatch, body)
    if not (question.in_thread and question.place.is_dm):
        await _answer(context, dispatch, body, question)
        return
    await _answer_in_direct(context, dispatch, body, question)


async def _answer_in_direct(
    context: Context, dispatch: Dispatch, body: Mapping[str, Any], question: Question
) -> None:
    """In the thread of a card, whose job whoever asks can't always see."""
    asked = await organization_of_thread(context, question.place)
    question = replace(question, place=replace(question.place, team_id=asked.team_id))
    with working_for(asked.team_id, asked.context.org_id):
        await _answer(asked.context, dispatch, body, question, asked.denied)


async def _answer(
    context: Context,
    dispatch: Dispatch,
    body: Mapping[str, Any],
    question: Question,
    refusal: Card | None = None,
) -> None:
    """The ``refusal`` is the answer to whatever shows a job."""
    event = body["event"]
    reply = reply_to(context, body)
    to_them = to_asker(context.slack, question.place, event.get("thread_ts"))
    here = partial(thread_jobs, context, question.place) if question.in_thread else None
    found = await dispatch.understood(context, question, here)
    if _is_in_passing(context, body):
        reply = to_them
    if isinstance(found, Aside):
        await (_react(context, event, found.reaction) if found.reaction else to_them(found.card))
    elif isinstance(found, Card):
        await reply(found)
    elif refusal is not None and not dispatch.command_of(found).shows_no_job:
        await denied(context, found.place, _MESSAGE)
        await reply(refusal)
    else:
        command = dispatch.command_of(found)
        tell = to_them if command.is_personal else reply
        is_new = command.name != HELP_COMMAND
        async for card in dispatch.run(context, found):
            await tell(await _introduced(context, found.place, card) if is_new else card)
            is_new = False


async def _introduced(context: Context, place: Place, card: Card) -> Card:
    """What the bot can do is said below the first answer in a channel, and the first to a person."""
    is_first = await context.is_first_answer(
        place.team_id, place.user_id if place.is_dm else place.channel_id
    )
    return introduced(card, slash_command=context.slash_command) if is_first else card


def _is_in_passing(context: Context, body: Mapping[str, Any]) -> bool:
    """Whether the bot is named amid what people say to each other, rather than spoken to.

    It is spoken to at the beginning of a sentence and at the end of a message.
    """
    bot = context.login.installation.bot_user_id
    text = str(body["event"].get("text") or "").strip()
    named = next((each for each in _MENTION.finditer(text) if bot and each[1] == bot), None)
    if named is None or named.end() == len(text):
        return False
    before = text[: named.start()].rstrip()
    if not before or before[-1] in _ENDS_OF_SENTENCES:
        return False
    if _MENTION.search(before):
        return True
    return len(before.split()) > _WORDS_OF_ADDRESS and "?" not in text[named.end() :]


async def _react(context: Context, event: Mapping[str, Any], reaction: str) -> None:
    """Without the scope for it nothing is said: nobody asked anything."""
    try:
        await context.slack.react(event["channel"], str(event.get("ts")), reaction)
    except SlackError as error:
        _log.info("no reaction", detail=error.detail)


def _question(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> Question:
    event = body["event"]
    return dispatch.ask(
        _words(context, body), _place(context, body), is_private=False, in_thread=_in_a_thread(event)
    )


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


def _words(context: Context, body: Mapping[str, Any]) -> str:
    """What was said, without the mention of the bot; of other people's the sign that they are meant too."""
    bot = context.login.installation.bot_user_id

    def without(mention: re.Match[str]) -> str:
        return mention[0] if bot and mention[1] != bot else " "

    return _MENTION.sub(without, str(body["event"].get("text") or "")).strip()


def _in_a_thread(event: Mapping[str, Any]) -> bool:
    thread_ts = event.get("thread_ts")
    return isinstance(thread_ts, str) and thread_ts != event.get("ts")
