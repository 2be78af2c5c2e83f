"""How a command begins: with settings and a log, or with the database; and where it cannot listen."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable

from bot.logs import configure_logging
from bot.settings import Settings, load_database, load_settings, warn_of_wrapping
from bot.store.store import DatabaseStore, open_store


def settings_and_log() -> Settings:
    """The settings, with the log as they want it.

    Raises:
        SettingsError: some are missing or malformed.
    """
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    warn_of_wrapping(type(settings).model_fields)
    return settings


def with_store(work: Callable[[DatabaseStore], Awaitable[None]]) -> int:
    """Do this with the store, and close it; the exit status. Of the settings only ``DATABASE_URL`` counts.

    Raises:
        SettingsError: ``DATABASE_URL`` is malformed.
        StoreError: the database does not answer, or its tables are of another version.
    """
    configure_logging("warning")

    async def done() -> None:
        store = open_store(load_database().database_url)
        try:
            await work(store)
        finally:
            await store.database.close()

    asyncio.run(done())
    return 0


def cannot_listen(host: str, port: int, error: OSError, advice: str) -> int:
    """Say so in a line, with what to do; the exit status."""
    # What asyncio says repeats the address; a name that cannot be looked up has no number of the system's.
    number = error.errno or 0
    reason = os.strerror(number) if number > 0 else str(error.strerror).partition(" (")[0]
    print(f"jobbot: cannot listen on {host}:{port}: {reason}. {advice}.", file=sys.stderr)
    return 1
