"""The store: what every database has to do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.playground.clock import ManualClock
from bot.readiness import StoreHealth
from bot.store.store import open_store
from tests.databases import empty_database


async def test_a_database_that_answers_is_fine(database_url: str) -> None:
    """`check_schema` returns, twice over."""
    store = open_store(database_url)
    await store.database.check_schema()
    await store.database.check_schema()


@pytest.mark.parametrize(
    "database_url",
    [
        "sqlite:////nowhere/at/all/jobbot.sqlite3",
        "postgresql://bot:hunter2@127.0.0.1:1/jobs",
        "postgres://bot:hunter2@127.0.0.1:1/jobs",
        "postgresql+asyncpg://bot:hunter2@127.0.0.1:1/jobs",
    ],
)
async def test_one_that_does_not_is_told_without_its_password(database_url: str) -> None:
    """`check_schema` raises `StoreError`; neither it nor its cause shows the address."""
    with pytest.raises(StoreError, match="does not answer") as caught:
        await open_store(database_url).database.check_schema()
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A SQLite path that holds something else does not pass as a database."""
    (tmp_path / "jobbot.sqlite3").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError):
        await open_store(f"sqlite:///{tmp_path}/jobbot.sqlite3").database.check_schema()


async def test_a_server_that_falls_silent_does_not_hold_us() -> None:
    """It takes the connection and then says nothing, not even to the farewell."""
    async with _server(b"") as address:
        store = open_store(address, ping_timeout_seconds=0.25)
        with pytest.raises(StoreError, match="TimeoutError"):
            await asyncio.wait_for(store.database.check_schema(), 5)


async def test_a_server_that_ends_the_connection_at_once_is_told() -> None:
    """Between our log-in and our first question, as an administrator may: the driver has odd words for it."""
    farewell = _said(b"E", b"SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0")
    async with _server(farewell) as address:
        store = open_store(address)
        with pytest.raises(StoreError, match="does not answer"):
            await store.database.check_schema()
        with pytest.raises(StoreError, match="does not answer"):
            await store.database.prepare()


@asynccontextmanager
async def _server(then: bytes) -> AsyncIterator[str]:
    """The address of a PostgreSQL that lets everybody in, says this, and nothing more."""
    open_writers = set[asyncio.StreamWriter]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_writers.add(writer)
        size = int.from_bytes(await reader.readexactly(4), "big")
        await reader.readexactly(size - 4)
        version, cancel_key = _said(b"S", b"server_version\x0016.0\0"), _said(b"K", bytes(8))
        writer.write(_said(b"R", bytes(4)) + version + cancel_key + _said(b"Z", b"I") + then)
        await reader.read()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        try:
            yield f"postgresql://bot@{host}:{port}/jobs?sslmode=disable"
        finally:
            # The server leaves the connections it took open, for the garbage collector to complain of.
            for writer in open_writers:
                writer.transport.abort()
            await asyncio.sleep(0)


def _said(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


async def test_errors_of_files_keep_their_reason(tmp_path: Path) -> None:
    """Which of them it was tells an operator what to do; the path is not told."""
    for name, reason in (("none/x.sqlite3", "ENOENT"), (".", "EISDIR")):
        with pytest.raises(StoreError, match=reason) as caught:
            await open_store(f"sqlite:///{tmp_path}/{name}").database.check_schema()
        assert str(tmp_path) not in caught.value.detail
    (tmp_path / "x.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="SQLITE_NOTADB"):
        await open_store(f"sqlite:///{tmp_path}/x.sqlite3").database.check_schema()


async def test_a_server_without_tables_is_not_ready(tmp_path: Path) -> None:
    """Though it answers: nothing could be stored there."""
    url = await asyncio.to_thread(empty_database, "postgresql", tmp_path)
    problem = await StoreHealth(open_store(url).database, ManualClock()).problem()
    assert problem is not None
    assert "has no tables yet" in problem
    assert "python -m bot migrate" in problem
