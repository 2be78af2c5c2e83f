"""How a call reaches Slack: one connection pool, and the waits and retries of whoever wants them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

import aiohttp
import orjson
from yarl import URL

from bot.domain.errors import SlackError
from bot.domain.ports import Clock
from bot.slack.answers import Answer, read_answer, read_response_url, transport_error
from bot.slack.pacing import PATIENCE_SECONDS, pause_before_retry
from bot.slack.response_urls import slacks_own

_RESPONSE_URL = "response_url"
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_T = TypeVar("_T")


class SlackCalls:
    """Calls methods of the Web API at ``api_url`` with ``token``.

    ``jitter`` gives numbers from 0 to 1, so that many callers do not come back together.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        token: str,
        clock: Clock,
        jitter: Callable[[], float],
    ) -> None:
        self._session = session
        self._api_url = api_url
        self._token = token
        self._clock = clock
        self._jitter = jitter

    async def call(
        self,
        method: str,
        body: Mapping[str, Any],
        *,
        form: bool = False,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> Answer:
        """Call a method; what may pass is tried again while the waits add up to no more than this.

        Raises:
            SlackError: it was refused, or not answered.
        """
        return await self._with_retries(lambda: self.once(method, body, form=form), patience_seconds)

    async def once(self, method: str, body: Mapping[str, Any], *, form: bool = False) -> Answer:
        """Call a method: one request and no other, whatever becomes of it.

        aiohttp repeats a request on a connection that was closed meanwhile, but no POST.

        Raises:
            SlackError: as `call`.
        """
        token = body.get("token", self._token)
        headers = {"Authorization": f"Bearer {token}"}
        sent = {name: value for name, value in body.items() if name != "token"}
        payload: Any = sent if form else orjson.dumps(sent)
        if not form:
            headers |= _JSON
        raw, answer = await self._send(method, f"{self._api_url}{method}", payload, headers)
        return read_answer(method, answer.status, answer.headers, raw)

    async def respond(self, response_url: str, body: Mapping[str, Any]) -> None:
        """Post to a ``response_url``; tried again like `call`. One that is not Slack's is never asked.

        Raises:
            SlackError: it was not taken, or is not Slack's.
        """
        url = slacks_own(response_url, self._api_url)
        await self._with_retries(lambda: self._post(url, body), PATIENCE_SECONDS)

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

    async def _post(self, url: URL, body: Mapping[str, Any]) -> None:
        raw, answer = await self._send(_RESPONSE_URL, url, orjson.dumps(body), _JSON)
        read_response_url(answer.status, answer.headers, raw)

    async def _send(
        self, what: str, url: str | URL, payload: Any, headers: Mapping[str, str]
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
