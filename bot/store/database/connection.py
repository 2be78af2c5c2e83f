"""What queries see of a connection: the same for both databases."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, ScalarResult

_Value = TypeVar("_Value")

Parameters = Mapping[str, Any] | None
Many = Sequence[Mapping[str, Any]]


class Connected(Protocol):
    """A connection in a transaction, as SQLAlchemy's ``AsyncConnection``; what comes back is complete."""

    async def execute(
        self, statement: Executable, parameters: Parameters | Many = None, /
    ) -> CursorResult[Any]:
        """Run a statement, once for each of several parameters."""
        ...

    async def scalar(self, statement: Executable, parameters: Parameters = None, /) -> Any:
        """The first column of the first row; None without one."""
        ...

    async def scalars(self, statement: Executable, parameters: Parameters = None, /) -> ScalarResult[Any]:
        """The first column of every row."""
        ...

    async def run_sync(self, work: Callable[[Connection], _Value], /) -> _Value:
        """Hand the connection to something that does not know how to await."""
        ...


class Transactions(Protocol):
    """A database's own way to do something in one transaction."""

    async def run(
        self,
        work: Callable[[Connected], Coroutine[Any, Any, _Value]],
        *,
        writes: bool,
        is_urgent: bool = False,
    ) -> _Value:
        """Committed when ``work`` returns, rolled back where it raises; what is urgent goes first."""
        ...

    async def renew(self) -> None:
        """Something failed: trust no connection that may be dead."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
