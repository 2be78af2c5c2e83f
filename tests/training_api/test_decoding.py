"""Answers that come compressed although that was not asked for."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import KeyRejectedError, UnreadableError
from bot.domain.job import JobStatus
from bot.training_api.decoding import read_body
from tests.training_api.upstream import JOB_ID, TOKEN, Scripted, Upstream, make_client

DOCUMENT = json.dumps({"status": "RUNNING", "error_message": "x" * 5000}).encode()


def _answer(body: bytes, encoding: str, status: int = 200, size: int = 7) -> Scripted:
    chunks = tuple(body[start : start + size] for start in range(0, len(body), size))
    return Scripted(status, chunks, {"content-encoding": encoding})


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(DOCUMENT, mtime=0)),
        (" GZIP ", gzip.compress(DOCUMENT, mtime=0)),
        ("x-gzip", gzip.compress(DOCUMENT, mtime=0)),
        ("deflate", zlib.compress(DOCUMENT)),
        ("identity", DOCUMENT),
        ("", DOCUMENT),
    ],
)
async def test_what_a_proxy_compressed_is_read(encoding: str, body: bytes) -> None:
    """In whatever pieces it arrives."""
    document = await make_client(Upstream(_answer(body, encoding))).job(JOB_ID)
    assert (document.job.status, document.body) == (JobStatus.RUNNING, DOCUMENT)


async def test_a_bomb_is_refused_while_it_is_unpacked() -> None:
    """The 2 MiB are counted in what comes out: of 64 MiB in one piece no more is ever held."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join([*(packer.compress(b" " * 2**20) for _ in range(64)), packer.flush()])
    with pytest.raises(UnreadableError, match="over 2097152 bytes"):
        await make_client(Upstream(_answer(bomb, "gzip", size=len(bomb)))).job(JOB_ID)


@pytest.mark.parametrize(
    ("encoding", "body", "told"),
    [
        ("gzip", b"\x1f\x8b not even gzip", "no JSON object"),
        ("gzip", gzip.compress(DOCUMENT, mtime=0)[:-20], "no JSON object"),
        ("br", b"\x0b\x02\x80{}\x03", "compressed"),
        ("gzip, br", gzip.compress(DOCUMENT, mtime=0), "compressed"),
    ],
)
async def test_what_cannot_be_unpacked_is_unreadable(encoding: str, body: bytes, told: str) -> None:
    """Broken, cut, or in a way that nobody asked for and we do not know."""
    with pytest.raises(UnreadableError, match=told):
        await make_client(Upstream(_answer(body, encoding))).job(JOB_ID)


@pytest.mark.parametrize(
    "body", [gzip.compress(f"the key {TOKEN} is bad".encode(), mtime=0), b"\x1f\x8b broken"]
)
async def test_an_error_is_still_the_error_it_is(body: bytes) -> None:
    """A refused key is told as one, however its page is packed, and the key is not in it."""
    with pytest.raises(KeyRejectedError) as caught:
        await make_client(Upstream(_answer(body, "gzip", status=401))).job(JOB_ID)
    assert TOKEN not in caught.value.detail


async def test_what_comes_behind_the_end_is_not_read() -> None:
    """A compressed body that goes on for ever after its end: it ends there, and costs nothing more."""
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        yield gzip.compress(b'{"a": 1}')
        while True:
            taken += 1
            yield b"\0" * 65_536

    body = await read_body(endless(), {"content-encoding": "gzip"}, 1_000_000)
    assert (body, taken) == (b'{"a": 1}', 0)
