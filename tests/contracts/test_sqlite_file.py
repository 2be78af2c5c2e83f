"""A SQLite file that several processes have open: none loses what another wrote."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.contracts.facts import ADA, BOB, follow, opened

_COME_AND_GO = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM subscribers").fetchone()
connection.close()
"""


async def test_who_asks_whether_it_is_there_takes_no_locks_away(sqlite_url: str) -> None:
    """Another process that closes it must not think itself the last one: it would remove the log."""
    path = sqlite_url.removeprefix("sqlite:///")
    log = Path(f"{path}-wal")
    store = await opened(sqlite_url)
    subscription = await follow(store, ADA)
    await store.database.check_schema()
    other = await opened(sqlite_url)
    await other.database.close()
    passer_by = await asyncio.create_subprocess_exec(sys.executable, "-c", _COME_AND_GO, path)
    assert await passer_by.wait() == 0
    assert await asyncio.to_thread(log.exists)
    await follow(store, BOB)
    await store.database.close()
    again = await opened(sqlite_url)
    found = await again.subscriptions.subscription(subscription.id)
    assert found is not None
    assert found.subscribers == (ADA, BOB)
    await again.database.close()
