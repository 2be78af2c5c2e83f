"""The ways an answer gets back: through a ``response_url``, into a thread, or to one person's eyes."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from typing import Any

import structlog

from bot.cards.jobs.views import failure_view
from bot.cards.kit.card import Card
from bot.domain.errors import SlackError, SlackPassingError, SlackPermissionError, may_have_happened
from bot.domain.job.reading import read_object
from bot.domain.messages.installation import Installation, team_of
from bot.domain.ports import SlackGateway
from bot.handlers.kit.command import Place
from bot.handlers.kit.work import Reply, check_held

_NOT_KNOWN = Installation()
_log = structlog.stdlib.get_logger(__name__)


def privately(
    slack: SlackGateway, response_url: str, thread_ts: str | None = None, *, answers: int = 1
) -> Reply:
    """Ephemeral, through the ``response_url``: works also where the bot is no member.

    ``answers`` is how many there will be at most: a ``response_url`` does not take many.
    """
    how = {"response_type": "ephemeral", "replace_original": False} | in_same_thread(thread_ts)

    async def reply(card: Card) -> None:
        await _given(slack.respond(response_url, how | card.message(), answers=answers))

    return reply


def privately_in(slack: SlackGateway, response_url: str, place: Place, *, answers: int = 1) -> Reply:
    """Ephemeral, in the thread where there is one.

    A ``response_url`` is only known to keep a thread for what everybody sees: it is used where the bot is no
    member, or Slack takes no message for one person alone.
    """
    otherwise = privately(slack, response_url, place.thread_ts, answers=answers)
    if place.thread_ts is None or not place.channel_id or not place.user_id:
        return otherwise
    in_its_thread = to_one(slack, place.channel_id, place.user_id, place.thread_ts)

    async def reply(card: Card) -> None:
        try:
            await in_its_thread(card)
        except SlackError as error:
            _log.info("answered outside of the thread", detail=error.detail)
            await otherwise(card)

    return reply


def in_thread(slack: SlackGateway, channel_id: str, thread_ts: str | None) -> Reply:
    """A message for all, in the thread, or in the conversation itself without one."""

    async def reply(card: Card) -> None:
        await _given(slack.post_message(channel_id, card.message(), thread_ts=thread_ts))

    return reply


def to_one(slack: SlackGateway, channel_id: str, user_id: str, thread_ts: str | None) -> Reply:
    """An ephemeral message in a conversation the bot is a member of."""

    async def reply(card: Card) -> None:
        await _given(slack.post_ephemeral(channel_id, user_id, card.message(), thread_ts=thread_ts))

    return reply


def to_asker(slack: SlackGateway, place: Place, thread_ts: str | None) -> Reply:
    """To the asker's eyes; where Slack shows nothing to one person alone, for all in the thread.

    ``thread_ts`` is the thread it was asked in: an ephemeral message is not seen in a new one.
    """
    for_all = in_thread(slack, place.channel_id, place.thread_ts)
    if place.is_dm:
        return for_all
    for_one = to_one(slack, place.channel_id, place.user_id, thread_ts)

    async def reply(card: Card) -> None:
        try:
            await for_one(card)
        except SlackError as error:
            if place.is_shared:
                raise
            _log.info("told to all, as it cannot be told to one", detail=error.detail)
            await for_all(card)

    return reply


def to_person(slack: SlackGateway, user_id: str) -> Reply:
    """A direct message. Without the scope to open them, a person's id stands for theirs.

    Source: https://docs.slack.dev/reference/methods/chat.postMessage#channels
    """

    async def reply(card: Card) -> None:
        try:
            dm = await slack.open_dm(user_id)
        except SlackPermissionError as error:
            _log.info("writing to the person directly", detail=error.detail)
            dm = user_id
        await in_thread(slack, dm, None)(card)

    return reply


def in_window(slack: SlackGateway, trigger_id: str, user_id: str) -> Reply:
    """In a window over whatever the person sees: for what was pressed outside of any conversation.

    A trigger lives for 3 s and is good for one window: what comes later is a direct message.
    """

    async def reply(card: Card) -> None:
        try:
            await _given(slack.open_view(trigger_id, failure_view(card)))
        except SlackError as error:
            _log.info("told in a direct message, as no window opens", detail=error.detail)
            await to_person(slack, user_id)(card)

    return reply


async def _given(sending: Coroutine[Any, Any, object]) -> None:
    """An answer that may stand counts as given: no other is given in its place, and those after it go on.

    Raises:
        TakenOverError: another process gives it.
    """
    try:
        await check_held()
    except BaseException:
        sending.close()
        raise
    try:
        await sending
    except SlackPassingError as error:
        if not may_have_happened(error):
            raise
        _log.warning("nobody can say whether an answer stands", detail=error.detail)


async def nowhere(_card: Card) -> None:
    """For a payload that names nobody to answer; the log has the failure."""


def whoever_asked(slack: SlackGateway, body: Mapping[str, Any]) -> Reply:
    """The way back to whoever caused ``body``, whatever kind of payload it is."""
    response_url = body.get("response_url")
    if isinstance(response_url, str):
        return privately_in(slack, response_url, place_of_press(body))
    if isinstance(body.get("trigger_id"), str):  # of what happens in no conversation
        return in_window(slack, body["trigger_id"], place_of_press(body).user_id)
    event = body.get("event")
    if isinstance(event, dict) and isinstance(event.get("channel"), str):
        return in_thread(slack, event["channel"], thread_of(event))
    return nowhere


def in_same_thread(thread_ts: str | None) -> dict[str, object]:
    """What keeps a response in the thread of the message it is about; without it, it goes to the channel.

    Source: https://docs.slack.dev/interactivity/handling-user-interaction/#publishing_in_thread
    """
    return {} if thread_ts is None else {"thread_ts": thread_ts}


def place_of_press(body: Mapping[str, Any], installation: Installation = _NOT_KNOWN) -> Place:
    """Who pressed, where, and in which thread; all empty in what is no press."""
    user, channel = (read_object(body.get(key)) for key in ("user", "channel"))
    container = read_object(body.get("container"))
    return Place(
        team_id=team_of(body, installation),
        channel_id=str(channel.get("id") or container.get("channel_id") or ""),
        user_id=str(user.get("id") or ""),
        thread_ts=thread_of_container(body),
        channel_name=str(channel.get("name") or ""),
    )


def thread_of_container(body: Mapping[str, Any]) -> str | None:
    """The thread of the message whose button was pressed."""
    container = body.get("container")
    thread_ts = container.get("thread_ts") if isinstance(container, dict) else None
    return thread_ts if isinstance(thread_ts, str) else None


def thread_of(event: Mapping[str, Any]) -> str | None:
    """The thread that answers ``event``: its own, or a new one under it; in a DM the DM itself."""
    thread_ts = event.get("thread_ts")
    if isinstance(thread_ts, str):
        return thread_ts
    if event.get("channel_type") == "im":
        return None
    return str(event["ts"]) if "ts" in event else None
