"""The people and channels that were told what the bot can do."""

from __future__ import annotations

from datetime import datetime

from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, writes
from bot.store.rows import storable
from bot.store.tables import greeted


class GreetingQueries(StoreQueries):
    """See `bot.domain.ports.notices`."""

    @writes
    async def greet(self, connection: Connected, team_id: str, place: str, now: datetime) -> bool:
        """See the port."""
        greeting = (
            self.database.insert(greeted)
            .values(team_id=storable(team_id), place=storable(place), greeted_at=now.timestamp())
            .on_conflict_do_nothing(index_elements=[greeted.c.team_id, greeted.c.place])
            .returning(greeted.c.place)
        )
        return (await connection.execute(greeting)).first() is not None
