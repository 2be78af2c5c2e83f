"""SQLite: each transaction whole in a thread; between statements nobody waits for the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    CursorResult,
    Engine,
    Executable,
    QueuePool,
    ScalarResult,
    create_engine,
    event,
)

from bot.store.database.address import SQLiteAddress
from bot.store.database.connection import Connected, Many, Parameters
from bot.store.database.turn import Turn
from bot.tasks import Errands

_Value = TypeVar("_Value")


class SQLite:
    """One connection, so that there is one writer. Other processes read meanwhile, thanks to WAL mode."""

    def __init__(self, address: SQLiteAddress, patience_seconds: float) -> None:
        self._engine = _engine(address, patience_seconds)
        self._patience_seconds = patience_seconds
        self._turn = Turn()
        self._errands = Errands("a transaction", are_awaited=True)

    async def run(
        self,
        work: Callable[[Connected], Coroutine[Any, Any, _Value]],
        *,
        writes: bool,
        is_urgent: bool = False,
    ) -> _Value:
        """Do this in one transaction. Who is cancelled meanwhile does not stop it halfway."""
        async with asyncio.timeout(self._patience_seconds):
            await self._turn.acquire(is_urgent=is_urgent)
        running = self._errands.start(asyncio.to_thread(self._run, work, writes=writes))
        running.add_done_callback(self._next)
        return await asyncio.shield(running)

    def _next(self, done: asyncio.Future[Any]) -> None:
        self._turn.release()
        if not done.cancelled():
            done.exception()  # told to whoever waits; nobody does who was cancelled

    def _run(self, work: Callable[[Connected], Coroutine[Any, Any, _Value]], *, writes: bool) -> _Value:
        with self._engine.connect().execution_options(writes=writes) as connection, connection.begin():
            return _driven(work(_AtOnce(connection)))

    async def renew(self) -> None:
        """Open the file anew with the next transaction, whatever stands there then."""
        await asyncio.to_thread(self._engine.dispose)

    async def close(self) -> None:
        """Close the connection, once nobody uses it."""
        async with self._turn:
            await self.renew()


class _AtOnce:
    """A `Connected` that has its answers before anybody awaits them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def execute(
        self, statement: Executable, parameters: Parameters | Many = None, /
    ) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)

    async def scalar(self, statement: Executable, parameters: Parameters = None, /) -> Any:
        return self._connection.scalar(statement, parameters)

    async def scalars(self, statement: Executable, parameters: Parameters = None, /) -> ScalarResult[Any]:
        return self._connection.scalars(statement, parameters)

    async def run_sync(self, work: Callable[[Connection], _Value], /) -> _Value:
        return work(self._connection)


def _driven(work: Coroutine[Any, Any, _Value]) -> _Value:
    """The result of a coroutine that waits for nothing but `_AtOnce`: it runs through in one go."""
    try:
        work.send(None)
    except StopIteration as done:
        value: _Value = done.value
        return value
    work.close()
    msg = "a transaction waits for its own database only"
    raise RuntimeError(msg)


def _engine(address: SQLiteAddress, patience_seconds: float) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=address.path),
        # Autocommit, as far as the driver is concerned: `_begin` says when. One thread at a time uses it.
        connect_args={"isolation_level": None, "timeout": patience_seconds, "check_same_thread": False},
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=patience_seconds,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    # In WAL mode NORMAL may lose the last commits with the power: a message that was sent would go out again.
    connection.execute("PRAGMA synchronous = FULL")
    # What is forgotten is gone from the file too.
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    """Whoever is going to write waits for their turn at the beginning: in the middle it would be refused."""
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
