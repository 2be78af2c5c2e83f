"""httpx's transport over aiohttp's connection pool: the same client, several times the requests per second.

The package httpx-aiohttp is as fast, yet tells a refused connection and a lost one as a connect time-out, and
lets aiohttp's own `ClientResponseError` through, which holds the request's headers, the key among them. Here
every error of aiohttp becomes the httpx error of the same meaning.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager

import aiohttp
import httpx

from bot.training_api.proxy import HttpsProxy

_KEEP_ALIVE_SECONDS = 30.0
_CHUNK_BYTES = 64 * 1024


class AiohttpTransport(httpx.AsyncBaseTransport):
    """One aiohttp session, opened with the first request; at most ``connections`` at once, 0: any number.

    Redirects, cookies and decompression are off: what comes back is what was sent. Certificates are checked
    against the system's store (``SSL_CERT_FILE`` names another). ``https_proxy`` is asked for tunnels
    (``CONNECT``), so that it sees nothing of what is sent; plain HTTP never goes to it.
    """

    def __init__(self, *, connections: int, https_proxy: HttpsProxy | None = None) -> None:
        self._connections = connections
        self._https_proxy = https_proxy or HttpsProxy.of_environment()
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request without a body; return as soon as the headers of the answer are there.

        Raises:
            httpx.TransportError: no connection, no answer in time, or an answer that is not HTTP.
        """
        with _errors_as_httpx(request):
            answer = await self._open().request(
                request.method,
                str(request.url),
                headers=request.headers.multi_items(),
                allow_redirects=False,
                timeout=_time_limits(request.extensions.get("timeout", {})),
                proxy=self._https_proxy.for_address(request.url.scheme, request.url.host),
            )
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer, request))

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections, keepalive_timeout=_KEEP_ALIVE_SECONDS, ttl_dns_cache=60
            )
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
            )
        return self._session


class SharedTransport(httpx.AsyncBaseTransport):
    """The same connections for several clients: closing one of those closes none of these."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """As the transport does it."""
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        """Nothing: others go on."""


class _Body(httpx.AsyncByteStream):
    """The rest of an answer; closing it early drops the connection, so that nothing more is sent."""

    def __init__(self, answer: aiohttp.ClientResponse, request: httpx.Request) -> None:
        self._answer = answer
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _errors_as_httpx(self._request):
            async for chunk in self._answer.content.iter_chunked(_CHUNK_BYTES):
                yield chunk

    async def aclose(self) -> None:
        self._answer.release()


def _time_limits(timeout: Mapping[str, float | None]) -> aiohttp.ClientTimeout:
    """To connect: name look-up, TCP and TLS together; to read: the longest silence."""
    return aiohttp.ClientTimeout(connect=timeout.get("connect"), sock_read=timeout.get("read"))


@contextmanager
def _errors_as_httpx(request: httpx.Request) -> Iterator[None]:
    """Give errors of aiohttp the httpx class of the same meaning; of the message only the kind is kept."""
    try:
        yield
    except (TimeoutError, aiohttp.ClientError) as exc:
        kind, message = _httpx_error(exc), type(exc).__name__
    else:
        return
    raise kind(message, request=request)


def _httpx_error(exc: Exception) -> type[httpx.TransportError]:
    for ours, theirs in _ERRORS.items():
        if isinstance(exc, ours):
            return theirs
    return httpx.RemoteProtocolError


_ERRORS: dict[type[Exception], type[httpx.TransportError]] = {
    aiohttp.ClientHttpProxyError: httpx.ProxyError,
    aiohttp.ConnectionTimeoutError: httpx.ConnectTimeout,
    TimeoutError: httpx.ReadTimeout,
    aiohttp.ClientConnectorError: httpx.ConnectError,
    aiohttp.ClientConnectionError: httpx.ReadError,
    aiohttp.ClientPayloadError: httpx.ReadError,
}
"""The first that fits; anything else is an answer that breaks HTTP."""
