"""The Web API methods the bot uses, and the connection pool they share.

slack_sdk's own client opens a connection for every call; given our pool, building and reading a call in
it still costs twice what the call itself does. It stays for what Bolt and Socket Mode need it for.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from secrets import token_hex
from typing import Any
from urllib.request import getproxies

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SlackGoneError
from bot.domain.messages.settling import Settling
from bot.domain.messages.slack_messages import Conversation, Posted, Sending
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.slack.answering import Answering
from bot.slack.charts import Charts, Kind
from bot.slack.lookups import Lookups
from bot.slack.messages import edit_body, opened_conversation, opened_view, posted, send_body
from bot.slack.people import People
from bot.slack.sent_message_lookup import look
from bot.slack.web_api.answers import Answer, ahead_of, text_in
from bot.slack.web_api.bounded import BoundedResponse
from bot.slack.web_api.calling import SlackCalls, nothing
from bot.slack.web_api.pacing import PATIENCE_SECONDS
from bot.slack.web_api.waits import TeamWaits

CALL_TIMEOUT_SECONDS = 10.0
TRIGGER_PATIENCE_SECONDS = 1.5
"""A trigger lives 3 s: waiting longer for another try at ``views.open`` is waiting for nothing."""
QUESTION_PATIENCE_SECONDS = 5.0
"""For what is asked of Slack before a person is answered."""
RESPONSE_URL_USES = 5
"""How often a ``response_url`` may be posted to; whether a refused message counts is not documented."""
MAX_CONNECTIONS = 40


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot token belongs to, as ``auth.test`` says."""

    team_id: str
    user_id: str
    bot_id: str
    name: str
    """The bot user's, as people type it behind an ``@``."""
    scopes: frozenset[str]
    clock_ahead_seconds: float | None
    """How far our clock is ahead of Slack's, as its answer's date has it; None where it has none."""
    enterprise_id: str = ""
    """The organisation (Enterprise Grid) of that workspace; empty where it belongs to none."""


def open_session(timeout_seconds: float = CALL_TIMEOUT_SECONDS) -> aiohttp.ClientSession:
    """The connection pool for everything sent to Slack; to be closed by whoever opened it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS, ttl_dns_cache=300),
        timeout=aiohttp.ClientTimeout(total=timeout_seconds, connect=5),
        cookie_jar=aiohttp.DummyCookieJar(),
        response_class=BoundedResponse,
        # Looking proxies up costs every request two turns of a thread: only where there are any.
        trust_env=bool(getproxies()),
    )


def web_client(session: aiohttp.ClientSession, token: str | None, api_url: str) -> AsyncWebClient:
    """slack_sdk's client over our pool, without its own retries."""
    client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])
    # The session reads the proxy settings itself and, unlike the SDK, honours NO_PROXY.
    client.proxy = None
    return client


class SlackWebGateway:
    """Implements `bot.domain.ports.SlackGateway` over HTTP."""

    def __init__(  # noqa: PLR0913, PLR0917  (how to reach Slack, and how to wait)
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        token: str,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
        on_limited: Callable[[str], None] = nothing,
        measures: Measures = NOT_MEASURED,
        waits: TeamWaits | None = None,
    ) -> None:
        self._clock = clock
        self._calls = SlackCalls(session, api_url, token, clock, jitter, on_limited, measures, waits)
        self._answering = Answering(self._calls, clock, jitter, partial(token_hex, 12))
        self._charts = Charts(clock.monotonic)
        self._lookups = Lookups(self._ask, clock)
        self.people = People(self._ask)

    async def identity(self, *, patience_seconds: float = PATIENCE_SECONDS) -> Identity:
        """Ask Slack who the token belongs to (``auth.test``); with no patience, once.

        Raises:
            SlackError: Slack refused the token or did not answer.
        """
        answer, headers = await self._calls.call("auth.test", {}, patience_seconds=patience_seconds)
        scopes = headers.get("X-OAuth-Scopes", "")
        return Identity(
            team_id=text_in(answer, "team_id"),
            enterprise_id=text_in(answer, "enterprise_id"),
            user_id=text_in(answer, "user_id"),
            bot_id=text_in(answer, "bot_id"),
            name=text_in(answer, "user"),
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
            clock_ahead_seconds=ahead_of(headers.get("Date"), self._clock.now()),
        )

    async def open_connection(self, app_token: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Ask for a Socket Mode address and throw it away: the app-level token works.

        Raises:
            SlackError: Slack refused it or did not answer (``apps.connections.open``).
        """
        body = {"token": app_token}
        await self._calls.call("apps.connections.open", body, patience_seconds=patience_seconds)

    async def post_message(
        self, channel_id: str, message: Mapping[str, Any], *, thread_ts: str | None = None
    ) -> str:
        """``chat.postMessage``; see `bot.domain.ports.SlackGateway.post_message`."""
        return await self._charts.send(
            message, lambda content: self._answering.post(channel_id, content, thread_ts)
        )

    async def post_ephemeral(
        self,
        channel_id: str,
        user_id: str,
        message: Mapping[str, Any],
        *,
        thread_ts: str | None = None,
    ) -> None:
        """``chat.postEphemeral``."""
        where = {"channel": channel_id, "user": user_id}
        if thread_ts is not None:
            where["thread_ts"] = thread_ts
        await self._charts.send(
            message,
            lambda content: self._calls.call("chat.postEphemeral", {**where, **content}),
            Kind.FOR_ONE,
        )

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """``views.open``, within the 3 s that a trigger lives; returns the view's id."""
        if not trigger_id:
            msg = "views.open: no trigger"
            raise SlackGoneError(msg, slack_code="invalid_trigger_id")
        body = {"trigger_id": trigger_id, "view": view}
        answer, _ = await self._calls.call("views.open", body, patience_seconds=TRIGGER_PATIENCE_SECONDS)
        return opened_view(answer)

    async def update_view(self, view_id: str, view: Mapping[str, Any], *, external_id: str = "") -> None:
        """``views.update``."""
        which = {"external_id": external_id} if external_id else {"view_id": view_id}
        await self._calls.call("views.update", {**which, "view": view})

    async def publish_home(self, user_id: str, view: Mapping[str, Any]) -> None:
        """``views.publish``."""
        await self._calls.call("views.publish", {"user_id": user_id, "view": view})

    async def unfurl(self, channel_id: str, ts: str, cards: Mapping[str, Mapping[str, Any]]) -> None:
        """``chat.unfurl``."""
        await self._calls.call("chat.unfurl", {"channel": channel_id, "ts": ts, "unfurls": cards})

    async def react(self, channel_id: str, ts: str, emoji: str) -> None:
        """``reactions.add``."""
        await self._calls.call("reactions.add", {"channel": channel_id, "timestamp": ts, "name": emoji})

    async def thread_root(self, channel_id: str, thread_ts: str) -> Mapping[str, Any] | None:
        """The first message of a thread (``conversations.replies``); None where there is none."""
        body = {"channel": channel_id, "ts": thread_ts, "limit": "1", "inclusive": "true"}
        messages = (await self._ask("conversations.replies", body)).get("messages")
        root = messages[0] if isinstance(messages, list) and messages else None
        return root if isinstance(root, dict) else None

    async def respond(self, response_url: str, body: Mapping[str, Any], *, answers: int = 1) -> None:
        """Post to a ``response_url``: 5 uses within 30 minutes, also where the bot is no member.

        Where all of them are needed for ``answers``, none is spent on a chart that may be refused.
        """
        kind = Kind.FOR_ALL if body.get("response_type") == "in_channel" else Kind.FOR_ONE
        respond = partial(self._calls.respond, response_url)
        await self._charts.send(body, respond, kind, most_refusals=RESPONSE_URL_USES - answers)

    async def send(self, channel_id: str, message: Mapping[str, Any], how: Sending) -> Posted:
        """``chat.postMessage``, one request; see `bot.domain.ports.SlackGateway.send`."""

        async def send(content: Mapping[str, Any]) -> Answer:
            return await self._calls.once("chat.postMessage", send_body(channel_id, content, how))

        answer, _ = await self._charts.send(message, send)
        return posted(channel_id, answer)

    async def edit(self, channel_id: str, ts: str, message: Mapping[str, Any]) -> None:
        """``chat.update``, one request."""
        await self._charts.send(
            message, lambda content: self._calls.once("chat.update", edit_body(channel_id, ts, content))
        )

    async def delete(self, channel_id: str, ts: str) -> None:
        """``chat.delete``, one request; fine where the message is gone already."""
        try:
            await self._calls.once("chat.delete", {"channel": channel_id, "ts": ts})
        except SlackGoneError as error:
            if error.slack_code != "message_not_found":
                raise

    async def find_sent(
        self, channel_id: str, thread_ts: str | None, opaque_id: str, settling: Settling
    ) -> Posted | Settling | None:
        """By the metadata in ``conversations.replies`` or ``conversations.history``: one page, asked once."""
        return await look(partial(self._calls.once, form=True), channel_id, thread_ts, opaque_id, settling)

    async def permalink(self, channel_id: str, ts: str) -> str:
        """``chat.getPermalink``."""
        body = {"channel": channel_id, "message_ts": ts}
        return text_in(await self._ask("chat.getPermalink", body), "permalink")

    async def conversation(self, channel_id: str) -> Conversation | None:
        """``conversations.info``; None, and not asked again for an hour, where the scope is missing."""
        return await self._lookups.conversation(channel_id)

    async def time_zone(self, user_id: str) -> str:
        """``users.info``; see `bot.domain.ports.SlackGateway.time_zone`."""
        return await self._lookups.time_zone(user_id)

    async def open_dm(self, user_id: str) -> str:
        """``conversations.open``: the id of the direct messages with one person."""
        return opened_conversation(await self._ask("conversations.open", {"users": user_id}))

    async def _ask(self, method: str, body: Mapping[str, str]) -> Mapping[str, Any]:
        patience = QUESTION_PATIENCE_SECONDS
        answer, _ = await self._calls.call(method, body, form=True, patience_seconds=patience)
        return answer
