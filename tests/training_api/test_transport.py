"""The transport over aiohttp, against real sockets on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.training_api.transport import AiohttpTransport
from tests.training_api.loopback import http, serve

HEADERS = {"Authorization": "Bearer made-up-key", "Accept-Encoding": "identity"}


@asynccontextmanager
async def connected() -> AsyncIterator[httpx.AsyncClient]:
    """An httpx client over the transport."""
    transport = AiohttpTransport(connections=4)
    limits = httpx.Timeout(0.05, connect=1.0)
    async with httpx.AsyncClient(
        transport=transport, headers=HEADERS, trust_env=False, timeout=limits
    ) as client:
        yield client


async def failure_of(url: str) -> httpx.TransportError:
    """What a GET of this address raises."""
    async with connected() as client:
        with pytest.raises(httpx.TransportError) as caught:
            await client.get(url)
    return caught.value


async def test_an_answer_arrives_as_it_was_sent() -> None:
    """Status, headers and bytes; also the query and our headers on the way there."""
    answer = http(b'{"a": 1}', "X-One: 1", "Content-Type: application/json", status="404 Not Found")
    async with serve(answer) as server, connected() as client:
        response = await client.get(
            f"{server.base_url}/job/get/", params={"org_id": "a b", "request_id": "ü/?&"}
        )
    assert (response.status_code, response.content) == (404, b'{"a": 1}')
    assert response.headers["x-one"] == "1"
    (head,) = server.heads
    assert head.startswith("GET /job/get/?org_id=a+b&request_id=%C3%BC/?%26 HTTP/1.1\r\n")
    assert "authorization: Bearer made-up-key\r\n" in head
    assert "accept-encoding: identity\r\n" in head


async def test_one_connection_serves_many_requests() -> None:
    """The pool keeps it open."""
    async with serve(http()) as server, connected() as client:
        for _ in range(3):
            await client.get(server.base_url)
    assert (len(server.heads), server.connections) == (3, 1)


async def test_cookies_and_redirects_are_left_alone() -> None:
    """Nothing is followed, nothing is decoded."""
    answer = http(b"\x1f\x8b", "Location: http://127.0.0.1:9/", "Content-Encoding: gzip", status="302 Found")
    async with (
        serve(answer) as server,
        connected() as client,
        client.stream("GET", server.base_url) as response,
    ):
        assert response.status_code == 302
        assert [chunk async for chunk in response.aiter_raw()] == [b"\x1f\x8b"]
    assert len(server.heads) == 1


async def test_closing_an_answer_early_drops_the_connection() -> None:
    """Nothing more need be read of an endless one."""

    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with serve(endless) as server, connected() as client:
        async with client.stream("GET", server.base_url) as response:
            async for _ in response.aiter_bytes():
                break
        await asyncio.wait_for(server.is_dropped.wait(), 5)


async def test_nobody_listening_is_a_connect_error() -> None:
    """Not a time-out."""
    async with serve(http()) as server:
        url = server.base_url
    assert type(await failure_of(url)) is httpx.ConnectError


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"])
async def test_a_lost_connection_is_a_read_error(answer: bytes) -> None:
    """Before the answer or within it."""
    async with serve(answer, then_close=True) as server:
        assert type(await failure_of(server.base_url)) is httpx.ReadError


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"])
async def test_silence_is_a_read_timeout(answer: bytes) -> None:
    """Before the answer or within it."""
    async with serve(answer) as server:
        assert type(await failure_of(server.base_url)) is httpx.ReadTimeout


@pytest.mark.parametrize(
    "answer",
    [
        b"220 smtp.example ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nmade-up-key\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: " + b"a" * 99_999,
    ],
)
async def test_what_is_not_http_is_a_protocol_error(answer: bytes) -> None:
    """Another protocol, a broken header, one without end; what was said is not repeated."""
    async with serve(answer, then_close=True) as server:
        error = await failure_of(server.base_url)
    assert type(error) is httpx.RemoteProtocolError
    assert "made-up-key" not in str(error)


async def test_closing_without_a_request_is_fine() -> None:
    """The session is opened with the first request only."""
    await AiohttpTransport(connections=1).aclose()
