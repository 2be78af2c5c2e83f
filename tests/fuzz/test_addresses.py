"""Whatever a stranger sends to the port: to pages of the installation, metrics, health, and nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from inspect import signature
from typing import Any
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from bot import EVENTS_PATH, INSTALL_PATH, OAUTH_REDIRECT_PATH
from bot.playground.clock import InstantClock
from bot.playground.workspace import ME
from bot.playground.workspace.oauth.grants import Approval
from bot.web.server import WebServer
from tests.e2e.by_click import HOME
from tests.e2e.crossing.opening import SCOPES
from tests.e2e.world import World
from tests.fuzz.budget import fuzzed
from tests.fuzz.conftest import judge_of
from tests.fuzz.mutations import LETTERS, TEXTS
from tests.resting_loop import at_rest

_ROUTES = (EVENTS_PATH, INSTALL_PATH, OAUTH_REDIRECT_PATH, "/healthz", "/readyz", "/metrics")
_NO_ROUTES = ("/", "*", "//x", "/slack", "/metrics/", "/%2e%2e/etc", "/%ff%00", "http://x/healthz", "x:443")
PATHS = (*_ROUTES, *_NO_ROUTES)
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW")
_WORDS = st.sampled_from([*TEXTS, *LETTERS, "code", "xoxb-1-abc"])
_BYTES = st.binary(max_size=40) | _WORDS.map(lambda text: text.encode("utf-8", "surrogatepass"))
_QUERY = st.lists(
    st.tuples(
        st.sampled_from(["code", "state", "error", "team", "error_description", "x", "state[]", ""]), _BYTES
    ),
    max_size=5,
)
_HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            ["Cookie", "Content-Type", "Content-Encoding", "Transfer-Encoding", "X-Slack-Signature",
             "X-Slack-Request-Timestamp", "Accept", "Range", "Authorization", "X-Forwarded-For"]
        ),
        _BYTES,
    ),
    max_size=4,
)  # fmt: skip
_ALLOWED_5XX = {503: "/readyz"}
"""That is how it says that it is not ready."""


async def _asked(made: World, raw: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", made.bot.port)
    writer.write(raw)
    try:
        return await asyncio.wait_for(reader.read(), 30)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def _request(method: str, path: str, query: Any, headers: Any, body: bytes) -> bytes:
    target = path + ("?" + "&".join(f"{name}={quote(value)}" for name, value in query) if query else "")
    lines = [f"{method} {target} HTTP/1.1".encode(), b"Host: x", b"Connection: close"]
    lines += [f"Content-Length: {len(body)}".encode()] if body else []
    lines += [
        name.encode() + b": " + value.replace(b"\r", b"").replace(b"\n", b"") for name, value in headers
    ]
    return b"\r\n".join([*lines, b"", body])


def _problem(answer: bytes, path: str) -> str:
    """What is wrong with an answer; a connection that is closed without one is fine."""
    if not answer:
        return ""
    status = int(answer.split(b" ", 2)[1])
    if status >= 500 and _ALLOWED_5XX.get(status) != path and status not in {501, 505}:
        return f"{path}: {answer[:300]!r}"
    return ""


@fuzzed(120)
@given(
    line=st.tuples(st.sampled_from(METHODS), st.sampled_from(PATHS)),
    query=_QUERY,
    headers=_HEADERS,
    body=st.just(b"") | st.binary(max_size=200) | st.just(b"[" * 40_000) | st.just(b"x" * 2_000_000),
)
async def test_whatever_a_stranger_asks(  # noqa: PLR0913, PLR0917  (the parts of a request)
    over_http: World,
    log: Callable[[], str],
    line: tuple[str, str],
    query: Any,
    headers: Any,
    body: bytes,
) -> None:
    """An answer below 500, without a secret, and no failure."""
    judge = judge_of(over_http, log)
    answer = await _asked(over_http, _request(*line, query, headers, body))
    await at_rest()
    found = [*judge.findings(), _problem(answer, line[1]), *judge.shown(answer.decode("latin-1"), "answered")]
    assert not any(found), found


@fuzzed(40)
@given(
    error=st.sampled_from(["", "access_denied", *TEXTS[:20]]),
    code=st.none() | _BYTES,
    state=st.sampled_from(["sound", "cut", "twice", "none", "odd"]),
    cookie=st.sampled_from(["sound", "cut", "many", "none"]),
)
async def test_whatever_comes_back_from_slack(  # noqa: PLR0913, PLR0917  (the parts of a request)
    over_http: World, log: Callable[[], str], error: str, code: bytes | None, state: str, cookie: str
) -> None:
    """A state of ours with something wrong beside it: a page, and what is installed stays."""
    begun = await _asked(over_http, _request("GET", INSTALL_PATH, [], [], b""))
    given_state = begun.split(b"state=")[1].split(b"&")[0]
    given_cookie = begun.split(b"Set-Cookie: ")[1].split(b";")[0]
    states = {"sound": [given_state], "cut": [given_state[:-1]], "twice": [given_state] * 2, "none": []}
    cookies = {"sound": given_cookie, "cut": given_cookie[:-1], "many": b"a=b; " * 2_000 + given_cookie}
    query: list[tuple[str, bytes]] = [("state", each) for each in states.get(state, [b"\0\xff.1"])]
    query += [("code", code)] if code is not None else []
    query += [("error", error.encode("utf-8", "surrogatepass"))] if error else []
    headers = [("Cookie", cookies[cookie])] if cookie in cookies else []
    judge = judge_of(over_http, log)
    answer = await _asked(over_http, _request("GET", OAUTH_REDIRECT_PATH, query, headers, b""))
    found = [
        _problem(answer, OAUTH_REDIRECT_PATH),
        *judge.findings(),
        *judge.shown(answer.decode("latin-1"), "answered"),
    ]
    assert not any(found), found
    async with over_http.stored() as store:
        assert [each.team_id for each in await store.installations.installations()] == [HOME]


def test_every_route_is_asked() -> None:
    """Of a server with everything that it can serve: one that is added fails here until it is among them."""
    parts: dict[str, Any] = {name: _Anything() for name in signature(WebServer).parameters}
    server = WebServer(**parts | {"clock": InstantClock(), "name": "of a test"})
    routes = server._app.router.routes()  # noqa: SLF001  (nobody else asks for them)
    assert {each.resource.canonical for each in routes if each.resource} == set(_ROUTES)


class _Anything:
    """In the place of what answers a request."""

    def __getattr__(self, _name: str) -> Callable[..., Awaitable[None]]:
        return self.answer

    async def answer(self, *_asked: Any) -> None:
        """Nothing."""


async def test_an_installation_still_works_then(over_http: World, log: Callable[[], str]) -> None:
    """What was fuzzed is the real thing: with everything sound it installs."""
    judge = judge_of(over_http, log)
    begun = await _asked(over_http, _request("GET", INSTALL_PATH, [], [], b""))
    state, cookie = begun.split(b"state=")[1].split(b"&")[0], begun.split(b"Set-Cookie: ")[1].split(b";")[0]
    code = over_http.workspace.grants.approve(Approval(HOME, ME, SCOPES)).encode()
    query = [("state", state), ("code", code)]
    answer = await _asked(over_http, _request("GET", OAUTH_REDIRECT_PATH, query, [("Cookie", cookie)], b""))
    assert b"jobbot is installed" in answer
    assert judge.findings() == []
