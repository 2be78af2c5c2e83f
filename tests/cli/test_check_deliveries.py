"""`check` on what keeps Slack's deliveries out: the clock, and what a bot that runs has seen of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.playground.serving import serving
from tests.cli.check_report import Around, everything_well


@pytest.fixture
async def around(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> AsyncIterator[Around]:
    """All is well, in Socket Mode."""
    async with everything_well(monkeypatch, capsys, tmp_path) as made:
        yield made


async def test_a_bot_that_runs_is_asked_what_only_it_knows(around: Around) -> None:
    """Its ``/readyz`` says that Slack's deliveries are refused, and so does the report."""
    checks = {"slack": "ok", "deliveries": "Slack's requests are refused: the signature is wrong. Is it?"}

    async def ready(_request: web.Request) -> web.Response:
        return web.json_response({"ready": False, "checks": checks}, status=503)

    app = web.Application()
    app.router.add_get("/readyz", ready)
    async with serving(app) as url:
        around.set("PORT", url.rpartition(":")[2])
        status, report = await around.check()
    assert status == 1
    assert "signature is wrong" in report["running bot deliveries"]
    assert "running bot slack" not in report


async def test_another_server_on_that_port_is_no_bot(around: Around) -> None:
    """Whatever it answers is not believed."""
    around.workspace.rates.enabled = False
    for body in (b"<html>", b"[]", b'{"checks": []}', b"\xff" * 100_000, b'{"checks": {}'):

        async def other(_request: web.Request, body: bytes = body) -> web.Response:
            return web.Response(body=body)

        app = web.Application()
        app.router.add_get("/readyz", other)
        async with serving(app) as url:
            around.set("PORT", url.rpartition(":")[2])
            status, report = await around.check()
        assert (status, report["running bot"].startswith("ok none answers")) == (0, True)


@pytest.mark.parametrize(
    ("ahead_seconds", "told"), [(900, "15 min ahead of Slack's"), (-120, "2 min behind Slack's")]
)
async def test_a_clock_that_is_off_is_told(around: Around, ahead_seconds: int, told: str) -> None:
    """By the date of Slack's own answer, before a request is refused for it."""
    real = f"{around.workspace.base_url}/api/auth.test"

    async def forward(request: web.Request) -> web.Response:
        kept = {"Authorization": request.headers["Authorization"]}
        async with ClientSession() as session, session.post(real, headers=kept) as answer:
            date = format_datetime(datetime.now(UTC) - timedelta(seconds=ahead_seconds), usegmt=True)
            scopes = answer.headers["X-OAuth-Scopes"]
            return web.Response(body=await answer.read(), headers={"Date": date, "X-OAuth-Scopes": scopes})

    app = web.Application()
    app.router.add_post("/api/auth.test", forward)
    around.unset("SLACK_APP_TOKEN")
    around.set("SLACK_SIGNING_SECRET", "hunter2")
    async with serving(app) as url:
        around.set("SLACK_API_URL", f"{url}/api/")
        status, report = await around.check()
    assert status == 1
    assert told in report["clock"]
