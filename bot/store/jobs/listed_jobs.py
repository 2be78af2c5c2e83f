"""While an organisation has a feed or a digest, the last status of each of its jobs is kept; else none is.

Every function runs in the caller's transaction. The organisation's row is held before any watched job's, see
`bot.store.subscriptions.threads`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Double, Row, Text, delete, exists, literal, or_, select, true, update

from bot.domain.job import JobSummary
from bot.domain.job.changes import status_of
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect, packed
from bot.store.rows import seconds_if
from bot.store.tables import digests, feeds, listed_jobs, organisations

MISSING_FOR: Final = timedelta(days=30)
"""Time a job may be missing in the list before it is forgotten: if it came back it would be news."""


async def begin_listing(database: Dialect, connection: Connected, org_id: str) -> Row[Any]:
    """The organisation's row, held, and made where there is none: somebody gets updates on all jobs."""
    row = database.insert(organisations).values(org_id=org_id)
    # Written, not only locked: who comes at the same moment waits.
    held = row.on_conflict_do_update(
        index_elements=[organisations.c.org_id], set_={"org_id": row.excluded.org_id}
    )
    found: Row[Any] = (await connection.execute(held.returning(organisations))).one()
    return found


async def forget_listing_if_unwanted(database: Dialect, connection: Connected, org_id: str) -> None:
    """A feed or a digest is gone: with the last one goes what was kept for them."""
    await begin_listing(database, connection, org_id)
    if await connection.scalar(select(wants_list(org_id))):
        return
    await connection.execute(delete(listed_jobs).where(listed_jobs.c.org_id == org_id))
    mine = organisations.c.org_id == org_id
    await connection.execute(update(organisations).where(mine).values(listed_since=None))


def wants_list(org_id: str | ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a feed or a digest needs every job of the organisation."""
    return or_(exists().where(feeds.c.org_id == org_id), exists().where(digests.c.org_id == org_id))


async def listed_statuses(connection: Connected, org_id: str) -> Mapping[str, str]:
    """The status of each job, by request id."""
    wanted = select(listed_jobs.c.request_id, listed_jobs.c.status).where(listed_jobs.c.org_id == org_id)
    return {row.request_id: row.status for row in await connection.execute(wanted)}


async def keep_listed(
    database: Dialect,
    connection: Connected,
    org_id: str,
    rows: Sequence[JobSummary],
    believed: Collection[str] = (),
) -> None:
    """What these rows of the list say, unless something newer is known; of one job the last counts.

    Those of the ``believed`` count in any case.
    """
    said = {row.request_id: _said(row) for row in rows}
    sure = said.keys() & set(believed)
    await _keep(database, connection, org_id, [said[each] for each in sorted(said.keys() - sure)])
    await _keep(database, connection, org_id, [said[each] for each in sorted(sure)], is_sure=True)


async def _keep(
    database: Dialect,
    connection: Connected,
    org_id: str,
    said: Sequence[dict[str, Any]],
    *,
    is_sure: bool = False,
) -> None:
    if not said:
        return
    given = database.rows(request_id=Text, status=Text, updated_at=Double)
    columns = literal(org_id, Text).label("org_id"), given.c.request_id, given.c.status, given.c.updated_at
    # SQLite takes ON CONFLICT for a join's ON where no WHERE stands before it.
    fresh = database.insert(listed_jobs).from_select(
        ["org_id", "request_id", "status", "updated_at"], select(*columns).where(true())
    )
    is_newer = or_(
        listed_jobs.c.updated_at.is_(None),
        fresh.excluded.updated_at.is_(None),
        listed_jobs.c.updated_at <= fresh.excluded.updated_at,
    )
    newest = fresh.on_conflict_do_update(
        index_elements=[listed_jobs.c.org_id, listed_jobs.c.request_id],
        set_={"status": fresh.excluded.status, "updated_at": fresh.excluded.updated_at},
        where=None if is_sure else is_newer,
    )
    await connection.execute(newest, packed(said))


async def refresh_listed(
    database: Dialect, connection: Connected, org_id: str, rows: Sequence[JobSummary]
) -> None:
    """When these rows were updated, where the statuses are as they were and nothing newer is known."""
    given = database.rows(request_id=Text, status=Text, updated_at=Double)
    newer = update(listed_jobs).where(
        listed_jobs.c.org_id == org_id,
        listed_jobs.c.request_id == given.c.request_id,
        listed_jobs.c.status == given.c.status,
        listed_jobs.c.updated_at < given.c.updated_at,
    )
    await connection.execute(newer.values(updated_at=given.c.updated_at), packed(map(_said, rows)))


async def note_missing(
    database: Dialect, connection: Connected, org_id: str, request_ids: Collection[str], now: datetime
) -> None:
    """Since when the list has no row of these jobs, and of all others that it has; see `MISSING_FOR`."""
    given = database.rows(request_id=Text)
    is_missing = listed_jobs.c.request_id.in_(select(given.c.request_id))
    missing_since = listed_jobs.c.missing_since
    mine = update(listed_jobs).where(listed_jobs.c.org_id == org_id)
    parameter = packed({"request_id": each} for each in request_ids)
    found = mine.where(missing_since.is_not(None), ~is_missing).values(missing_since=None)
    await connection.execute(found, parameter)
    lost = mine.where(missing_since.is_(None), is_missing).values(missing_since=now.timestamp())
    await connection.execute(lost, parameter)
    too_old = missing_since <= (now - MISSING_FOR).timestamp()
    await connection.execute(delete(listed_jobs).where(listed_jobs.c.org_id == org_id, too_old))


def _said(row: JobSummary) -> dict[str, Any]:
    return {
        "request_id": row.request_id,
        "status": status_of(row),
        "updated_at": seconds_if(row.updated_at),
    }
