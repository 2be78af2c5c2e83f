"""Deadlines and the bound on connections, over real ones."""

from __future__ import annotations

import asyncio
import contextlib
import resource

import pytest
import structlog

from bot import EVENTS_PATH
from bot.playground.clock import ManualClock
from bot.web import connections
from bot.web.accept_errors import limit_accept_errors
from bot.web.connections import (
    BODY_SECONDS,
    HEADER_SECONDS,
    KEEP_ALIVE_SECONDS,
    MAX_ACCEPTED_AT_ONCE,
    MAX_CONNECTIONS,
    OWN_DESCRIPTORS,
    accepted_at_once,
    most_connections,
)
from tests.web.served import Served, request, served

COMMAND = b"command=%2Fjob&text=help"
HEAD = f"POST {EVENTS_PATH} HTTP/1.1\r\nHost: x\r\n".encode()
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"


async def _settle(server: Served) -> None:
    """Let what was sent arrive: another whole request is answered after it."""
    await server.send(HEALTH + b"Connection: close\r\n\r\n")


async def _pass(server: Served, seconds: float) -> None:
    for _ in range(int(seconds) + 1):
        server.clock.advance(1)
        await asyncio.sleep(0)
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("begun", "seconds"),
    [
        (b"", HEADER_SECONDS),
        (HEAD, HEADER_SECONDS),
        (HEAD + b"Content-Length: 100\r\n\r\ncomm", BODY_SECONDS),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\ncomma\r\n", BODY_SECONDS),
    ],
    ids=["nothing", "some headers", "some of a body", "some chunks"],
)
async def test_what_is_not_finished_in_time_is_closed(begun: bytes, seconds: float) -> None:
    """With a 408, however often a little more comes; it is not closed before."""
    async with served() as server:
        reader, writer = await server.connect()
        writer.write(begun)
        await _settle(server)
        await _pass(server, seconds - 3)
        assert not reader.at_eof()
        if begun:
            writer.write(b"X" if begun == HEAD else b"a")
            await _settle(server)
        await _pass(server, 5)
        answer = await asyncio.wait_for(reader.read(), 10)
        assert answer.startswith(b"HTTP/1.1 408 ")
        writer.close()
        assert server.taken == []


async def test_a_second_request_has_deadlines_too() -> None:
    """A connection may rest between requests, but one that was begun has to end."""
    async with served() as server:
        reader, writer = await server.connect()
        writer.write(HEALTH + b"\r\n")
        assert b"200" in await asyncio.wait_for(reader.readline(), 10)
        await asyncio.wait_for(reader.readuntil(b"}"), 10)
        await _pass(server, HEADER_SECONDS + 5)
        writer.write(HEALTH + b"\r\n")
        assert b"200" in await asyncio.wait_for(reader.readline(), 10)
        await asyncio.wait_for(reader.readuntil(b"}"), 10)
        writer.write(HEALTH)
        await _settle(server)
        await _pass(server, HEADER_SECONDS + 1)
        assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 408 ")
        writer.close()


async def test_a_connection_that_rests_is_closed_without_a_word() -> None:
    """After 75 s: a client that comes back then opens another."""
    async with served() as server:
        reader, writer = await server.connect()
        writer.write(HEALTH + b"\r\n")
        await asyncio.wait_for(reader.readuntil(b"}"), 10)
        await _pass(server, KEEP_ALIVE_SECONDS + 1)
        with contextlib.suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()


async def test_unfinished_requests_cannot_keep_slack_out() -> None:
    """Where every place is held by somebody who does not finish, the one who waits longest gives way."""
    async with served(most=5) as server:
        held = []
        with structlog.testing.capture_logs() as logged:
            for _ in range(20):
                held.append(await server.connect())
                held[-1][1].write(HEAD + b"Content-Length: 9\r\n\r\n")
            for _ in range(10):
                assert await server.post(COMMAND, server.signed(COMMAND)) == 200
        assert len(server.taken) == 10
        assert [line["event"] for line in logged].count("too many connections") == 1
        assert len(logged) <= 2
        for _, writer in held:
            writer.close()


def test_the_bound_leaves_room_for_the_bots_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """At usual limits `OWN_DESCRIPTORS` are left; at tiny ones half of them."""
    for limit, most in [
        (1_048_576, MAX_CONNECTIONS),
        (resource.RLIM_INFINITY, MAX_CONNECTIONS),
        (256, 256 - OWN_DESCRIPTORS - 16),
        (64, 32),
    ]:
        monkeypatch.setattr(connections.resource, "getrlimit", lambda _which, limit=limit: (limit, limit))
        assert most_connections() == most


def test_a_burst_does_not_take_the_bots_own_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is accepted in one go has its descriptors before the first of it can be refused."""
    for limit in (256, 512, 700, 1024, 4096):
        monkeypatch.setattr(connections.resource, "getrlimit", lambda _which, limit=limit: (limit, limit))
        assert 1 <= accepted_at_once() <= MAX_ACCEPTED_AT_ONCE
        assert most_connections() + accepted_at_once() + OWN_DESCRIPTORS <= limit


async def test_accept_errors_are_logged_once_a_minute() -> None:
    """The event loop reports one for each try; everything else goes where it went before."""
    loop = asyncio.get_running_loop()
    passed_on = []
    loop.set_exception_handler(lambda _loop, context: passed_on.append(context["message"]))
    clock = ManualClock()
    undo = limit_accept_errors(clock)
    context = {
        "message": "socket.accept() out of system resource",
        "exception": OSError(24, "Too many open files"),
    }
    with structlog.testing.capture_logs() as logged:
        for _ in range(100):
            loop.call_exception_handler(context)
        clock.advance(61)
        loop.call_exception_handler(context)
        loop.call_exception_handler({"message": "another"})
    assert [line["times"] for line in logged] == [1, 100]
    assert passed_on == ["another"]
    undo()
    loop.call_exception_handler(context)
    assert len(passed_on) == 2
    loop.set_exception_handler(None)


async def test_requests_one_behind_another_are_all_answered() -> None:
    """Sent at once over one connection."""
    async with served() as server:
        body = request(COMMAND, server.signed(COMMAND)).replace(b"Connection: close\r\n", b"")
        answer = await server.send(body * 3 + request(COMMAND, server.signed(COMMAND)))
        assert answer.count(b"HTTP/1.1 200 ") == 4
        assert len(server.taken) == 4
