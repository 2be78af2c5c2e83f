"""The Web API calls: one pool, waits that Slack asks for, errors sorted once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.errors import (
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
)
from bot.playground.clock import InstantClock
from bot.slack.gateway import SlackWebGateway, open_session

TOKEN = "xoxb-1-hunter2"
Handler = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def _gateway(handler: Handler) -> AsyncIterator[tuple[SlackWebGateway, InstantClock, str]]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    clock = InstantClock()
    async with TestServer(app) as server, open_session() as session:
        url = str(server.make_url("/api/"))
        yield SlackWebGateway(session, url, TOKEN, clock, lambda: 0.5), clock, url


class _Script:
    """Answers in turn, the last one for ever; keeps who connected and what was sent."""

    def __init__(self, *answers: web.Response | Exception) -> None:
        self._answers = list(answers)
        self.bodies: list[str] = []
        self.peers: set[object] = set()

    async def answer(self, request: web.Request) -> web.Response:
        self.peers.add(request.transport and request.transport.get_extra_info("peername"))
        self.bodies.append(await request.text())
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            assert request.transport
            request.transport.close()
            return web.Response()
        return web.Response(
            status=answer.status,
            body=answer.body,
            headers={k: v for k, v in answer.headers.items() if k != "Content-Length"},
        )


def _json(body: object, status: int = 200, **headers: str) -> web.Response:
    return web.json_response(body, status=status, headers=headers)


OK = {"ok": True, "ts": "1.2", "view": {"id": "V1"}}


async def test_calls_share_one_connection() -> None:
    """Ten calls in a row, also to a response URL, are made over one connection."""
    script = _Script(_json(OK))
    async with _gateway(script.answer) as (gateway, _, url):
        for _ in range(5):
            assert await gateway.post_message("C1", {"text": "hi"}, thread_ts="1.1") == "1.2"
            await gateway.respond(f"{url}respond", {"text": "hi"})
    assert len(script.bodies) == 10
    assert len(script.peers) == 1


async def test_a_429_is_waited_out_as_long_as_slack_says() -> None:
    """`Retry-After` is honoured, then the call goes through."""
    limited = _json({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "7"})
    script = _Script(limited, limited, _json(OK))
    async with _gateway(script.answer) as (gateway, clock, _):
        await gateway.post_message("C1", {"text": "hi"})
    assert len(script.bodies) == 3
    assert all(7 <= pause < 8 for pause in clock.slept)


async def test_a_429_longer_than_anybody_waits_is_told() -> None:
    """A `Retry-After` beyond our patience raises, with the time in it."""
    limited = _json({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "3000"})
    async with _gateway(_Script(limited).answer) as (gateway, clock, _):
        with pytest.raises(SlackLimitedError) as caught:
            await gateway.post_message("C1", {"text": "hi"})
    assert caught.value.retry_after_seconds == 3000
    assert clock.slept == []


@pytest.mark.parametrize(
    "failure",
    [
        _json({"ok": False, "error": "internal_error"}, 500),
        _json({"ok": False, "error": "fatal_error"}),
        web.Response(status=503, text="<html>upstream</html>", content_type="text/html"),
        web.Response(status=200, text="<html>login</html>", content_type="text/html"),
        web.Response(status=502, text="not json", content_type="application/json"),
        ConnectionResetError(),
    ],
)
async def test_passing_failures_are_tried_again(failure: web.Response | Exception) -> None:
    """5xx, pages where JSON belongs, and lost connections get another try, after a pause."""
    script = _Script(failure, _json(OK))
    async with _gateway(script.answer) as (gateway, clock, _):
        assert await gateway.post_message("C1", {"text": "hi"}) == "1.2"
    assert len(clock.slept) >= 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """Whoever redirects Slack's calls gets neither the message nor the token."""
    script = _Script(web.Response(status=status, headers={"Location": "/elsewhere"}), _json(OK))
    async with _gateway(script.answer) as (gateway, clock, _):
        assert await gateway.post_message("C1", {"text": "hi"}) == "1.2"
    assert len(clock.slept) == 1
    assert len(script.bodies) == 2
    assert all("hi" in body for body in script.bodies)


async def test_a_failure_that_stays_is_raised_after_four_tries() -> None:
    """Nothing is tried without end."""
    script = _Script(_json({"ok": False, "error": "internal_error"}, 500))
    async with _gateway(script.answer) as (gateway, clock, _):
        with pytest.raises(SlackPassingError):
            await gateway.post_message("C1", {"text": "hi"})
    assert len(script.bodies) == 4
    assert clock.slept == sorted(clock.slept)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("is_archived", SlackPermanentError),
        ("channel_not_found", SlackPermanentError),
        ("token_revoked", SlackPermanentError),
        ("a_code_nobody_knows", SlackPermanentError),
        ("expired_trigger_id", SlackGoneError),
        ("message_not_found", SlackGoneError),
    ],
)
async def test_refusals_are_final_and_sorted(code: str, kind: type[SlackError]) -> None:
    """Slack's own refusals are not tried again and keep their code."""
    script = _Script(_json({"ok": False, "error": code, "needed": "x"}))
    async with _gateway(script.answer) as (gateway, _, _):
        with pytest.raises(kind) as caught:
            await gateway.post_message("C1", {"text": "hi"})
    assert caught.value.slack_code == code
    assert len(script.bodies) == 1
    assert TOKEN not in repr(caught.value)


async def test_a_trigger_is_not_waited_for_longer_than_it_lives() -> None:
    """`views.open` gives up at once where the wait outlasts the trigger's three seconds."""
    limited = _json({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "5"})
    async with _gateway(_Script(limited).answer) as (gateway, clock, _):
        with pytest.raises(SlackLimitedError):
            await gateway.open_view("T1", {"type": "modal"})
    assert clock.slept == []


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (404, "used_url", SlackGoneError),
        (404, "expired_url", SlackGoneError),
        (404, "", SlackGoneError),
        (400, "invalid_blocks", SlackPermanentError),
    ],
)
async def test_a_response_url_that_is_used_up_is_gone(
    status: int,
    text: str,
    kind: type[SlackError],
) -> None:
    """What the `response_url` answers is sorted like the Web API's codes."""
    script = _Script(web.Response(status=status, text=text))
    async with _gateway(script.answer) as (gateway, _, url):
        with pytest.raises(kind):
            await gateway.respond(f"{url}respond", {"text": "hi"})
    assert len(script.bodies) == 1


async def test_a_response_url_that_fails_for_now_is_tried_again() -> None:
    """429 and 5xx of a `response_url` are waited out too."""
    limited = web.Response(status=429, headers={"Retry-After": "2"})
    script = _Script(limited, web.Response(status=503), web.Response(text="ok"))
    async with _gateway(script.answer) as (gateway, clock, url):
        await gateway.respond(f"{url}respond", {"text": "hi"})
    assert len(script.bodies) == 3
    assert clock.slept[0] >= 2


async def test_identity_reads_the_scopes_from_the_header() -> None:
    """`auth.test` tells who we are; the scopes stand in a header."""
    answer = _json({"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"})
    answer.headers["X-OAuth-Scopes"] = "commands, chat:write,"
    async with _gateway(_Script(answer).answer) as (gateway, _, _):
        identity = await gateway.identity()
    assert (identity.team_id, identity.user_id, identity.bot_id) == ("T1", "U1", "B1")
    assert identity.scopes == {"commands", "chat:write"}


@pytest.mark.parametrize("messages", [None, [], [None], "x"])
async def test_a_thread_without_a_root_has_none(messages: object) -> None:
    """Odd answers of `conversations.replies` are no root."""
    script = _Script(_json({"ok": True, "messages": messages}))
    async with _gateway(script.answer) as (gateway, _, _):
        assert await gateway.thread_root("C1", "1.1") is None
