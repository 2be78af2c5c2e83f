"""What is set for workspaces and channels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select

from bot.domain.permissions.policies import PlaceSettings, Right
from bot.domain.ports.tenants import StoredSettings
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import moment, storable
from bot.store.tables import people_with_right, permitted_people, place_settings
from bot.store.tenants.revisions import count_up


class PlaceSettingsQueries(StoreQueries):
    """See `bot.domain.ports.tenants.PlaceSettingsStore`."""

    @reads
    async def all_settings(self, connection: Connected) -> Sequence[StoredSettings]:
        """See the port."""
        shared: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in await connection.execute(select(permitted_people).order_by(permitted_people.c.user_id)):
            shared[row.team_id, row.channel_id].append(row.user_id)
        by_right = await _by_right(connection)
        order = place_settings.c.team_id, place_settings.c.channel_id
        return [
            StoredSettings(
                row.team_id,
                row.channel_id,
                PlaceSettings.read(
                    row.document,
                    tuple(shared[row.team_id, row.channel_id]),
                    by_right.get((row.team_id, row.channel_id)),
                ),
                row.set_by,
                moment(row.set_at),
                row.enterprise_id,
            )
            for row in await connection.execute(select(place_settings).order_by(*order))
        ]

    @writes
    async def set_settings(self, connection: Connected, stored: StoredSettings) -> None:
        """See the port."""
        await count_up(self.database, connection)
        where = {"team_id": storable(stored.team_id), "channel_id": storable(stored.channel_id)}
        given = {
            "enterprise_id": storable(stored.enterprise_id),
            "document": storable(stored.settings.document()),
            "set_by": storable(stored.set_by),
            "set_at": stored.set_at.timestamp(),
        }
        fresh = self.database.insert(place_settings).values(**where, **given)
        keys = [place_settings.c.team_id, place_settings.c.channel_id]
        await connection.execute(fresh.on_conflict_do_update(index_elements=keys, set_=given))
        listed = [
            {**where, "right_name": right.value, "user_id": storable(each)}
            for right, people in stored.settings.people.items()
            for each in dict.fromkeys(people)
        ]
        shared = [
            {**where, "user_id": storable(each)} for each in dict.fromkeys(stored.settings.shared_people)
        ]
        for table, rows in ((people_with_right, listed), (permitted_people, shared)):
            is_there = (table.c[name] == value for name, value in where.items())
            await connection.execute(delete(table).where(*is_there))
            if rows:
                await connection.execute(insert(table), rows)


async def _by_right(connection: Connected) -> Mapping[tuple[str, str], Mapping[Right, tuple[str, ...]]]:
    """The people of each right, by workspace and channel. A right of another version's is left out."""
    known = {each.value: each for each in Right}
    found: dict[tuple[str, str], dict[Right, tuple[str, ...]]] = defaultdict(dict)
    for row in await connection.execute(select(people_with_right).order_by(people_with_right.c.user_id)):
        if (right := known.get(row.right_name)) is not None:
            lists = found[row.team_id, row.channel_id]
            lists[right] = (*lists.get(right, ()), row.user_id)
    return found
