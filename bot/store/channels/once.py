"""Messages to an admin that are sent once, whichever process is first: a row of their own carries each."""

from __future__ import annotations

from hashlib import blake2b

from sqlalchemy import exists, select

from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending, Mode
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.subscriptions.threads import Message, Threads
from bot.store.tables import subscriptions


class OnceQueries:
    """Puts them into the outbox."""

    def __init__(self, database: LazyDatabase) -> None:
        self._database = database
        self._threads = Threads(database)

    async def put(  # noqa: PLR0913  (where it goes, and what it says)
        self,
        connection: Connected,
        name: str,
        told: Notification,
        *,
        org_id: str,
        team_id: str,
        channel_id: str,
    ) -> bool:
        """Put it there under this name; False where it was put before. What ended a week ago is forgotten."""
        at = told.at.timestamp()
        carrier = (
            self._database.insert(subscriptions)
            .values(
                id=name,
                team_id=team_id,
                channel_id=channel_id,
                org_id=org_id,
                request_id="",
                mode=Mode.FINAL.value,
                is_quiet=True,
                created_at=at,
                ends_at=at,
                ends_because=Ending.NOTHING_TO_FOLLOW.value,
                ended=Ending.NOTHING_TO_FOLLOW.value,
                ended_at=at,
            )
            .on_conflict_do_nothing(index_elements=[subscriptions.c.id])
            .returning(subscriptions)
        )
        row = (await connection.execute(carrier)).first()
        if row is None:
            return False
        await self._threads.enqueue(connection, [Message(row, told)], told.at)
        return True


async def was_put(connection: Connected, name: str) -> bool:
    """Whether the message of this name was put into the outbox."""
    return bool(await connection.scalar(select(exists().where(subscriptions.c.id == name))))


def name_of(prefix: str, *parts: str) -> str:
    """The same in every process, for these parts only."""
    text = "\0".join(parts)
    return f"{prefix}-{blake2b(text.encode('utf-8', 'replace'), digest_size=12).hexdigest()}"
