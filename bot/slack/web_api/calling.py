"""How a call reaches Slack: one connection pool, and the waits and retries of whoever wants them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

import aiohttp
import orjson
import structlog
from yarl import URL

from bot.domain.errors import SlackError, SlackLimitedError, may_have_happened
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.slack.web_api.answers import Answer, Raw, read_answer, read_response_url, transport_error
from bot.slack.web_api.methods import REPEATABLE, is_repeatable_response
from bot.slack.web_api.pacing import PATIENCE_SECONDS, pause_before_retry
from bot.slack.web_api.response_urls import slacks_own
from bot.slack.web_api.waits import SlackWaits, TeamWaits

_RESPONSE_URL = "response_url"
_JSON = {"Content-Type": "application/json; charset=utf-8"}
_T = TypeVar("_T")
_log = structlog.stdlib.get_logger(__name__)


def nothing(_method: str) -> None:
    """What happens where Slack asks to wait, if nobody wants to know."""


class SlackCalls:
    """Calls methods of the Web API at ``api_url`` with ``token``; empty: without one.

    ``jitter`` gives numbers from 0 to 1, so that many callers do not come back together. ``on_limited`` is
    told each method that Slack answers with 429; a ``response_url`` counts as one. ``measures`` takes a span
    of each request. ``waits`` are those that Slack asked for before.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (how to reach Slack, and how to wait)
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        token: str,
        clock: Clock,
        jitter: Callable[[], float],
        on_limited: Callable[[str], None] = nothing,
        measures: Measures = NOT_MEASURED,
        waits: TeamWaits | None = None,
    ) -> None:
        self._on_limited = on_limited
        self._measures = measures
        self._waits = SlackWaits(clock).of("") if waits is None else waits
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

        Where a second call would do harm, only if the first surely did nothing.

        Raises:
            SlackError: it was refused, or not answered.
        """
        return await self._with_retries(
            lambda: self.once(method, body, form=form), patience_seconds, is_repeatable=method in REPEATABLE
        )

    async def once(self, method: str, body: Mapping[str, Any], *, form: bool = False) -> Answer:
        """Call a method: one request and no other, whatever becomes of it; none where Slack asked to wait.

        aiohttp repeats a request on a connection that was closed meanwhile, but no POST.

        Raises:
            SlackError: as `call`.
        """
        token = body.get("token", self._token)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = {name: value for name, value in body.items() if name != "token"}
        payload: Any = sent if form else orjson.dumps(sent)
        if not form:
            headers |= _JSON
        async with self._waits.kept(method, body):
            with self._measures.span("slack.request", method=method):
                raw = await self._send(method, f"{self._api_url}{method}", payload, headers)
                return self._told(method, lambda: read_answer(method, raw))

    async def respond(self, response_url: str, body: Mapping[str, Any]) -> None:
        """Post to a ``response_url``; tried again like `call`. One that is not Slack's is never asked.

        Raises:
            SlackError: it was not taken, or is not Slack's.
        """
        url = slacks_own(response_url, self._api_url)
        await self._with_retries(
            lambda: self._post(url, body),
            PATIENCE_SECONDS,
            is_repeatable=is_repeatable_response(body),
        )

    async def _with_retries(
        self,
        attempt: Callable[[], Coroutine[Any, Any, _T]],
        patience_seconds: float,
        *,
        is_repeatable: bool,
    ) -> _T:
        waited, attempts = 0.0, 0
        while True:
            attempts += 1
            try:
                return await attempt()
            except SlackError as error:
                if may_have_happened(error) and not is_repeatable:
                    raise
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
        with self._measures.span("slack.request", method=_RESPONSE_URL):
            raw = await self._send(_RESPONSE_URL, url, orjson.dumps(body), _JSON)
            self._told(_RESPONSE_URL, lambda: read_response_url(raw))

    async def _send(self, what: str, url: str | URL, payload: Any, headers: Mapping[str, str]) -> Raw:
        try:
            # Slack redirects nothing: whoever does is a proxy, and the token is not for it.
            async with self._session.post(
                url, data=payload, headers=headers, allow_redirects=False
            ) as answer:
                return Raw(answer.status, answer.headers, await answer.read(), self._clock.now())
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            # Without its cause, which may quote the address: a response_url is a secret.
            raise transport_error(what, error) from None

    def _told(self, method: str, read: Callable[[], _T]) -> _T:
        """What an answer says; a wait that Slack asks for is noted, whoever waits for it."""
        try:
            return read()
        except SlackLimitedError as error:
            self._on_limited(method)
            _log.info("asked to wait", detail=error.detail, retry_after_seconds=error.retry_after_seconds)
            raise
