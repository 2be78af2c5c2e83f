"""Links to job pages that people post: each gets a short card below the message, for all who read it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog

from bot.cards.jobs.job_row import unfurl_blocks
from bot.domain.commands.command_line import MAX_REQUEST_IDS
from bot.domain.commands.request_id import find_request_ids
from bot.domain.errors import SlackError, TrainingApiError
from bot.domain.messages.installation import team_of
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.handlers.rights.checks import as_seen
from bot.tasks import aside_if_heavy, weight_of

_COMPOSER = "composer"
"""Where a link comes from that was typed and not sent yet; nobody can tell who will read it."""

_log = structlog.stdlib.get_logger(__name__)


def may_be_shown(context: Context, body: Mapping[str, Any]) -> bool:
    """Whether a ``link_shared`` event is one to answer; where another company reads along only if allowed."""
    event = body["event"]
    if event.get("source") == _COMPOSER:
        return False
    if not isinstance(event.get("channel"), str):
        return False
    if body.get("is_ext_shared_channel") and not _is_read_by_others_too(context, body):
        return False
    return isinstance(event.get("message_ts"), str)


def _is_read_by_others_too(context: Context, body: Mapping[str, Any]) -> bool:
    """Whether people of another company are to see such cards: as an admin set it, else the operator."""
    team_id = team_of(body, context.login.installation)
    known = context.known_settings_at(team_id, body["event"]["channel"])
    if known is None:
        return False
    is_on = known.others.slack_connect
    return context.unfurls_in_shared_channels if is_on is None else is_on


async def show(context: Context, body: Mapping[str, Any]) -> None:
    """Show the jobs that the links name; a link to anything else, or to no job of ours, stays a link."""
    event = body["event"]
    team_id = team_of(body, context.login.installation)
    place = Place(team_id, event["channel"], str(event.get("user") or ""))
    context = await as_seen(context, place, for_all=True)
    named = _named(context, event.get("links"))
    cards = await asyncio.gather(*(_card(context, request_id) for request_id in named.values()))
    found = {url: card for url, card in zip(named, cards, strict=True) if card is not None}
    if not found or await _is_read_elsewhere(context, body):
        return
    try:
        await context.slack.unfurl(event["channel"], event["message_ts"], found)
    except SlackError as error:
        _log.info("the link stays a link", detail=error.detail)


async def _is_read_elsewhere(context: Context, body: Mapping[str, Any]) -> bool:
    """Whether another company reads along, where that matters; what Slack cannot say the event has to."""
    if _is_read_by_others_too(context, body):
        return False
    try:
        conversation = await context.slack.conversation(body["event"]["channel"])
    except SlackError as error:
        _log.info("who reads the link is known from its event alone", detail=error.detail)
        conversation = None
    return body.get("is_ext_shared_channel") is not False if conversation is None else conversation.is_shared


def _named(context: Context, links: object) -> dict[str, str]:
    """The request id in each address that is on one of our domains."""
    named: dict[str, str] = {}
    for link in links if isinstance(links, list) else []:
        url = link.get("url") if isinstance(link, dict) else None
        if isinstance(url, str) and _is_ours(context, url) and (ids := find_request_ids(url)):
            named[url] = ids[-1]
    return dict(list(named.items())[:MAX_REQUEST_IDS])


def _is_ours(context: Context, url: str) -> bool:
    try:
        host = urlsplit(url.replace("&amp;", "&")).hostname or ""
    except ValueError:
        return False
    return any(host == domain or host.endswith(f".{domain}") for domain in context.link_domains)


async def _card(context: Context, request_id: str) -> dict[str, Any] | None:
    try:
        snapshot = await context.training_api.job(request_id)
    except TrainingApiError as error:
        _log.info("the link stays a link", request_id=request_id, error=error.code, detail=error.detail)
        return None
    blocks = await aside_if_heavy(
        weight_of(snapshot),
        lambda: unfurl_blocks(
            snapshot, request_id=request_id, now=context.clock.now(), settings=context.card_settings
        ),
    )
    return {"blocks": blocks}
