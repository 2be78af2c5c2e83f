"""What a ``response_url`` answers, in whatever way."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from bot.domain.errors import (
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackPassingError,
    SlackPermanentError,
    may_have_happened,
)
from tests.slack.scripted import Script, scripted
from tests.tables import each_row


@each_row("status", [200, 400, 403, 404, 410, 500])
@each_row(
    "text, code, kind",
    [
        ("used_url", "used_url", SlackGoneError),
        ("Used url", "used_url", SlackGoneError),
        ("expired_url", "expired_url", SlackGoneError),
        ("Expired url", "expired_url", SlackGoneError),
        ("no_service", "no_service", SlackGoneError),
        ("invalid_blocks", "invalid_blocks", SlackPermanentError),
        ("channel_is_archived", "channel_is_archived", SlackConversationError),
        ('{"ok":false,"error":"Expired url"}', "expired_url", SlackGoneError),
        ('{"ok": false, "error": "invalid_blocks", "messages": []}', "invalid_blocks", SlackPermanentError),
        ('{"error":"no_text"}', "no_text", SlackPermanentError),
        ('{"ok":false,"error":"a_code_nobody_knows"}', "a_code_nobody_knows", SlackPermanentError),
    ],
)
async def test_what_a_response_url_says_counts_before_its_status(
    status: int, text: str, code: str, kind: type[SlackError]
) -> None:
    """No document says which status comes with which words."""
    script = Script(web.Response(status=status, text=text))
    async with scripted(script.handle) as (gateway, _, url):
        with pytest.raises(kind) as caught:
            await gateway.respond(f"{url}respond", {"text": "hi"})
    assert caught.value.slack_code == code
    assert len(script.bodies) == 1


@pytest.mark.parametrize(
    ("status", "kind"), [(404, SlackGoneError), (410, SlackGoneError), (400, SlackPermanentError)]
)
async def test_a_response_url_that_says_nothing_is_known_by_its_status(
    status: int, kind: type[SlackError]
) -> None:
    """An empty page, or words nobody knows."""
    for text in ("", "bad luck"):
        async with scripted(Script(web.Response(status=status, text=text)).handle) as (gateway, _, url):
            with pytest.raises(kind):
                await gateway.respond(f"{url}respond", {"text": "hi"})


@pytest.mark.parametrize("text", ["ok", "", '{"ok":true}', "{}"])
async def test_a_response_url_that_took_it(text: str) -> None:
    """In any of the ways to say so."""
    async with scripted(Script(web.Response(text=text)).handle) as (gateway, _, url):
        await gateway.respond(f"{url}respond", {"text": "hi"})


async def test_a_web_page_is_no_ok_of_a_response_url() -> None:
    """A proxy answered in Slack's place; nobody knows how far it got."""
    page = web.Response(text="<html>log in</html>", content_type="text/html")
    script = Script(page)
    async with scripted(script.handle) as (gateway, _, url):
        with pytest.raises(SlackPassingError):
            await gateway.respond(f"{url}respond", {"text": "hi"})
    assert len(script.bodies) == 1


async def test_a_response_url_that_was_not_used_is_tried_again() -> None:
    """A 429 is waited out."""
    limited = web.Response(status=429, headers={"Retry-After": "2"})
    script = Script(limited, web.Response(text="ok"))
    async with scripted(script.handle) as (gateway, clock, url):
        await gateway.respond(f"{url}respond", {"text": "hi"})
    assert len(script.bodies) == 2
    assert clock.slept[0] >= 2


@pytest.mark.parametrize(
    ("body", "tries"), [({"text": "hi"}, 1), ({"replace_original": True}, 4), ({"delete_original": True}, 4)]
)
async def test_a_response_that_may_stand_is_not_given_twice(body: dict[str, Any], tries: int) -> None:
    """Unless it puts the same card into the same place."""
    script = Script(web.Response(status=503))
    async with scripted(script.handle) as (gateway, _, url):
        with pytest.raises(SlackPassingError) as caught:
            await gateway.respond(f"{url}respond", body)
    assert len(script.bodies) == tries
    assert may_have_happened(caught.value)
