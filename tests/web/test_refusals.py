"""What the log and ``/readyz`` say where Slack's deliveries are refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
import structlog

from tests.web.served import Served, served

COMMAND = b"command=%2Fjob&text=help"


@pytest.fixture
async def server() -> AsyncIterator[Served]:
    """A fresh one."""
    async with served() as made:
        yield made


async def _readiness(server: Served) -> tuple[int, str]:
    raw = await server.send(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    head, _, body = raw.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), json.loads(body)["checks"]["deliveries"]


@pytest.mark.parametrize(
    ("ahead_seconds", "told"),
    [(900, "15 min ahead of Slack's"), (-900, "15 min behind Slack's"), (86_400, "1440 min ahead")],
)
async def test_a_clock_that_is_off_is_told(server: Served, ahead_seconds: int, told: str) -> None:
    """In the log once a minute with a count, and in ``/readyz`` until a delivery is taken."""
    headers = server.signed(COMMAND, ahead_seconds=ahead_seconds)
    with structlog.testing.capture_logs() as logged:
        for _ in range(5):
            assert await server.post(COMMAND, headers) == 401
        server.clock.advance(61)
        await server.post(COMMAND, server.signed(COMMAND, ahead_seconds=ahead_seconds))
    first, second = logged
    assert told in first["cause"]
    assert (first["log_level"], first["times"], second["times"]) == ("warning", 1, 5)
    status, problem = await _readiness(server)
    assert status == 503
    assert told in problem
    await server.post(COMMAND, server.signed(COMMAND))
    assert await _readiness(server) == (200, "ok")


async def test_a_wrong_secret_is_told(server: Served) -> None:
    """The log and ``/readyz`` name the setting, and neither quotes anything of the request."""
    headers = server.signed(COMMAND, secret="another")
    with structlog.testing.capture_logs() as logged:
        assert await server.post(COMMAND, headers) == 401
    assert "SLACK_SIGNING_SECRET" in logged[0]["cause"]
    assert headers["X-Slack-Signature"] not in repr(logged)
    status, problem = await _readiness(server)
    assert status == 503
    assert "SLACK_SIGNING_SECRET" in problem


async def test_strangers_do_not_make_it_unready(server: Served) -> None:
    """Where deliveries are taken a wrong signature says nothing, and what is not signed never does."""
    await server.post(COMMAND, server.signed(COMMAND))
    for headers in (server.signed(COMMAND, secret="another"), {"X-Slack-Signature": "x"}, {}):
        assert await server.post(COMMAND, headers) == 401
    assert await _readiness(server) == (200, "ok")


async def test_an_old_refusal_is_forgotten(server: Served) -> None:
    """Ten minutes later nobody knows whether it is still so."""
    await server.post(COMMAND, server.signed(COMMAND, secret="another"))
    assert (await _readiness(server))[0] == 503
    server.clock.advance(601)
    assert (await _readiness(server))[0] == 200
