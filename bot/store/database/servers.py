"""The PostgreSQL servers that an address names, and a connection to whichever of them takes writes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

READ_ONLY: Final = asyncpg.ReadOnlySQLTransactionError.sqlstate
"""What a standby says to a write, and a primary that was demoted."""
CONNECT_ERRORS: Final = (
    OSError,
    ValueError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server ended the connection between two statements
)
_IS_READ_ONLY: Final = "SELECT current_setting('transaction_read_only') = 'on'"


class Servers:
    """One server, or a primary and its standbys, whichever they are at the moment.

    asyncpg knows addresses of several servers too, but has one time limit for all of them: a machine that
    swallows what it is sent would keep it from the others.
    """

    def __init__(self, dsn: str) -> None:
        self._dsns = list(_each(dsn))
        """The one that took writes last comes first."""

    def __len__(self) -> int:
        """How many the address names."""
        return len(self._dsns)

    async def connect(
        self, timeout_seconds: float, command_timeout_seconds: float | None = None
    ) -> asyncpg.Connection:
        """Log in to the first that answers and takes writes; each is waited for ``timeout_seconds``.

        Raises:
            ReadOnlySQLTransactionError: those that answer take none.
            OSError, ValueError, PostgresError, InterfaceError, InternalClientError: none answers; may quote
                the address with its password.
        """
        failure: Exception | None = None
        for dsn in tuple(self._dsns):
            try:
                connection = await _writable(dsn, timeout_seconds, command_timeout_seconds)
            except CONNECT_ERRORS as error:
                failure = failure if isinstance(failure, asyncpg.ReadOnlySQLTransactionError) else error
                continue
            self._dsns.sort(key=lambda each: each != dsn)
            return connection
        raise failure or ValueError


async def _writable(
    dsn: str, timeout_seconds: float, command_timeout_seconds: float | None
) -> asyncpg.Connection:
    # Without a cache of statements: a pooler would mix them up, and SQLAlchemy has its own.
    connection = await asyncpg.connect(
        dsn, timeout=timeout_seconds, command_timeout=command_timeout_seconds, statement_cache_size=0
    )
    try:
        if await connection.fetchval(_IS_READ_ONLY, timeout=timeout_seconds):
            raise asyncpg.ReadOnlySQLTransactionError  # noqa: TRY301  (as if it had said so itself)
    except BaseException:
        connection.terminate()
        raise
    return connection


def _each(dsn: str) -> Iterator[str]:
    """The address of each server by itself: hosts and ports may be lists, with commas, as libpq has them.

    Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
    """
    parts = urlsplit(dsn)
    user, at, hosts = parts.netloc.rpartition("@")
    if hosts:
        yield from (urlunsplit(parts._replace(netloc=f"{user}{at}{host}")) for host in hosts.split(","))
        return
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    several, ports = query.get("host", "").split(","), query.get("port", "").split(",")
    if len(several) == 1:
        yield dsn
        return
    last = ports[-1] if len(ports) == 1 else ""
    for host, port in zip_longest(several, ports[: len(several)], fillvalue=last):
        one = query | {"host": host} | ({"port": port} if port else {})
        yield urlunsplit(parts._replace(query=urlencode(one)))
