"""The door over real connections: strangers, odd bodies, and what the log and ``/readyz`` say of them."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import quote

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import EVENTS_PATH
from bot.playground.clock import ManualClock
from tests.web.served import FORM, Served, request, served

COMMAND = b"command=%2Fjob&text=help"


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    """A fresh one."""
    async with served() as made:
        yield made


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": "v0=\xe4" + "0" * 63},
        {"X-Slack-Signature": "\xff"},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=" + "0" * 63},
        {"X-Slack-Signature": ""},
        {"X-Slack-Request-Timestamp": "\xb2\xb3"},
        {"X-Slack-Request-Timestamp": "1e9"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "9" * 4000},
        {"X-Slack-Request-Timestamp": ""},
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        COMMAND,
        b"payload=" + quote('{"type":"block_actions","response_url":"http://127.0.0.1:1/"}').encode(),
        b"ssl_check=1&token=x",
        b'{"type":"url_verification","challenge":"x"}',
    ],
)
async def test_nothing_unverified_gets_through(server: Served, body: bytes, changed: dict[str, str]) -> None:
    """A 401, and Bolt never sees it."""
    assert await server.post(body, server.signed(body) | changed) == 401
    assert server.taken == []


async def test_what_is_signed_gets_through(server: Served) -> None:
    """As Slack sent it; of the headers, none that Bolt takes orders from."""
    headers = server.signed(COMMAND) | {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "x"}
    assert await server.post(COMMAND, headers) == 200
    assert server.taken == [{"command": "/job", "text": "help"}]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    headers=st.dictionaries(
        st.sampled_from(
            ["X-Slack-Signature", "X-Slack-Request-Timestamp", "Content-Type", "Content-Encoding", "X-Other"]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=80),
    ),
    body=st.binary(max_size=300),
)
async def test_any_unsigned_request_is_refused(server: Served, headers: dict[str, str], body: bytes) -> None:
    """Whatever the headers and the body: below 500, and nothing is dispatched."""
    status = await server.post(body, headers)
    assert 400 <= status < 500
    assert server.taken == []


class _BrokenClock(ManualClock):
    """A clock that cannot tell the time."""

    def now(self) -> datetime:
        """Fail.

        Raises:
            OverflowError: always.
        """
        raise OverflowError


async def test_a_gate_that_fails_is_shut() -> None:
    """Whatever goes wrong while a signature is checked, the answer is 401."""
    async with served(door_clock=_BrokenClock()) as server:
        assert await server.post(COMMAND, server.signed(COMMAND)) == 401
        assert server.taken == []


DEEP = b"[" * 200_000 + b"]" * 200_000


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (DEEP, "application/json"),
        (b"payload=" + DEEP, FORM),
        (b'{"a":' * 100_000, "application/json"),
        (b"\xff\xfe", FORM),
        (b"{", "application/json"),
    ],
)
@pytest.mark.parametrize("is_signed", [True, False])
async def test_bodies_that_cannot_be_read_are_4xx(
    server: Served, body: bytes, content_type: str, *, is_signed: bool
) -> None:
    """One short line in the log, no traceback, and the next delivery is taken."""
    headers = server.signed(body) if is_signed else {"X-Slack-Signature": "v0=1"}
    with structlog.testing.capture_logs() as logged:
        status = await server.post(body, headers | {"Content-Type": content_type})
    assert status == (400 if is_signed else 401)
    assert len(logged) == 1
    assert "exc_info" not in logged[0]
    assert await server.post(COMMAND, server.signed(COMMAND)) == 200


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x"])
async def test_compressed_bodies_are_refused(server: Served, encoding: str) -> None:
    """Slack sends none; whether what is inside is what the header says does not matter."""
    for body in (COMMAND, gzip.compress(b"\0" * 5_000_000)):
        headers = server.signed(body) | {"Content-Encoding": encoding}
        assert await server.post(body, headers) == 415
    assert server.taken == []


async def test_bodies_that_break_off_cost_one_line(server: Served) -> None:
    """A hundred of them in a minute: one line, and one more a minute later that says how many."""
    broken_off = request(COMMAND, server.signed(COMMAND))[:-5]

    async def aborted(times: int) -> None:
        for _ in range(times):
            reader, writer = await server.connect()
            writer.write(broken_off)
            await writer.drain()
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 10)
            writer.close()

    with structlog.testing.capture_logs() as logged:
        await aborted(50)
        assert len(logged) <= 1
        server.clock.advance(61)
        await aborted(1)
    assert server.taken == []
    assert all("exc_info" not in line for line in logged)


async def test_connections_that_are_reset_cost_one_line(server: Served) -> None:
    """In the middle of a body, or before it is read: no traceback."""
    broken_off = request(COMMAND, server.signed(COMMAND))[:-5]
    with structlog.testing.capture_logs() as logged:
        for _ in range(50):
            _, writer = await server.connect()
            writer.write(broken_off)
            writer.transport.abort()
        assert await server.post(COMMAND, server.signed(COMMAND)) == 200
    assert len(logged) <= 3
    assert all("exc_info" not in line for line in logged)


@pytest.mark.parametrize(
    "raw",
    [
        b"GARBAGE\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"POST " + EVENTS_PATH.encode() + b" HTTP/1.1\r\nContent-Length: nine\r\n\r\n",
        b"POST " + EVENTS_PATH.encode() + b" HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /" + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 50_000 + b"\r\n",
    ],
)
async def test_what_is_not_http_is_one_line(server: Served, raw: bytes) -> None:
    """A status below 500 or nothing at all; ten times, one line without a traceback."""
    with structlog.testing.capture_logs() as logged:
        for _ in range(10):
            reader, writer = await server.connect()
            writer.write(raw)
            writer.write_eof()
            try:
                answer = await asyncio.wait_for(reader.read(), 10)
            except ConnectionError:
                answer = b""
            writer.close()
            assert answer == b"" or answer.split(b" ")[1].startswith(b"4")
    assert len(logged) <= 1
    assert all("exc_info" not in line for line in logged)
