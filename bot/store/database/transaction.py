"""What every port over the database has: methods that each are one transaction."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase

_Parameters = ParamSpec("_Parameters")
_Value = TypeVar("_Value")
_Self = TypeVar("_Self", bound="StoreQueries")
_Method = Callable[Concatenate[_Self, Connected, _Parameters], Coroutine[Any, Any, _Value]]
_Asked = Callable[Concatenate[_Self, _Parameters], Coroutine[Any, Any, _Value]]


class StaleLeaseError(Exception):
    """Somebody else has taken over what a transaction was about: nothing of it may count."""


class StoreQueries:
    """A port over a database, which its first transaction opens."""

    def __init__(self, database: LazyDatabase) -> None:
        self.database = database


def reads(method: _Method[_Self, _Parameters, _Value]) -> _Asked[_Self, _Parameters, _Value]:
    """Give the method a connection, in a transaction that changes nothing."""
    return _asked(method, writes=False)


def writes(method: _Method[_Self, _Parameters, _Value]) -> _Asked[_Self, _Parameters, _Value]:
    """Give the method a connection, in a transaction that is committed when it returns."""
    return _asked(method, writes=True)


def writes_first(method: _Method[_Self, _Parameters, _Value]) -> _Asked[_Self, _Parameters, _Value]:
    """As `writes`, before all that waits already: Slack waits for its ack, and a person for the answer."""
    return _asked(method, writes=True, is_urgent=True)


def _asked(
    method: _Method[_Self, _Parameters, _Value], *, writes: bool, is_urgent: bool = False
) -> _Asked[_Self, _Parameters, _Value]:
    @functools.wraps(method)
    async def asked(self: _Self, /, *args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Value:
        return await self.database.run(
            lambda connection: method(self, connection, *args, **kwargs), writes=writes, is_urgent=is_urgent
        )

    return asked
