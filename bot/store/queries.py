"""Every query over one open database. Loaded with the first use: SQLAlchemy takes 19 MB and half a second."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Final

from bot.domain.errors import StoreError
from bot.store.channels.digests import DigestQueries
from bot.store.channels.feeds import FeedQueries
from bot.store.channels.key_notices import KeyNoticeQueries
from bot.store.database.address import Address, SQLiteAddress, silent
from bot.store.database.engine import Database
from bot.store.database.revisions import NEWEST, check_revision
from bot.store.deliveries import IncomingQueries
from bot.store.jobs.finished_jobs import HistoryQueries
from bot.store.outbox.edits import EditQueries
from bot.store.outbox.lanes import LaneQueries
from bot.store.outbox.posts import PostQueries
from bot.store.outbox.rebasing import RebasingQueries
from bot.store.subscriptions.adopting import AdoptingQueries
from bot.store.subscriptions.outages import OutageQueries
from bot.store.subscriptions.subscribe import SubscribingQueries
from bot.store.subscriptions.subscriptions import SubscriptionQueries
from bot.store.subscriptions.uninstalling import UninstallingQueries
from bot.store.subscriptions.upkeep import UpkeepQueries
from bot.store.watches.looks import LookQueries
from bot.store.watches.metrics_checks import ExaminationQueries
from bot.store.watches.watch import WatchQueries

_OLDEST_SQLITE: Final = (3, 35, 0)
"""The first with RETURNING."""
_PAUSE_SECONDS: Final = 0.02


class Queries:
    """A database whose tables are those of this version. Made by `open_queries`."""

    def __init__(self, address: Address, database: Database) -> None:
        self._address = address
        self._database = database
        self._file = _file(address)
        self.subscribing = SubscribingQueries(database)
        self.subscriptions = SubscriptionQueries(database)
        self.watch = WatchQueries(database)
        self.looks = LookQueries(database)
        self.history = HistoryQueries(database)
        self.feeds = FeedQueries(database)
        self.examinations = ExaminationQueries(database)
        self.outages = OutageQueries(database)
        self.lanes = LaneQueries(database)
        self.posts = PostQueries(database)
        self.incoming = IncomingQueries(database)
        self.digests = DigestQueries(database)
        self.key_notices = KeyNoticeQueries(database)
        self.edits = EditQueries(database)
        self.upkeep = UpkeepQueries(database)
        self.uninstalling = UninstallingQueries(database)
        self.rebasing = RebasingQueries(database)
        self.adopting = AdoptingQueries(database)

    def is_another(self) -> bool:
        """Whether another file stands in the place of the one that was opened.

        Raises:
            StoreError: there is no file any more; SQLite itself would go on writing into the void.
        """
        try:
            return _file(self._address) != self._file
        except OSError as error:
            raise silent(error) from error

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()


async def open_queries(address: Address, patience_seconds: float) -> Queries:
    """Open the database, and look at its tables. On SQLite they are brought up to this version.

    Raises:
        SchemaError: they are newer, or on PostgreSQL older.
        StoreError: the database does not answer.
    """
    found = await address.revision()
    check_revision(found, may_be_older=address.migrates_itself)
    if found != NEWEST:
        await migrate(address, patience_seconds)
    if isinstance(address, SQLiteAddress):
        address.may_create = False
    try:
        return Queries(address, Database(address, patience_seconds))
    except OSError as error:
        raise silent(error) from error


async def migrate(address: Address, patience_seconds: float) -> str:
    """Bring the tables up to this version; says what was done.

    Raises:
        SchemaError: they are newer.
        StoreError: the database does not answer.
    """
    if isinstance(address, SQLiteAddress):
        await asyncio.to_thread(_use_wal, address, patience_seconds)
    # Alembic is loaded only for databases that need it.
    schema = await asyncio.to_thread(import_module, "bot.store.database.schema")
    database = Database(address, patience_seconds, limit_seconds=None)  # a big table takes what it takes
    try:
        before = await database.run(schema.upgrade)
    finally:
        await database.close()
    if before == NEWEST:
        return f"The database was up to date: version {NEWEST}."
    if before is None:
        return f"The tables were made: version {NEWEST}."
    return f"The database was brought from version {before} to {NEWEST}."


def _use_wal(address: SQLiteAddress, patience_seconds: float) -> None:
    """Readers and the writer do not wait for each other then. The file keeps it.

    SQLite does not wait for others by itself when it changes this.
    """
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        msg = f"SQLite {sqlite3.sqlite_version} is too old: it has to be 3.35 or newer"
        raise StoreError(msg)
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            address.create()
            with closing(sqlite3.connect(address.path, timeout=patience_seconds)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                return
        except (OSError, sqlite3.Error) as error:
            if not isinstance(error, sqlite3.OperationalError) or time.monotonic() >= deadline:
                raise silent(error) from error
        time.sleep(_PAUSE_SECONDS)


def _file(address: Address) -> tuple[int, int] | None:
    """Which file that is; None for a database that is none."""
    if not isinstance(address, SQLiteAddress):
        return None
    found = Path(address.path).stat()
    return found.st_dev, found.st_ino
