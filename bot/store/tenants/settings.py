"""What is set for workspaces and channels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import and_, delete, insert, select

from bot.domain.permissions.policies import PlaceSettings
from bot.domain.ports.tenants import StoredSettings
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import moment, storable
from bot.store.tables import permitted_people, place_settings
from bot.store.tenants.revisions import count_up


class PlaceSettingsQueries(StoreQueries):
    """See `bot.domain.ports.tenants.PlaceSettingsStore`."""

    @reads
    async def all_settings(self, connection: Connected) -> Sequence[StoredSettings]:
        """See the port."""
        people: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in await connection.execute(select(permitted_people).order_by(permitted_people.c.user_id)):
            people[row.team_id, row.channel_id].append(row.user_id)
        order = place_settings.c.team_id, place_settings.c.channel_id
        return [
            StoredSettings(
                row.team_id,
                row.channel_id,
                PlaceSettings.read(row.document, tuple(people[row.team_id, row.channel_id])),
                row.set_by,
                moment(row.set_at),
            )
            for row in await connection.execute(select(place_settings).order_by(*order))
        ]

    @writes
    async def set_settings(self, connection: Connected, stored: StoredSettings) -> None:
        """See the port."""
        await count_up(self.database, connection)
        where = {"team_id": storable(stored.team_id), "channel_id": storable(stored.channel_id)}
        given = {
            "document": storable(stored.settings.document()),
            "set_by": storable(stored.set_by),
            "set_at": stored.set_at.timestamp(),
        }
        fresh = self.database.insert(place_settings).values(**where, **given)
        keys = [place_settings.c.team_id, place_settings.c.channel_id]
        await connection.execute(fresh.on_conflict_do_update(index_elements=keys, set_=given))
        is_there = and_(*(permitted_people.c[name] == value for name, value in where.items()))
        await connection.execute(delete(permitted_people).where(is_there))
        rows = [{**where, "user_id": storable(each)} for each in dict.fromkeys(stored.settings.people)]
        if rows:
            await connection.execute(insert(permitted_people).values(rows))
