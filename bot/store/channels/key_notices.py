"""The messages about the API key, one for each notice: the row that carries it bears its name."""

from __future__ import annotations

from datetime import datetime

from bot.domain.key_expiry import KeyNotice
from bot.domain.subscriptions.notifications.notices import KeyExpiry
from bot.store.channels.once import OnceQueries, name_of, was_put
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, reads, writes


class KeyNoticeQueries(StoreQueries):
    """See `bot.domain.ports.notices`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._once = OnceQueries(database)

    @writes
    async def notify_of_key(
        self, connection: Connected, notice: KeyNotice, team_id: str, channel_id: str, now: datetime
    ) -> bool:
        """See the port. What ended a week ago is forgotten: by then the next notice is due."""
        told = KeyExpiry(
            once_key=str(notice.days), at=now, expires_at=notice.expires_at, is_set_up=notice.is_set_up
        )
        where = {"org_id": notice.org_id, "team_id": team_id, "channel_id": channel_id}
        return await self._once.put(connection, _name(notice), told, **where)

    @reads
    async def was_notified_of_key(self, connection: Connected, notice: KeyNotice) -> bool:
        """See the port."""
        return await was_put(connection, _name(notice))


def _name(notice: KeyNotice) -> str:
    """The same in every process, for this key and day only."""
    whose = [notice.home_id] if notice.home_id else []
    return name_of("key", notice.org_id, notice.expires_at.isoformat(), str(notice.days), *whose)
