"""The Web API over HTTP: tokens, scopes, rates, faults, then the method; every call is kept."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.playground.workspace.methods.table import METHODS, Method
from bot.playground.workspace.model import Message
from bot.playground.workspace.rates import FEW_READS
from bot.playground.workspace.refusal import RateLimit, Refusal, refuse
from bot.playground.workspace.web_api.arguments import read_arguments, text_of
from bot.playground.workspace.web_api.failing import hampered, rate_limited
from bot.playground.workspace.world import World

_MOST_CALLS_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call as it came in and was answered."""

    method: str
    arguments: Mapping[str, Any] = field(repr=False)
    answer: Mapping[str, Any]
    at_seconds: float
    """The workspace's clock, monotonic."""


class WebApi:
    """Answers ``/api/<method>``; ``on_posted`` is called with every message the bot posts."""

    def __init__(self, world: World, on_posted: Callable[[Message], None]) -> None:
        self._world = world
        self._on_posted = on_posted
        self.calls: deque[Call] = deque(maxlen=_MOST_CALLS_KEPT)
        self._is_closing = asyncio.Event()

    def close(self) -> None:
        """Let no answer hang any longer."""
        self._is_closing.set()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        name = request.match_info["method"]
        await self._world.clock.sleep(self._world.faults.latency_seconds)
        arguments, unreadable = await _read(request)
        fault = self._world.faults.next_for(name, text_of(arguments, "channel"))
        return await hampered(
            fault,
            request,
            lambda: self._limited(name, request, arguments, unreadable),
            self._world.clock,
            self._is_closing,
        )

    def _limited(
        self, name: str, request: web.Request, arguments: Mapping[str, Any], unreadable: Refusal | None
    ) -> web.Response:
        try:
            return self._run(name, request, arguments, unreadable)
        except RateLimit as limit:
            return rate_limited(str(limit.retry_after_seconds))

    def _run(
        self, name: str, request: web.Request, arguments: Mapping[str, Any], unreadable: Refusal | None
    ) -> web.Response:
        try:
            if unreadable is not None:
                raise unreadable
            method = METHODS.get(name) or refuse("unknown_method", req_method=name)
            self._authorise(method, request, arguments)
            channel_id = text_of(arguments, "channel") if method.is_per_channel else ""
            is_rare = method.is_history and self._world.faults.reads_little
            self._world.rates.take(name, channel_id, FEW_READS if is_rare else method.rate)
            answer = method.run(self._world, arguments)
            self._tell_posted(name, answer)
        except Refusal as refusal:
            answer = refusal.answer()
        self.calls.append(Call(name, arguments, answer, self._world.clock.monotonic()))
        self._world.feed.publish({"type": "call", "method": name})
        return web.Response(
            text=json.dumps(answer),
            content_type="application/json",
            headers={"x-oauth-scopes": ",".join(sorted(self._world.granted_scopes))},
        )

    def _tell_posted(self, name: str, answer: Mapping[str, Any]) -> None:
        if name == "chat.postMessage":
            channel = self._world.board.channel(answer["channel"])
            self._on_posted(channel.messages[answer["ts"]])

    def _authorise(self, method: Method, request: web.Request, arguments: Mapping[str, Any]) -> None:
        self._world.caller = None
        if method.is_open:
            return
        identity, account_error = self._world.identity, self._world.faults.account_error
        token = token_of(request, arguments) or refuse("not_authed")
        if account_error is not None:
            refuse(account_error)
        if not self._world.is_installed and not method.takes_app_token:
            refuse("account_inactive")
        is_app_token = hmac.compare_digest(token.encode(), identity.app_token.encode())
        is_ours = is_app_token or hmac.compare_digest(token.encode(), identity.bot_token.encode())
        self._world.caller = None if is_ours else self._world.grants.find(token)
        if not is_ours and self._world.caller is None:
            refuse("invalid_auth")
        if is_app_token is not method.takes_app_token:
            refuse("not_allowed_token_type")
        if method.scope is not None:
            self._world.need_scope(method.scope)


async def _read(request: web.Request) -> tuple[Mapping[str, Any], Refusal | None]:
    try:
        return await read_arguments(request), None
    except Refusal as refusal:
        return {}, refusal


def token_of(request: web.Request, arguments: Mapping[str, Any]) -> str:
    """The token a call is made with; empty for none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else text_of(arguments, "token")
