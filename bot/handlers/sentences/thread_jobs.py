"""The jobs that a thread is about: those subscribed to there, and the one that its first message names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from bot.cards.kit import actions
from bot.domain.commands.command_line import DEFAULT_COMMAND, JOB, MAX_REQUEST_IDS
from bot.domain.commands.request_id import find_request_ids
from bot.domain.commands.sentences.names import names_of
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.errors import (
    SlackError,
    SlackGoneError,
    SlackPermanentError,
    SlackPermissionError,
    StoreError,
    UnnamedJobError,
)
from bot.handlers.jobs.job_resolver import jobs_soon
from bot.handlers.kit.command import Command, Place
from bot.handlers.kit.context import Context
from bot.tasks import aside_if_heavy, weight_of

_WORDS = ("text", "url", "pretext", "title", "title_link", "value", "fallback")
"""Where blocks and attachments keep words that people read, and addresses."""
_log = structlog.stdlib.get_logger(__name__)


async def thread_jobs(context: Context, place: Place, command: Command) -> tuple[str, ...]:
    """The jobs that ``command`` is about where it was said in a thread without any.

    Raises:
        UnnamedJobError: the thread is about none, or cannot be read.
    """
    unread: list[SlackError] = []
    root = partial(_named_in_root, unread=unread)
    followed = partial(_followed_here, with_groups=command.prefers_followed)
    for find in (followed, root) if command.prefers_followed else (root, followed):
        if named := await find(context, place):
            return named
    reason = _unread(unread[0]) if unread else "Give me a name or an ID."
    suggestion = None if command.name == DEFAULT_COMMAND else f"{command.name} {JOB}"
    raise UnnamedJobError(command.name, reason, suggestion)


async def _named_in_root(context: Context, place: Place, *, unread: list[SlackError]) -> tuple[str, ...]:
    """The job that the thread began with; why its beginning could not be read is put into ``unread``."""
    try:
        root = await context.slack.thread_root(place.channel_id, str(place.thread_ts))
    except SlackError as error:
        _log.info("cannot read the thread", channel_id=place.channel_id, detail=error.detail)
        unread.append(error)
        return ()
    if root is None or _is_of_group(root):
        return ()
    return ids_in_message(root)[:1] or await _called_in(context, str(root.get("text") or ""))


def _is_of_group(root: Mapping[str, Any]) -> bool:
    """Whether it is a group's card, which names many jobs and is about none of them alone."""
    return any(each.get("action_id") in actions.ABOUT_GROUPS for each in _objects_in([root.get("blocks")]))


async def _called_in(context: Context, text: str) -> tuple[str, ...]:
    """The job that is called by its name in what somebody said; none where it may be one of several."""
    listing = (await jobs_soon(context)).listing
    if listing is None:
        return ()
    names = await aside_if_heavy(weight_of(listing), partial(names_of, listing))
    reading = read_sentence(text, names)
    called = reading.jobs or (reading.other.jobs if reading.other else ())
    return tuple(each.found[0].request_id for each in called if len(each.found) == 1)[:1]


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


async def _followed_here(context: Context, place: Place, *, with_groups: bool) -> tuple[str, ...]:
    """The jobs whose updates come in the thread; groups of them are of use to few commands."""
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
        and (with_groups or not one.is_group)
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
