"""One GET over httpx: a request in, an answer or one of our errors out.

httpx's errors hold the request and with it the key, so none of them goes further than this module, not even
as a cause.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Protocol, cast

import httpx

from bot.domain.errors import TrainingApiError, UnreachableError, UnreadableError, UpstreamTimeoutError
from bot.domain.ports import Clock
from bot.tasks import reference
from bot.training_api.decoding import read_body, unpacked
from bot.training_api.protocol import MAX_ERROR_BODY_BYTES, Answer, Request
from bot.training_api.transport import AiohttpTransport

CONNECT_SECONDS = 2.0
CONNECTIONS = 16
"""More than the rate limiter ever uses at once: nobody waits for the pool."""


class Sink(Protocol):
    """Takes the body of a success piece by piece, so that it never stands in memory as a whole."""

    def feed(self, piece: bytes) -> bool:
        """The next piece; False when no more of it is wanted."""
        ...


class Exchange:
    """The pool of connections to Simplismart.

    No redirect is taken, no cookie is kept, and ``.netrc`` is not read: the key goes to the base URL and
    nowhere else. A proxy from the environment is only asked for tunnels, and sees nothing that passes.
    """

    def __init__(
        self, headers: Mapping[str, str], clock: Clock, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._clock = clock
        self._key = headers["Authorization"].removeprefix("Bearer ").encode()
        self._client = httpx.AsyncClient(
            headers=dict(headers),
            transport=transport or AiohttpTransport(connections=CONNECTIONS),
            follow_redirects=False,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    async def get(self, request: Request, sink: Sink | None = None) -> Answer:
        """Ask once and read the answer up to its limit; a ``sink`` takes the body of a success.

        Raises:
            UnreachableError: no connection, or it was lost.
            UpstreamTimeoutError: silence for longer than the request allows.
            UnreadableError: an answer that is not HTTP.
        """
        params, timeout = (
            dict(request.params),
            httpx.Timeout(request.silence_seconds, connect=CONNECT_SECONDS),
        )
        headers = {"X-Request-Id": reference()}
        try:
            async with self._client.stream(
                "GET", request.url, params=params, headers=headers, timeout=timeout
            ) as response:
                if sink is not None and response.is_success:
                    return await self._pass_on(response, sink, request.max_body_bytes)
                return await self._read(response, request.max_body_bytes)
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            failure = _failure(exc)
        raise failure

    async def _pass_on(self, response: httpx.Response, sink: Sink, limit: int) -> Answer:
        """Others get a turn of the event loop after each piece: a long list takes seconds to read."""
        headers, size = dict(response.headers), 0
        stream = cast("httpx.AsyncByteStream", response.stream)
        async with aclosing(unpacked(stream, headers)) as pieces:
            async for piece in pieces:
                size += len(piece)
                if size > limit or not sink.feed(piece):
                    break
                await asyncio.sleep(0)
        is_cut = size > limit
        return Answer(response.status_code, headers, b"", self._clock.now(), is_cut=is_cut, sink_bytes=size)

    async def _read(self, response: httpx.Response, limit: int) -> Answer:
        status, headers = response.status_code, dict(response.headers)
        limit = limit if response.is_success else MAX_ERROR_BODY_BYTES
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
