"""The messages about the API key, one for each notice: the row that carries it bears its name."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b

from sqlalchemy import exists, select

from bot.domain.key_expiry import KeyNotice
from bot.domain.subscriptions.notifications.notices import KeyExpiry
from bot.domain.subscriptions.subscription import Ending, Mode
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.subscriptions.threads import Message, Threads
from bot.store.tables import subscriptions


class KeyNoticeQueries(StoreQueries):
    """See `bot.domain.ports.notices`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    @writes
    async def notify_of_key(
        self, connection: Connected, notice: KeyNotice, team_id: str, channel_id: str, now: datetime
    ) -> bool:
        """See the port. What ended a week ago is forgotten: by then the next notice is due."""
        carrier = (
            self.database.insert(subscriptions)
            .values(
                id=_name(notice),
                team_id=team_id,
                channel_id=channel_id,
                org_id=notice.org_id,
                request_id="",
                mode=Mode.FINAL.value,
                is_quiet=True,
                created_at=now.timestamp(),
                ends_at=now.timestamp(),
                ends_because=Ending.NOTHING_TO_FOLLOW.value,
                ended=Ending.NOTHING_TO_FOLLOW.value,
                ended_at=now.timestamp(),
            )
            .on_conflict_do_nothing(index_elements=[subscriptions.c.id])
            .returning(subscriptions)
        )
        row = (await connection.execute(carrier)).first()
        if row is None:
            return False
        told = KeyExpiry(once_key=str(notice.days), at=now, expires_at=notice.expires_at)
        await self._threads.enqueue(connection, [Message(row, told)], now)
        return True

    @reads
    async def was_notified_of_key(self, connection: Connected, notice: KeyNotice) -> bool:
        """See the port."""
        return bool(await connection.scalar(select(exists().where(subscriptions.c.id == _name(notice)))))


def _name(notice: KeyNotice) -> str:
    """The same in every process, for this key and day only."""
    text = f"{notice.org_id}\0{notice.expires_at.isoformat()}\0{notice.days}"
    return f"key-{blake2b(text.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"
