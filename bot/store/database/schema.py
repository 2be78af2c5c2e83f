"""Bringing the tables up to this version, all in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.store.database.connection import Connected
from bot.store.database.revisions import NEWEST, check_revision

FOLDER: Final = Path(__file__).parent.parent / "migrations"
MIGRATION_LOCK: Final = 0x6A6F62626F74
"""A number of our own, so that two that migrate one PostgreSQL at once do so in turn."""


async def upgrade(connection: Connected) -> str | None:
    """Bring the tables up to this version; returns the version they had before.

    Raises:
        SchemaError: they are newer.
    """
    if await connection.run_sync(lambda each: each.dialect.name) == "postgresql":
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    return await connection.run_sync(_upgrade)


def alembic_config(connection: Connection) -> Config:
    """Alembic, set up without a file of its own."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection) -> str | None:
    before = _revision(connection)
    check_revision(before, may_be_older=True)
    if before != NEWEST:
        command.upgrade(alembic_config(connection), NEWEST)
    return before
