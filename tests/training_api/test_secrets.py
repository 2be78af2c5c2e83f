"""The key is in no exception: not in its words, its attributes, its causes or what a traceback prints."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import httpx
import pytest

from bot.domain.errors import TrainingApiError
from tests.tables import each_row
from tests.training_api.loopback import http, serve
from tests.training_api.upstream import JOB_ID, TOKEN, Scripted, Upstream, failing, make_client

HEADERS = {"Authorization": f"Bearer {TOKEN}"}
REQUEST = httpx.Request("GET", "https://training.example/job/get/", headers=HEADERS)
ANSWERS: list[Scripted | Exception] = [
    *(failing(status, f"Bearer {TOKEN} is refused") for status in (400, 401, 403, 404, 418, 429, 500, 503)),
    Scripted(200, (f"<html>{TOKEN}".encode(),), {"content-type": f"text/{TOKEN}"}),
    Scripted(200, (f'["{TOKEN}"]'.encode(),)),
    Scripted(401, (TOKEN.encode(),)),
    Scripted(302, (), {"location": f"https://elsewhere.example/?token={TOKEN}"}),
    Scripted(302, (), {"location": f"http://[{TOKEN}"}),
    Scripted(200, (b"{}",), {"content-encoding": TOKEN}),
    *(
        kind(f"Bearer {TOKEN}", request=REQUEST)
        for kind in (
            httpx.ConnectError,
            httpx.ReadTimeout,
            httpx.RemoteProtocolError,
            httpx.UnsupportedProtocol,
        )
    ),
]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, its causes and its contexts."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def everything_said_by(error: BaseException) -> str:
    """Whatever a logger could print of it."""
    said = [traceback.format_exception(error)]
    said += [[repr(link), str(link), repr(link.args), repr(vars(link))] for link in chain(error)]
    return repr(said)


@each_row("answer", ANSWERS)
async def test_no_answer_makes_the_key_appear(answer: Scripted | Exception) -> None:
    """Whatever the server or httpx says, with the key in it."""
    with pytest.raises(TrainingApiError) as caught:
        await make_client(Upstream(answer)).job(JOB_ID)
    assert TOKEN not in everything_said_by(caught.value)
    assert not [link for link in chain(caught.value) if isinstance(link, httpx.HTTPError)]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        f"HTTP/1.1 200 OK\r\n{TOKEN}\r\n\r\n".encode(),
        http(TOKEN.encode(), status="401 No"),
        TOKEN.encode(),
    ],
)
async def test_no_connection_makes_the_key_appear(answer: bytes) -> None:
    """The same over real sockets, where aiohttp's errors hold the request."""
    async with serve(answer, then_close=True) as server:
        client = make_client(None, base_url=server.base_url)
        with pytest.raises(TrainingApiError) as caught:
            await client.job(JOB_ID)
        await client.aclose()
    assert TOKEN not in everything_said_by(caught.value)
    assert {type(link).__module__ for link in chain(caught.value)} == {"bot.domain.errors"}
