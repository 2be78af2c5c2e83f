"""Which processes live: each writes down until when it does at least."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select

from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, writes
from bot.store.tables import processes


class ProcessQueries(StoreQueries):
    """See `bot.domain.ports.tenants.ProcessStore`."""

    @writes
    async def beat(self, connection: Connected, process_id: str, now: datetime, lease_seconds: float) -> int:
        """See the port."""
        until = now.timestamp() + lease_seconds
        row = self.database.insert(processes).values(id=process_id, lives_until=until)
        await connection.execute(
            row.on_conflict_do_update(index_elements=[processes.c.id], set_={"lives_until": until})
        )
        await connection.execute(delete(processes).where(processes.c.lives_until <= now.timestamp()))
        return int(await connection.scalar(select(func.count()).select_from(processes)))

    @writes
    async def leave(self, connection: Connected, process_id: str) -> None:
        """See the port."""
        await connection.execute(delete(processes).where(processes.c.id == process_id))
