"""The tables: made, found to be older or newer, and the same on every database."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.errors import SchemaError
from bot.playground.clock import ManualClock
from bot.readiness import LOOK_SECONDS, StoreHealth
from bot.store.database.revisions import NEWEST, REVISIONS
from bot.store.database.schema import FOLDER
from bot.store.store import open_store
from bot.store.tables.indexes import metadata
from tests.contracts.facts import ORG, follow, opened
from tests.databases import run_sql

HOW = "Run: python -m bot migrate"


def change(database_url: str, statement: str) -> None:
    """Run a statement behind the store's back, outside any loop."""
    if database_url.startswith("sqlite"):
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
            connection.execute(statement)
        connection.close()
    else:
        run_sql(database_url, statement)


def test_the_migrations_make_just_the_tables_of_the_code(empty_database_url: str) -> None:
    """Columns, keys, indexes and defaults; nothing is left to a later step by mistake."""
    asyncio.run(open_store(empty_database_url).database.migrate())

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        return list(compare_metadata(context, metadata))

    async def on_postgresql() -> list[object]:
        engine = create_async_engine(empty_database_url.replace("postgresql:", "postgresql+asyncpg:"))
        async with engine.connect() as connection:
            found = await connection.run_sync(differences)
        await engine.dispose()
        return found

    if empty_database_url.startswith("sqlite"):
        engine = create_engine(empty_database_url)
        with engine.connect() as connection:
            assert differences(connection) == []
        engine.dispose()
    else:
        assert asyncio.run(on_postgresql()) == []


def test_the_list_of_versions_is_the_migrations_own() -> None:
    """In their order: it is read without loading Alembic."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("recursive_version_locations", "true")
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == REVISIONS


async def test_migrating_says_what_it_did(empty_database_url: str) -> None:
    """The second time there is nothing to do."""
    store = open_store(empty_database_url)
    assert await store.database.migrate() == f"The tables were made: version {NEWEST}."
    assert await store.database.migrate() == f"The database was up to date: version {NEWEST}."
    await store.database.check_schema()
    await follow(store)
    await store.database.close()


async def test_two_may_migrate_at_once(empty_database_url: str) -> None:
    """One does it, the other finds it done."""
    done = await asyncio.gather(*(open_store(empty_database_url).database.migrate() for _ in range(3)))
    assert sorted(done) == [
        *[f"The database was up to date: version {NEWEST}."] * 2,
        f"The tables were made: version {NEWEST}.",
    ]


async def test_sqlite_gets_its_tables_by_itself(tmp_path: Path) -> None:
    """Also when many open the same new file at once. Only its owner reads it."""
    address = f"sqlite:///{tmp_path}/new.sqlite3"
    await open_store(address).database.check_schema()
    stores = await asyncio.gather(*(opened(address) for _ in range(4)))
    assert [(await store.watches.plan(ORG)).watched for store in stores] == [0] * 4
    for store in stores:
        await store.database.close()
    assert {entry.stat().st_mode & 0o777 for entry in os.scandir(tmp_path)} == {0o600}


async def test_postgresql_is_migrated_by_an_operator(empty_database_url: str) -> None:
    """Where there are no tables, both the check at the start and the first query say what to run."""
    if empty_database_url.startswith("sqlite"):
        return
    store = open_store(empty_database_url)
    for attempt in (store.database.check_schema, store.database.prepare, lambda: follow(store)):
        with pytest.raises(SchemaError, match=f"has no tables yet. {HOW}"):
            await attempt()
    await open_store(empty_database_url).database.migrate()
    await follow(store)
    await store.database.close()


def test_newer_tables_are_refused(empty_database_url: str) -> None:
    """A newer version of the bot made them: nothing here touches them."""
    asyncio.run(open_store(empty_database_url).database.migrate())
    store = open_store(empty_database_url)
    change(empty_database_url, "UPDATE alembic_version SET version_num = '9999'")
    for attempt in (
        store.database.check_schema,
        store.database.prepare,
        store.database.migrate,
        lambda: store.watches.plan(ORG),
    ):
        with pytest.raises(SchemaError, match="newer version of the bot"):
            asyncio.run(attempt())


async def test_an_upgrade_under_way_is_a_warning(database_url: str) -> None:
    """A process that runs already works on with tables that only grew: nobody has to be sent elsewhere."""
    store, clock = open_store(database_url), ManualClock()
    health = StoreHealth(store.database, clock)
    assert (await health.problem(), health.warnings) == (None, ())
    later = "UPDATE alembic_version SET version_num = '9999'"
    await asyncio.to_thread(change, database_url, later)
    clock.advance(LOOK_SECONDS)
    assert await health.problem() is None
    assert "newer than this process" in health.warnings[0]
    await asyncio.to_thread(change, database_url, later.replace("9999", NEWEST))
    clock.advance(LOOK_SECONDS)
    assert (await health.problem(), health.warnings) == (None, ())
    await store.database.close()
