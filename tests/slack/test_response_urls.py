"""Where answers may be posted, and how much of what comes back is read."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.errors import SlackError, SlackPermanentError
from bot.playground.clock import InstantClock
from bot.slack.gateway import SlackWebGateway, open_session, web_client
from bot.slack.web_api.bounded import MAX_ANSWER_BYTES
from bot.slack.web_api.response_urls import slacks_own
from tests.tables import each_row

API = "https://slack.com/api/"
TOO_MUCH = 3 * MAX_ANSWER_BYTES


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/commands/T1/2/3",
        "https://hooks.slack.com:443/actions/T1/2/3",
        "https://HOOKS.SLACK.COM/actions/T1/2/3",
        "https://hooks.slack-gov.com/commands/T1/2/3",
        "https://slack.com/x",
    ],
)
def test_slacks_own_addresses(url: str) -> None:
    """Every workspace's, also where the Web API is reached through something else."""
    assert slacks_own(url, API)
    assert slacks_own(url, "http://127.0.0.1:3000/api/")


def test_the_host_of_the_web_api_counts() -> None:
    """A test server, or a proxy, may hand out addresses of its own."""
    assert slacks_own("http://127.0.0.1:4000/respond/x", "http://127.0.0.1:3000/api/")


@each_row(
    "url",
    [
        "",
        "x",
        "https://",
        "http://hooks.slack.com/commands/T1/2/3",
        "https://hooks.slack.com:8443/x",
        "https://hooks.slack.com@evil.example/x",
        "https://hooks.slack.com:x@evil.example/x",
        "https://user@hooks.slack.com/x",
        "https://evil.example/hooks.slack.com",
        "https://evil.example\\@hooks.slack.com/x",
        "https://evil.example#@hooks.slack.com/x",
        "https://evilslack.com/x",
        "https://slack.com.evil.example/x",
        "https://hooks.slack.com.evil.example/x",
        "https://\u0455lack.com/x",
        "//hooks.slack.com/x",
        "ftp://hooks.slack.com/x",
        "file:///etc/passwd",
        "http://127.0.0.1:3000/x",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x",
        "http://[",
        "https://hooks.slack.com:99999999/x",
    ],
)
async def test_any_other_address_is_never_asked(url: str) -> None:
    """Refused before anything is sent, and not quoted in the error."""
    async with open_session() as session:
        gateway = SlackWebGateway(session, API, "xoxb-1", InstantClock(), lambda: 0.5)
        with pytest.raises(SlackPermanentError) as raised:
            await gateway.respond(url, {"text": "x"})
    assert "evil" not in f"{raised.value.detail} {raised.value!r}"


@pytest.fixture(params=["plain", "gzip"])
async def flood(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A server that answers everything with far too much."""
    packed = gzip.compress(b"\0" * TOO_MUCH) if request.param == "gzip" else b""

    async def answer(_request: web.Request) -> web.Response:
        if packed:
            return web.Response(body=packed, headers={"Content-Encoding": "gzip"})
        return web.Response(body=b"\0" * TOO_MUCH)

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


async def test_answers_are_read_up_to_a_limit(flood: str) -> None:
    """Our calls, a ``response_url`` and the SDK's calls end in an error, not in memory."""
    async with open_session() as session:
        gateway = SlackWebGateway(session, f"{flood}api/", "xoxb-1", InstantClock(), lambda: 0.5)
        for attempt in (gateway.identity(patience_seconds=0), gateway.respond(f"{flood}x", {"text": "x"})):
            with pytest.raises(SlackError):
                await attempt
        with pytest.raises(Exception, match="more than"):
            await web_client(session, "xoxb-1", f"{flood}api/").auth_test()
