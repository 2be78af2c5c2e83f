"""The only caller of Slack's Web API: one connection pool, waits and retries in one place.

slack_sdk's own client opens a connection for every call; given our pool, building and reading a call in
it still costs twice what the call itself does. It stays for what Bolt and Socket Mode need it for.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.request import getproxies

import aiohttp
import orjson
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import SlackError
from bot.domain.ports import Clock
from bot.slack.answers import Answer, read_answer, read_response_url, transport_error
from bot.slack.pacing import PATIENCE_SECONDS, pause_before_retry

CALL_TIMEOUT_SECONDS = 10.0
TRIGGER_PATIENCE_SECONDS = 1.5
"""A trigger lives 3 s: waiting longer for another try at ``views.open`` is waiting for nothing."""
MAX_CONNECTIONS = 40

_RESPONSE_URL = "response_url"
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot token belongs to, as ``auth.test`` says."""

    team_id: str
    user_id: str
    bot_id: str
    scopes: frozenset[str]


def open_session() -> aiohttp.ClientSession:
    """The connection pool for everything sent to Slack; to be closed by whoever opened it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=MAX_CONNECTIONS, ttl_dns_cache=300),
        timeout=aiohttp.ClientTimeout(total=CALL_TIMEOUT_SECONDS, connect=5),
        cookie_jar=aiohttp.DummyCookieJar(),
        # Looking proxies up costs every request two turns of a thread: only where there are any.
        trust_env=bool(getproxies()),
    )


def web_client(session: aiohttp.ClientSession, token: str, api_url: str) -> AsyncWebClient:
    """slack_sdk's client over our pool, without its own retries."""
    client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])
    # The session reads the proxy settings itself and, unlike the SDK, honours NO_PROXY.
    client.proxy = None
    return client


class SlackWebGateway:
    """Implements `bot.domain.ports.SlackGateway` over HTTP."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        token: str,
        clock: Clock,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._session = session
        self._api_url = api_url
        self._token = token
        self._clock = clock
        self._jitter = jitter

    async def identity(self, *, patience_seconds: float = PATIENCE_SECONDS) -> Identity:
        """Ask Slack who the token belongs to (``auth.test``); with no patience, once.

        Raises:
            SlackError: Slack refused the token or did not answer.
        """
        answer, headers = await self._call("auth.test", {}, patience_seconds=patience_seconds)
        scopes = headers.get("X-OAuth-Scopes", "")
        return Identity(
            team_id=str(answer.get("team_id", "")),
            user_id=str(answer.get("user_id", "")),
            bot_id=str(answer.get("bot_id", "")),
            scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
        )

    async def open_connection(self, app_token: str, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Ask for a Socket Mode address and throw it away: the app-level token works.

        Raises:
            SlackError: Slack refused it or did not answer (``apps.connections.open``).
        """
        body = {"token": app_token}
        await self._call("apps.connections.open", body, patience_seconds=patience_seconds)

    async def post_message(
        self,
        channel_id: str,
        message: Mapping[str, Any],
        *,
        thread_ts: str | None = None,
    ) -> str:
        """``chat.postMessage``; returns the new message's ``ts``."""
        body = {"channel": channel_id, "unfurl_links": False, "unfurl_media": False, **message}
        answer, _ = await self._call("chat.postMessage", _with_thread(body, thread_ts))
        return str(answer.get("ts", ""))

    async def post_ephemeral(
        self,
        channel_id: str,
        user_id: str,
        message: Mapping[str, Any],
        *,
        thread_ts: str | None = None,
    ) -> None:
        """``chat.postEphemeral``."""
        body = {"channel": channel_id, "user": user_id, **message}
        await self._call("chat.postEphemeral", _with_thread(body, thread_ts))

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """``views.open``, within the 3 s that a trigger lives; returns the view's id."""
        body = {"trigger_id": trigger_id, "view": view}
        answer, _ = await self._call("views.open", body, patience_seconds=TRIGGER_PATIENCE_SECONDS)
        opened = answer.get("view")
        return str(opened.get("id", "")) if isinstance(opened, dict) else ""

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """``views.update``."""
        await self._call("views.update", {"view_id": view_id, "view": view})

    async def thread_root(self, channel_id: str, thread_ts: str) -> Mapping[str, Any] | None:
        """The first message of a thread (``conversations.replies``); None where there is none."""
        body = {"channel": channel_id, "ts": thread_ts, "limit": "1", "inclusive": "true"}
        answer, _ = await self._call("conversations.replies", body, form=True)
        messages = answer.get("messages")
        root = messages[0] if isinstance(messages, list) and messages else None
        return root if isinstance(root, dict) else None

    async def respond(self, response_url: str, body: Mapping[str, Any]) -> None:
        """Post to a ``response_url``: 5 uses within 30 minutes, also where the bot is no member."""
        await self._with_retries(lambda: self._post(response_url, body), PATIENCE_SECONDS)

    async def _call(
        self,
        method: str,
        body: Mapping[str, Any],
        *,
        form: bool = False,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Answer:
        return await self._with_retries(lambda: self._ask(method, dict(body), form=form), patience_seconds)

    async def _with_retries(
        self,
        attempt: Callable[[], Coroutine[Any, Any, _T]],
        patience_seconds: float,
    ) -> _T:
        waited, attempts = 0.0, 0
        while True:
            attempts += 1
            try:
                return await attempt()
            except SlackError as error:
                pause = pause_before_retry(
                    error,
                    attempt=attempts,
                    waited_seconds=waited,
                    jitter=self._jitter(),
                    patience_seconds=patience_seconds,
                )
                if pause is None:
                    raise
            waited += pause
            await self._clock.sleep(pause)

    async def _ask(self, method: str, body: dict[str, Any], *, form: bool) -> Answer:
        token = body.pop("token", self._token)
        headers = {"Authorization": f"Bearer {token}"}
        payload: Any = body if form else orjson.dumps(body)
        if not form:
            headers |= _JSON
        raw, answer = await self._send(method, f"{self._api_url}{method}", payload, headers)
        return read_answer(method, answer.status, answer.headers, raw)

    async def _post(self, url: str, body: Mapping[str, Any]) -> None:
        raw, answer = await self._send(_RESPONSE_URL, url, orjson.dumps(body), _JSON)
        read_response_url(answer.status, answer.headers, raw)

    async def _send(
        self, what: str, url: str, payload: Any, headers: Mapping[str, str]
    ) -> tuple[bytes, aiohttp.ClientResponse]:
        try:
            # Slack redirects nothing: whoever does is a proxy, and the token is not for it.
            async with self._session.post(
                url, data=payload, headers=headers, allow_redirects=False
            ) as answer:
                return await answer.read(), answer
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            # Without its cause, which may quote the address: a response_url is a secret.
            raise transport_error(what, error) from None


def _with_thread(body: dict[str, Any], thread_ts: str | None) -> dict[str, Any]:
    return body if thread_ts is None else {**body, "thread_ts": thread_ts}
