"""The number that each change of an installation or a connection counts up."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.tables import tenants_revision

_ONLY: Final = 1


async def count_up(database: LazyDatabase, connection: Connected) -> None:
    """Tell every process that something changed. Until this is committed nobody else changes anything."""
    first = database.insert(tenants_revision).values(id=_ONLY, revision=1)
    await connection.execute(
        first.on_conflict_do_update(
            index_elements=[tenants_revision.c.id],
            set_={"revision": tenants_revision.c.revision + 1},
        )
    )


async def current_revision(connection: Connected) -> int:
    """The number as it is."""
    found = await connection.scalar(select(tenants_revision.c.revision).where(tenants_revision.c.id == _ONLY))
    return found or 0
