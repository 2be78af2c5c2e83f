"""While an organisation has a feed or a digest, the last status of each of its jobs is kept; else none is.

Both functions run in the caller's transaction, and hold the organisation's row: before any watched job's, see
`bot.store.threads`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, delete, exists, or_, select, update

from bot.store.connected import Connected
from bot.store.engine import Database
from bot.store.tables import digests, feeds, listed_jobs, organisations


async def begin_listing(database: Database, connection: Connected, org_id: str) -> Row[Any]:
    """The organisation's row, held, and made where there is none: somebody is to be told of all its jobs."""
    row = database.insert(organisations).values(org_id=org_id)
    # Written, not only locked: who comes at the same moment waits.
    held = row.on_conflict_do_update(
        index_elements=[organisations.c.org_id], set_={"org_id": row.excluded.org_id}
    )
    found: Row[Any] = (await connection.execute(held.returning(organisations))).one()
    return found


async def forget_listing_if_unwanted(database: Database, connection: Connected, org_id: str) -> None:
    """A feed or a digest is gone: with the last one goes what was kept for them."""
    await begin_listing(database, connection, org_id)
    if await connection.scalar(select(wants_list(org_id))):
        return
    await connection.execute(delete(listed_jobs).where(listed_jobs.c.org_id == org_id))
    mine = organisations.c.org_id == org_id
    await connection.execute(update(organisations).where(mine).values(listed_since=None))


def wants_list(org_id: str) -> ColumnElement[bool]:
    """Whether a feed or a digest needs every job of the organisation."""
    return or_(exists().where(feeds.c.org_id == org_id), exists().where(digests.c.org_id == org_id))
