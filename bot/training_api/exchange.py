"""One GET over httpx: a request in, an answer or one of our errors out.

httpx's errors hold the request and with it the key, so none of them goes further than this module, not even
as a cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import cast

import httpx

from bot.domain.errors import TrainingApiError, UnreachableError, UnreadableError, UpstreamTimeoutError
from bot.domain.ports import Clock
from bot.training_api.decoding import read_body
from bot.training_api.protocol import MAX_BODY_BYTES, MAX_ERROR_BODY_BYTES, Answer, Request
from bot.training_api.transport import AiohttpTransport

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
"""The longest silence within an answer; the whole is bounded by the client's budget."""
CONNECTIONS = 16
"""More than the politeness limits ever use at once: nobody waits for the pool."""


class Exchange:
    """The pool of connections to the training suite.

    No redirect is followed. Proxies, ``.netrc`` and anything else from the environment are not used: the key
    goes to the base URL and nowhere else. No cookie is kept.
    """

    def __init__(
        self, headers: Mapping[str, str], clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._clock = clock
        self._key = headers["Authorization"].removeprefix("Bearer ").encode()
        self._client = httpx.AsyncClient(
            headers=dict(headers),
            transport=transport or AiohttpTransport(connections=CONNECTIONS),
            timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def get(self, request: Request) -> Answer:
        """Ask once and read the answer up to its limit.

        Raises:
            UnreachableError: no connection, or it was lost.
            UpstreamTimeoutError: silence for `READ_SECONDS`.
            UnreadableError: an answer that is not HTTP.
        """
        try:
            async with self._client.stream("GET", request.url, params=dict(request.params)) as response:
                return await self._read(response)
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            failure = _failure(exc)
        raise failure

    async def _read(self, response: httpx.Response) -> Answer:
        status, headers = response.status_code, dict(response.headers)
        limit = MAX_BODY_BYTES if response.is_success else MAX_ERROR_BODY_BYTES
        stream = cast("httpx.AsyncByteStream", response.stream)  # as it was sent: httpx would unpack it
        body = await read_body(stream, headers, limit)
        kept = body[:limit]
        if not response.is_success:
            kept = kept.replace(self._key, b"[redacted]")  # some servers quote the key they refuse
        return Answer(status, headers, kept, self._clock.now(), is_cut=len(body) > limit)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()


def _failure(exc: httpx.HTTPError | httpx.InvalidURL) -> TrainingApiError:
    """Only the kind of error is told: its message may quote what was sent or received."""
    name = type(exc).__name__
    if isinstance(exc, httpx.TimeoutException) and not isinstance(exc, httpx.ConnectTimeout):
        return UpstreamTimeoutError(name)
    if isinstance(exc, httpx.RemoteProtocolError | httpx.DecodingError):
        return UnreadableError(name)
    return UnreachableError(name)
