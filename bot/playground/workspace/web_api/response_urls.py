"""Response URLs: where an app answers a command or a button, also where it can't post.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.playground.workspace.expiring_tokens import Origin
from bot.playground.workspace.model import Message
from bot.playground.workspace.refusal import Refusal, refuse
from bot.playground.workspace.web_api.arguments import text_of
from bot.playground.workspace.web_api.checks import check_message
from bot.playground.workspace.web_api.failing import hampered
from bot.playground.workspace.web_api.posting import post
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
    check_message(body, lacks=world.faults.lacks)
    if body.get("replace_original") is True and original is not None:
        world.board.edit(original, {"text": text_of(body, "text"), "blocks": body.get("blocks")})
        return original
    if body.get("response_type") == "in_channel":
        return post(world, channel.id, body)
    # Slack documents the thread for what everybody sees, and no other.
    unthreaded = {name: value for name, value in body.items() if name != "thread_ts"}
    return post(world, channel.id, unthreaded, ephemeral_to=origin.user_id)


class ResponseUrls:
    """Answers ``/respond/<team>/<ticket>``."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._is_closing = asyncio.Event()

    def close(self) -> None:
        """Let no answer hang any longer."""
        self._is_closing.set()

    async def answer(self, request: web.Request) -> web.Response:
        """One response: "ok" as plain text, or an error."""
        faults, body = self._world.faults, await request.read()
        self._world.answers.append(body.decode(errors="replace"))
        await self._world.clock.sleep(faults.latency_seconds)
        ticket_id = request.match_info["ticket"]
        return await hampered(
            faults.next_for_response_url(),
            request,
            lambda: self._run(ticket_id, body),
            self._world.clock,
            self._is_closing,
        )

    def _run(self, ticket_id: str, body: bytes) -> web.Response:
        if not self._world.is_installed:
            return web.json_response({"ok": False, "error": "no_service"}, status=404)
        try:
            origin = self._world.response_urls.check(
                ticket_id, unknown="expired_url", expired="expired_url", used="used_url"
            )
        except Refusal as refusal:
            if self._world.faults.refuses_with_200:
                return web.Response(text=refusal.code.replace("_", " ").capitalize())
            return web.json_response(refusal.answer(), status=404)
        # Whether one that is refused counts is not documented: here it does.
        self._world.response_urls.use(ticket_id)
        try:
            respond(self._world, origin, _read(body))
        except Refusal as refusal:
            status = 200 if self._world.faults.refuses_with_200 else 400
            return web.json_response(refusal.answer(), status=status)
        return web.Response(text="ok")


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        refuse("invalid_payload")
    return content if isinstance(content, dict) else refuse("invalid_payload")
