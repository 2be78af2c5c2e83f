"""One way to SQLite and PostgreSQL: transactions, tried again where that is safe."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.domain.errors import StoreError
from bot.store.database.address import Address, SQLiteAddress, silent
from bot.store.database.connection import Connected, Transactions
from bot.store.database.postgresql import PostgreSQL
from bot.store.database.sqlite import SQLite

_Value = TypeVar("_Value")

ATTEMPTS: Final = 3
"""How often a transaction is tried whose connection was dead, or that met another one crosswise."""
_CROSSWISE: Final = frozenset({"40001", "40P01"})
"""PostgreSQL's codes for transactions that waited for each other: one of them begins anew."""
STATEMENT_SECONDS: Final = 30
"""No statement of ours takes longer, and nobody holds a lock that long while saying nothing."""


class Database:
    """An open database. ``patience_seconds`` is for locks and log-ins.

    On PostgreSQL no statement takes longer than ``limit_seconds``; None: as long as it takes.
    """

    def __init__(
        self, address: Address, patience_seconds: float, limit_seconds: float | None = STATEMENT_SECONDS
    ) -> None:
        self._engine: Transactions
        if isinstance(address, SQLiteAddress):
            self._engine = SQLite(address, patience_seconds)
        else:
            self._engine = PostgreSQL(address, patience_seconds, limit_seconds)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.close()

    async def run(
        self,
        work: Callable[[Connected], Coroutine[Any, Any, _Value]],
        *,
        writes: bool = True,
        is_urgent: bool = False,
    ) -> _Value:
        """Do this in one transaction, anew where the connection was dead or two met crosswise.

        Raises:
            StoreError: the database does not answer; nothing was changed.
        """
        attempt = 1
        while True:
            try:
                return await self._engine.run(work, writes=writes, is_urgent=is_urgent)
            except DBAPIError as error:
                await self._engine.renew()
                if attempt == ATTEMPTS or not _may_be_tried_again(error):
                    raise _failed(error) from error
            except SQLAlchemyError as error:
                raise _failed(error) from error
            except OSError as error:
                raise silent(error) from None
            attempt += 1


def _may_be_tried_again(error: DBAPIError) -> bool:
    """Whether it surely was not committed and may work now."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _CROSSWISE


def _failed(error: SQLAlchemyError) -> StoreError:
    return silent(getattr(error, "orig", None) or error)
