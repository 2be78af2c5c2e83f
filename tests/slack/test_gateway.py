"""The Web API calls: one pool, waits that Slack asks for, errors sorted once."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web

from bot.domain.errors import (
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
)
from bot.domain.messages.slack_messages import Sending
from bot.playground.clock import InstantClock
from tests.slack.scripted import TOKEN, Script, as_json, scripted

OK = {"ok": True, "ts": "1.2", "view": {"id": "V1"}}


async def test_calls_share_one_connection() -> None:
    """Ten calls in a row, also to a response URL, are made over one connection."""
    script = Script(as_json(OK))
    async with scripted(script.handle) as (gateway, _, url):
        for _ in range(5):
            assert await gateway.post_message("C1", {"text": "hi"}, thread_ts="1.1") == "1.2"
            await gateway.respond(f"{url}respond", {"text": "hi"})
    assert len(script.bodies) == 10
    assert len(script.peers) == 1


async def test_a_429_is_waited_out_as_long_as_slack_says() -> None:
    """`Retry-After` is honoured, then the call goes through."""
    limited = as_json({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "7"})
    script = Script(limited, limited, as_json(OK))
    async with scripted(script.handle) as (gateway, clock, _):
        await gateway.post_message("C1", {"text": "hi"})
    assert len(script.bodies) == 3
    assert all(7 <= pause < 8 for pause in clock.slept)


async def test_a_429_longer_than_anybody_waits_is_told() -> None:
    """A `Retry-After` beyond our patience raises, with the time in it."""
    limited = as_json({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "800"})
    async with scripted(Script(limited).handle) as (gateway, clock, _):
        with pytest.raises(SlackLimitedError) as caught:
            await gateway.post_message("C1", {"text": "hi"})
    assert caught.value.retry_after_seconds == 800
    assert clock.slept == []


@pytest.mark.parametrize(
    "failure",
    [
        as_json({"ok": False, "error": "internal_error"}, 500),
        as_json({"ok": False, "error": "fatal_error"}),
        web.Response(status=503, text="<html>upstream</html>", content_type="text/html"),
        web.Response(status=200, text="<html>login</html>", content_type="text/html"),
        web.Response(status=502, text="not json", content_type="application/json"),
        ConnectionResetError(),
    ],
)
async def test_passing_failures_are_tried_again(failure: web.Response | Exception) -> None:
    """5xx, pages where JSON belongs, and lost connections get another try, after a pause."""
    script = Script(failure, as_json(OK))
    async with scripted(script.handle) as (gateway, clock, _):
        await gateway.publish_home("U1", {"type": "home"})
    assert len(script.bodies) == 2
    assert len(clock.slept) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(status: int) -> None:
    """Whoever redirects Slack's calls gets neither the message nor the token."""
    script = Script(web.Response(status=status, headers={"Location": "/elsewhere"}), as_json(OK))
    async with scripted(script.handle) as (gateway, clock, _):
        await gateway.publish_home("U1", {"type": "home"})
    assert len(clock.slept) == 1
    assert len(script.bodies) == 2
    assert all("home" in body for body in script.bodies)


async def test_a_failure_that_stays_is_raised_after_four_tries() -> None:
    """Nothing is tried without end."""
    script = Script(as_json({"ok": False, "error": "internal_error"}, 500))
    async with scripted(script.handle) as (gateway, clock, _):
        with pytest.raises(SlackPassingError):
            await gateway.publish_home("U1", {"type": "home"})
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
    script = Script(as_json({"ok": False, "error": code, "needed": "x"}))
    async with scripted(script.handle) as (gateway, _, _):
        with pytest.raises(kind) as caught:
            await gateway.post_message("C1", {"text": "hi"})
    assert caught.value.slack_code == code
    assert len(script.bodies) == 1
    assert TOKEN not in repr(caught.value)


async def test_a_trigger_is_not_waited_for_longer_than_it_lives() -> None:
    """`views.open` gives up at once where the wait outlasts the trigger's three seconds."""
    limited = as_json({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": "5"})
    async with scripted(Script(limited).handle) as (gateway, clock, _):
        with pytest.raises(SlackLimitedError):
            await gateway.open_view("T1", {"type": "modal"})
    assert clock.slept == []


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("1e12", 900), ("inf", 900), ("99999999999999999999", 900), ("nan", 1), ("soon", 1), ("0", 0)],
)
async def test_a_senseless_retry_after_is_cut(said: str, seconds: float) -> None:
    """Of a method and of a response URL."""
    limited = as_json({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": said})
    async with scripted(Script(limited).handle) as (gateway, _, url):
        with pytest.raises(SlackLimitedError) as caught:
            await gateway.send("C1", {"text": "hi"}, Sending("id"))
        assert caught.value.retry_after_seconds == seconds
        assert ("cut to 900 s" in caught.value.detail) is (seconds == 900)
        with pytest.raises(SlackLimitedError) as caught:
            await gateway.respond(f"{url}respond", {"text": "hi"})
        assert caught.value.retry_after_seconds == seconds


async def test_a_retry_after_may_be_a_date() -> None:
    """HTTP's other form."""
    clock = InstantClock()
    said = format_datetime(clock.now() + timedelta(seconds=30), usegmt=True)
    limited = as_json({"ok": False, "error": "ratelimited"}, 429, **{"Retry-After": said})
    async with scripted(Script(limited).handle) as (gateway, _, _):
        with pytest.raises(SlackLimitedError) as caught:
            await gateway.send("C1", {"text": "hi"}, Sending("id"))
    assert 28 <= caught.value.retry_after_seconds <= 31


async def test_identity_reads_the_scopes_from_the_header() -> None:
    """`auth.test` tells who we are; the scopes stand in a header."""
    answer = as_json({"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"})
    answer.headers["X-OAuth-Scopes"] = "commands, chat:write,"
    async with scripted(Script(answer).handle) as (gateway, _, _):
        identity = await gateway.identity()
    assert (identity.team_id, identity.user_id, identity.bot_id) == ("T1", "U1", "B1")
    assert identity.scopes == {"commands", "chat:write"}


@pytest.mark.parametrize("messages", [None, [], [None], "x"])
async def test_a_thread_without_a_root_has_none(messages: object) -> None:
    """Odd answers of `conversations.replies` are no root."""
    script = Script(as_json({"ok": True, "messages": messages}))
    async with scripted(script.handle) as (gateway, _, _):
        assert await gateway.thread_root("C1", "1.1") is None
