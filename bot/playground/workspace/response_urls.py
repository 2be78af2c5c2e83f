"""Response URLs: where an app answers a command or a button, also where it may not post.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.playground.workspace.arguments import text_of
from bot.playground.workspace.checks import check_message
from bot.playground.workspace.model import Message
from bot.playground.workspace.posting import post
from bot.playground.workspace.refusal import Refusal, refuse
from bot.playground.workspace.tickets import Origin
from bot.playground.workspace.world import World


def respond(world: World, origin: Origin, body: Mapping[str, Any]) -> Message | None:
    """Do what a response says; the message it left comes back, None for a deletion.

    Raises:
        Refusal: Slack would not take the message.
    """
    channel = world.board.channel(origin.channel_id)
    original = channel.messages.get(origin.message_ts or "")
    if body.get("delete_original") is True:
        if original is not None:
            world.board.delete(original)
        return None
    check_message(body, takes_charts=world.faults.takes_charts)
    if body.get("replace_original") is True and original is not None:
        world.board.edit(original, {"text": text_of(body, "text"), "blocks": body.get("blocks")})
        return original
    is_public = body.get("response_type") == "in_channel"
    return post(world, channel.id, body, ephemeral_to=None if is_public else origin.user_id)


class ResponseUrls:
    """Answers ``/respond/<team>/<ticket>``."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, request: web.Request) -> web.Response:
        """One response: "ok" as plain text, or an error as JSON."""
        ticket_id = request.match_info["ticket"]
        await self._world.clock.sleep(self._world.faults.latency_seconds)
        try:
            origin = self._world.response_urls.check(
                ticket_id, unknown="expired_url", expired="expired_url", used="used_url"
            )
        except Refusal as refusal:
            return web.json_response(refusal.answer(), status=404)
        try:
            respond(self._world, origin, _read(await request.read()))
        except Refusal as refusal:
            return web.json_response(refusal.answer(), status=400)
        self._world.response_urls.use(ticket_id)
        return web.Response(text="ok")


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        refuse("invalid_payload")
    return content if isinstance(content, dict) else refuse("invalid_payload")
