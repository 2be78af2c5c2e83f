"""Code of an earlier version goes on beside this one, over this one's tables.

A clone need not have that code, so its statements stand in tests/data/statements: every one that the store
said in the contract's tests, on each database. Here each is planned on the tables as they are now, and each
that adds a row gives every column that has to be given.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import asyncpg

from bot.store.database.revisions import REVISIONS
from bot.store.store import open_store
from bot.store.tables import metadata
from tests.contracts.statements import recorded
from tests.databases import change

_FEWEST = 250
"""Statements of a version: else a recording was cut short."""
_BEFORE_WORKSPACES = "0016"
"""The tables of the last version that knew one workspace only."""


def _kind(database_url: str) -> str:
    return "sqlite" if database_url.startswith("sqlite") else "postgresql"


def _refused(database_url: str, statements: Sequence[str]) -> list[str]:
    """Those that cannot be planned, with why."""
    if database_url.startswith("sqlite"):
        return _refused_by_sqlite(database_url, statements)
    return asyncio.run(_refused_by_postgresql(database_url, statements))


def _refused_by_sqlite(database_url: str, statements: Sequence[str]) -> list[str]:
    problems = []
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
        for each in statements:
            try:
                connection.execute(f"EXPLAIN {each}", [None] * each.count("?"))
            except sqlite3.Error as error:
                problems.append(f"{error}: {each}")
    return problems


async def _refused_by_postgresql(database_url: str, statements: Sequence[str]) -> list[str]:
    problems = []
    connection = await asyncpg.connect(database_url)
    for each in statements:
        try:
            await connection.execute(f"EXPLAIN (GENERIC_PLAN) {each}")
        except asyncpg.PostgresError as error:
            problems.append(f"{error}: {each}")
    await connection.close()
    return problems


def _left_out(statements: Sequence[str]) -> list[str]:
    """Columns that have to be given and that an INSERT doesn't give."""
    problems = []
    for each in statements:
        if (found := re.match(r"INSERT INTO (\w+) \(([^)]+)\)", each)) is None:
            continue
        given = {column.strip(' "') for column in found[2].split(",")}
        for column in metadata.tables[found[1]].c:
            is_free = column.nullable or column.server_default is not None or column.autoincrement is True
            if column.name not in given and not is_free:
                problems.append(f"{column}: {each}")
    return problems


def test_an_earlier_versions_statements_fit(database_url: str) -> None:
    """Each of them, of every version that is recorded."""
    versions = recorded(_kind(database_url))
    assert _BEFORE_WORKSPACES in versions
    for version, statements in versions.items():
        assert version in REVISIONS[:-1]
        assert len(statements) > _FEWEST
        assert _refused(database_url, statements) == []
        assert _left_out(statements) == []


def test_a_column_that_went_is_found(empty_database_url: str) -> None:
    """And nothing beside the statements that name it."""
    asyncio.run(open_store(empty_database_url).database.migrate())
    change(empty_database_url, "ALTER TABLE feeds DROP COLUMN mention")
    statements = recorded(_kind(empty_database_url))[_BEFORE_WORKSPACES]
    refused = _refused(empty_database_url, statements)
    assert refused
    assert [each for each in refused if "mention" not in each] == []


def test_a_column_that_has_to_be_given_is_found() -> None:
    """An earlier version cannot know it."""
    assert _left_out(["INSERT INTO greeted (team_id, place) VALUES (?, ?)"]) == [
        "greeted.greeted_at: INSERT INTO greeted (team_id, place) VALUES (?, ?)"
    ]
    assert _left_out(["INSERT INTO greeted (team_id, place, greeted_at) VALUES (?, ?, ?)"]) == []
