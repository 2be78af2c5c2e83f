"""The `Store` port: what every database has to do."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.domain.errors import StoreError
from bot.store.store import open_store


async def test_a_database_that_answers_is_fine(database_url: str) -> None:
    """`ping` returns, twice over."""
    store = open_store(database_url)
    await store.ping()
    await store.ping()


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
    """`ping` raises `StoreError`; neither it nor its cause shows the address."""
    with pytest.raises(StoreError, match="does not answer") as caught:
        await open_store(database_url).ping()
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"


async def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """A SQLite path that holds something else does not pass as a database."""
    (tmp_path / "jobbot.sqlite3").write_bytes(b"this is no database" * 100)
    with pytest.raises(StoreError):
        await open_store(f"sqlite:///{tmp_path}/jobbot.sqlite3").ping()


async def test_a_server_that_falls_silent_does_not_hold_us() -> None:
    """It takes the connection and then says nothing, not even to the farewell."""

    def said(kind: bytes, body: bytes) -> bytes:
        return kind + (len(body) + 4).to_bytes(4, "big") + body

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(4), "big")
        await reader.readexactly(size - 4)
        version, cancel_key = said(b"S", b"server_version\016.0\0"), said(b"K", bytes(8))
        writer.write(said(b"R", bytes(4)) + version + cancel_key + said(b"Z", b"I"))
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        address = f"postgresql://bot@{host}:{port}/jobs?sslmode=disable"
        store = open_store(address, ping_timeout_seconds=0.05)
        with pytest.raises(StoreError, match="TimeoutError"):
            await asyncio.wait_for(store.ping(), 5)
