"""The HTTP edge and the process: what strangers send, whether it is ready, how it leaves."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog

from bot import EVENTS_PATH
from bot.app import Application
from bot.playground.clock import ManualClock
from bot.playground.serving import running
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import BOT, ME, TRAINING, Workspace, signed_headers
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World, settings_for, world
from tests.resting_loop import at_rest

FORM = "application/x-www-form-urlencoded"
ROOT = Path(__file__).parents[2]


async def _post(made: World, body: bytes | io.BytesIO, headers: Mapping[str, str]) -> tuple[int, str]:
    url = f"http://127.0.0.1:{made.bot.port}{EVENTS_PATH}"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


def _signed(made: World, body: bytes, content_type: str = FORM, **changed: str) -> dict[str, str]:
    secret = made.workspace.identity.signing_secret
    return {"Content-Type": content_type, **signed_headers(secret, body), **changed}


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Request-Timestamp": "17e9"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "1500000000"},
        {"X-Slack-Signature": "v0=0000"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=\u00e4"},
        {"X-Slack-Signature": "\u00e4" * 67},
    ],
)
@pytest.mark.parametrize("kind", ["command", "button", "mention"])
async def test_what_slack_did_not_sign_is_401(over_http: World, changed: dict[str, str], kind: str) -> None:
    """A bad signature, an old or malformed time: refused, nothing asked, nothing posted anywhere."""
    body, content_type = _unsigned(kind, f"{over_http.workspace.base_url}/respond/T/x")
    before = len(over_http.workspace.calls)
    for _ in range(3):
        status, _ = await _post(over_http, body, _signed(over_http, body, content_type, **changed))
        assert status == 401
    await over_http.ask("help")
    assert over_http.suite.counts.total() == 0
    assert len(over_http.workspace.calls) == before


def _unsigned(kind: str, response_url: str) -> tuple[bytes, str]:
    """What somebody would send who wants the bot to post: in a channel, or to an address."""
    if kind == "command":
        return urlencode({"command": "/job", "text": JOB, "response_url": response_url}).encode(), FORM
    if kind == "button":
        payload = {"type": "block_actions", "response_url": response_url, "actions": [{"action_id": "x"}]}
        return urlencode({"payload": json.dumps(payload)}).encode(), FORM
    event = {"type": "app_mention", "user": ME, "channel": TRAINING, "ts": "1.1", "text": JOB}
    return json.dumps({"type": "event_callback", "event": event}).encode(), "application/json"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"payload={", FORM),
        (b"", FORM),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'{"type": "event_callback"}', "application/json"),
        (b'{"type": "event_callback", "event": []}', "application/json"),
        (b'{"type": "event_callback", "event": {"type": "app_mention"}}', "application/json"),
        (
            b'{"type": "event_callback", "event": {"type": "app_mention", "user": 1, "channel": {}}}',
            "application/json",
        ),
        (b"payload=%7B%22type%22%3A%22block_actions%22%7D", FORM),
        (b"payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A%5B%5D%7D", FORM),
        (b"payload=%7B%22type%22%3A%22block_actions%22%2C%22actions%22%3A%5B%7B%7D%5D%7D", FORM),
        (b"command=%2Fjob", FORM),
        (b"command=%2Fother&text=x", FORM),
        (b"x" * 100_000, "text/plain"),
    ],
)
async def test_odd_bodies_do_not_break_it(over_http: World, body: bytes, content_type: str) -> None:
    """Signed nonsense gets an answer below 500, and the next question is answered."""
    status, _ = await _post(over_http, body, _signed(over_http, body, content_type))
    assert status < 500
    assert "support-tone-llama-8b" in text_of(await over_http.ask(JOB))


async def test_a_huge_body_is_refused(over_http: World) -> None:
    """More than a megabyte is 413, unread."""
    body = b"text=" + b"x" * 2_000_000
    status, _ = await _post(over_http, io.BytesIO(body), _signed(over_http, body))
    assert status == 413


async def test_slacks_challenge_is_answered(over_http: World) -> None:
    """`url_verification`: what Slack sends when the address is set."""
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "t"}).encode()
    status, text = await _post(over_http, body, _signed(over_http, body, "application/json"))
    assert (status, json.loads(text)) == (200, {"challenge": "abc"})


async def _get(made: World, path: str) -> tuple[int, Any]:
    url = f"http://127.0.0.1:{made.bot.port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.json()


async def test_it_tells_that_it_is_ready(each: World) -> None:
    """`/healthz` and `/readyz` are 200, each check is named."""
    assert await _get(each, "/healthz") == (200, {"status": "ok"})
    status, body = await _get(each, "/readyz")
    assert (status, body["ready"]) == (200, True)
    assert {"settings", "slack", "store"} <= body["checks"].keys()


async def test_the_database_is_asked_once_a_second(tmp_path: Path) -> None:
    """A probe every millisecond costs the database nothing; a change shows a second later."""
    folder = tmp_path / "data"
    folder.mkdir()
    async with world(database_url=f"sqlite:///{folder}/jobbot.sqlite3") as made:
        assert (await _get(made, "/readyz"))[0] == 200
        folder.rename(tmp_path / "elsewhere")
        assert (await _get(made, "/readyz"))[0] == 200
        await made.let_pass(1)
        status, body = await _get(made, "/readyz")
    assert (status, body["ready"]) == (503, False)
    assert "does not answer" in body["checks"]["store"]


async def test_without_its_websocket_it_is_not_ready() -> None:
    """In Socket Mode being connected is part of being ready; HTTP takes nothing from Slack."""
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    workspace.faults.fail_next(1, "server_error", method="apps.connections.open")
    async with running(workspace, suite) as servers:
        urls = {"slack_api_url": servers.slack_api_url, "simplismart_api_url": servers.training_api_url}
        bot = Application(settings_for(workspace, "socket", simplismart_org_id="o", **urls), clock=clock)
        await bot.start()
        made = World(workspace, suite, clock, bot)
        status, body = await _get(made, "/readyz")
        assert (status, body["checks"]["socket_mode"]) == (503, "not connected")
        assert (await _post(made, b"", {}))[0] == 404
        await bot.stop()


async def test_a_token_that_slack_refuses_is_not_ready() -> None:
    """The process lives and says why it cannot serve; when Slack takes the token, it is ready."""
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    workspace.faults.account_error = "invalid_auth"
    async with running(workspace, suite) as servers:
        urls = {"slack_api_url": servers.slack_api_url, "simplismart_api_url": servers.training_api_url}
        bot = Application(settings_for(workspace, "http", simplismart_org_id="o", **urls), clock=clock)
        await bot.start()
        made = World(workspace, suite, clock, bot)
        await at_rest()
        assert (await _get(made, "/healthz"))[0] == 200
        status, body = await _get(made, "/readyz")
        assert (status, body["checks"]["slack"]) == (503, "auth.test failed: invalid_auth")
        workspace.faults.reset()
        await made.let_pass(1)
        assert (await _get(made, "/readyz"))[0] == 200
        await bot.stop()


async def test_socket_mode_needs_no_port() -> None:
    """A port that is taken, or a HOST that is none (conda sets one), costs only the health checks."""
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    workspace.rates.enabled = False  # Slack lets a socket be asked for once a minute: two bots come here
    async with running(workspace, suite) as servers:
        taken = int(servers.slack_api_url.split(":")[2].split("/")[0])
        for where in ({"port": taken}, {"host": "x86_64-conda-linux-gnu.invalid"}):
            settings = settings_for(
                workspace,
                "socket",
                slack_api_url=servers.slack_api_url,
                simplismart_api_url=servers.training_api_url,
                simplismart_org_id=suite.org_id,
            ).model_copy(update=where)
            bot = Application(settings, clock=clock)
            with structlog.testing.capture_logs() as logged:
                await bot.start()
            assert "no health checks: cannot listen" in [line["event"] for line in logged]
            await workspace.wait_for(lambda: workspace.socket.connections or None)
            await World(workspace, suite, clock, bot).ask("help")
            await bot.stop(grace_seconds=1)


async def test_bots_and_edits_are_left_alone(over_http: World) -> None:
    """The bot answers people: not bots, not edits, not joins, not words to others."""
    people = {"user": ME, "channel": TRAINING, "ts": "1.1", "text": f"<@U0JOBBOT01> {JOB}"}
    for number, odd in enumerate(
        [
            {"type": "app_mention", "bot_id": "B1"},
            {"type": "app_mention", "subtype": "bot_message"},
            {"type": "message", "channel_type": "im", "subtype": "message_changed"},
            {"type": "message", "channel_type": "im", "subtype": "channel_join"},
            {"type": "message", "channel_type": "channel"},
            {"type": "app_mention", "user": BOT},
        ],
    ):
        event = {
            "type": "event_callback",
            "team_id": "T0PLAYGRND",
            "event_id": f"Ev{number}",
            "event": {**people, **odd},
        }
        assert (await over_http.workspace.deliver_event(event)).ok
    await over_http.ask("help")
    assert over_http.workspace.calls_of("chat.postMessage") == []


async def test_bolt_has_nothing_to_say_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    """Neither of a token that it would ignore, nor of anything else that an operator can't change."""
    async with world():
        assert [
            each.getMessage()
            for each in caplog.get_records("setup") + caplog.records
            if each.name.startswith("slack_bolt")
        ] == []
