"""Bare ``/job``: a window to search for a job in; its card goes to where the command was typed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import structlog

from bot.cards.jobs.picker import id_option, picker_options, picker_view
from bot.cards.kit import actions
from bot.cards.kit.card import OPTIONS, Card
from bot.domain.commands.command_line import MAX_REQUEST_IDS
from bot.domain.commands.picking import choices
from bot.domain.commands.request_id import find_request_ids
from bot.domain.errors import (
    SlackError,
    SlackGoneError,
    TrainingApiError,
    may_have_happened,
)
from bot.domain.job.reading import read_object
from bot.domain.listing import JobListing
from bot.domain.messages.carried import carried_by
from bot.domain.messages.installation import team_of
from bot.handlers.entry.registry import Dispatch
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import privately, to_person
from bot.handlers.kit.work import Reply

PATIENCE_SECONDS = 2.0
"""How long a menu waits for the list of jobs; Slack waits 3 s for the menu."""
SHORT_PATIENCE_SECONDS = 0.3
"""Wait where an earlier list is at hand. What comes later is there for the next letter."""
_HELP = "help"

_log = structlog.stdlib.get_logger(__name__)


async def open_picker(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> None:
    """Open the window within the 3 s that the command's trigger lives; where that fails there is help.

    The jobs are asked for meanwhile, so that they are there when the reader types.
    """
    await asyncio.gather(_open(context, dispatch, body), _fetch(context))


async def _open(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> None:
    response_url, channel_id = str(body.get("response_url") or ""), str(body.get("channel_id") or "")
    # Only we read a view's metadata: Slack hands it back with what was chosen, and shows it to nobody.
    home_id = context.login.installation.home_id
    metadata = json.dumps({"response_url": response_url, "channel_id": channel_id, "home_id": home_id})
    try:
        await context.slack.open_view(str(body.get("trigger_id")), picker_view(private_metadata=metadata))
    except SlackError as error:
        if may_have_happened(error):
            raise
        _log.warning("help in the picker's place", error=error.code, detail=error.detail)
        place = Place(team_of(body, context.login.installation), channel_id, str(body.get("user_id") or ""))
        reply = privately(context.slack, response_url)
        async for card in dispatch.answer(context, dispatch.read(_HELP, place, is_private=True)):
            await reply(card)


async def options(context: Context, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the menu offers for what was typed so far (a ``block_suggestion``)."""
    if body.get("action_id") != actions.PICK:
        _log.warning("a menu that is none of ours", action_id=str(body.get("action_id")))
        return []
    typed = str(body.get("value") or "")
    listing = await _listing(context)
    found = [] if listing is None else picker_options(choices(listing, typed, OPTIONS))
    if found:
        return found
    named = find_request_ids(typed, standing=True)[:MAX_REQUEST_IDS]
    return id_option(named[0]) if named else []


async def _listing(context: Context) -> JobListing | None:
    """The jobs, as fresh as a menu can wait for them; None where there are none to be had."""
    fresh = context.training_api.peek_jobs()
    if fresh is not None:
        return fresh
    earlier = context.training_api.recall_jobs()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS if earlier is None else SHORT_PATIENCE_SECONDS):
            return await _fetch(context)
    except TimeoutError:
        return earlier


async def _fetch(context: Context) -> JobListing | None:
    try:
        return await context.training_api.jobs()
    except TrainingApiError as error:
        _log.warning("no list of jobs", error=error.code, detail=error.detail)
        return None


def is_choice(body: Mapping[str, Any]) -> bool:
    """Whether this ``view_submission`` is the picker's; Slack sends it once the field is filled in."""
    return read_object(body.get("view")).get("callback_id") == actions.PICK and bool(_chosen(body))


async def show(context: Context, dispatch: Dispatch, body: Mapping[str, Any]) -> None:
    """The card of the chosen job, to the asker alone."""
    reply = reply_to(context, body)
    question = Question("status", (_chosen(body),), _place(context, body), is_private=True)
    async for card in dispatch.answer(context, question):
        await reply(card)


def reply_to(context: Context, body: Mapping[str, Any]) -> Reply:
    """To where the command was typed; to a direct message once that is too late, after 30 minutes."""
    place = _place(context, body)
    there = privately(context.slack, carried_by(body["view"]).response_url)

    async def reply(card: Card) -> None:
        try:
            await there(card)
        except SlackGoneError as error:
            _log.info("the picker stood open for long", detail=error.detail)
            await to_person(context.slack, place.user_id)(card)

    return reply


def _place(context: Context, body: Mapping[str, Any]) -> Place:
    user_id, channel_id = read_object(body.get("user")).get("id"), carried_by(body["view"]).channel_id
    return Place(team_of(body, context.login.installation), channel_id, str(user_id or ""))


def _chosen(body: Mapping[str, Any]) -> str:
    """The chosen option's value; empty for none."""
    part: Any = body
    for name in ("view", "state", "values", actions.PICK, actions.PICK, "selected_option"):
        part = read_object(part).get(name)
    return str(read_object(part).get("value") or "")
