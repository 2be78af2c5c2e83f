"""What several methods do to threads inside their transactions: put messages into the outbox, end them.

Locks are taken in one order, so that nobody waits in a circle: the organisation where its list or its feeds
change, watched jobs, then documents, subscriptions, messages, and lanes last.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    Text,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from bot.domain.groups.group import is_subject
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect, packed
from bot.store.rows import first_generation, storable
from bot.store.tables import (
    DROPPED,
    WAITING,
    is_waiting,
    job_documents,
    lanes,
    outbox,
    subscriptions,
    watched_jobs,
)
from bot.tasks import current_reference

DROPPING: Final = frozenset(
    {Ending.UNSUBSCRIBED, Ending.CANNOT_POST, Ending.THREAD_GONE, Ending.CARD_GONE}
    | {Ending.FEED_OFF, Ending.RECONNECTED}
)
"""After these nothing more is said; before the others' last words everything that waits still goes out."""
EDITS: Final = ""
"""The channel in the name of a workspace's lane of edits."""

JobKey = tuple[str, str]
"""Organisation and request id."""


@dataclass(frozen=True, slots=True)
class Message:
    """A notification for one subscription: a row with its id, team_id and channel_id."""

    subscription: Row[Any]
    notification: Notification
    broadcast: bool = False
    is_said: bool = False
    """Kept, so that it is not told, for the thread says so already."""


class Threads:
    """See above; every method runs in the caller's transaction."""

    def __init__(self, database: Dialect) -> None:
        self._database = database

    async def lock_jobs(self, connection: Connected, keys: Collection[JobKey]) -> None:
        """Hold these jobs' rows: nobody subscribes, ends or finishes a look meanwhile.

        A group, which is no watched job, is held by its document's row.
        Whatever depends on that is asked only afterwards, in a statement of its own: PostgreSQL answers
        each from the moment at which it began.
        """
        held = (
            select(watched_jobs.c.request_id)
            .where(self._among(watched_jobs))
            .order_by(watched_jobs.c.org_id, watched_jobs.c.request_id)
            .with_for_update(key_share=True)
        )
        await connection.execute(held, _packed_keys(keys))
        if groups := [key for key in keys if is_subject(key[1])]:
            held_groups = (
                select(job_documents.c.request_id)
                .where(self._among(job_documents))
                .order_by(job_documents.c.org_id, job_documents.c.request_id)
                .with_for_update(key_share=True)
            )
            await connection.execute(held_groups, _packed_keys(groups))

    async def held(self, connection: Connected, which: ColumnElement[bool]) -> Sequence[Row[Any]]:
        """These subscriptions, once their jobs are held."""
        found = await connection.execute(
            select(subscriptions.c.org_id, subscriptions.c.request_id).where(which)
        )
        await self.lock_jobs(connection, {(row.org_id, row.request_id) for row in found})
        return (await connection.execute(select(subscriptions).where(which))).all()

    async def enqueue(self, connection: Connected, messages: Sequence[Message], now: datetime) -> None:
        """Put messages into the outbox, each kind and once-key once in a thread; their lanes are due."""
        if not messages:
            return
        fresh = self._database.insert(outbox).on_conflict_do_nothing(
            index_elements=[outbox.c.subscription_id, outbox.c.kind, outbox.c.once_key]
        )
        await connection.execute(fresh, [_row(message, now) for message in messages])
        channels = {(each.subscription.team_id, each.subscription.channel_id) for each in messages}
        await self.make_due(connection, channels, now)

    async def make_due(
        self, connection: Connected, channels: Collection[tuple[str, str]], now: datetime
    ) -> None:
        """Something waits in these lanes (team and channel, or `EDITS`) since now."""
        if not channels:
            return
        given = self._database.insert(lanes)
        due = given.on_conflict_do_update(
            index_elements=[lanes.c.team_id, lanes.c.channel_id],
            set_={"due_at": given.excluded.due_at},
            where=or_(lanes.c.due_at.is_(None), lanes.c.due_at > given.excluded.due_at),
        )
        rows = [
            {
                "team_id": team,
                "channel_id": channel,
                "due_at": now.timestamp(),
                "generation": first_generation(),
            }
            for team, channel in sorted(channels)
        ]
        await connection.execute(due, rows)

    async def wish_edits(self, connection: Connected, rows: Sequence[Row[Any]], now: datetime) -> None:
        """Let the cards of active subscriptions (rows), whose jobs are held, be brought up to date."""
        if not rows:
            return
        given = self._database.rows(id=Text)
        mine = subscriptions.c.id.in_(select(given.c.id))
        wished = update(subscriptions).where(mine, subscriptions.c.ended.is_(None))
        wished = wished.values(
            card_version=subscriptions.c.card_version + 1,
            card_wished_at=func.coalesce(subscriptions.c.card_wished_at, now.timestamp()),
        )
        await connection.execute(wished, packed({"id": row.id} for row in rows))
        await self.make_due(connection, {(row.team_id, EDITS) for row in rows}, now)

    async def end(
        self,
        connection: Connected,
        rows: Sequence[Row[Any]],
        ending: Ending,
        now: datetime,
        detail: str = "",
    ) -> None:
        """End active subscriptions (rows), whose jobs are held. Edits of their cards are queued."""
        if not rows:
            return
        ids = self._database.rows(id=Text)
        mine = subscriptions.c.id.in_(select(ids.c.id))
        over = update(subscriptions).where(mine, subscriptions.c.ended.is_(None))
        wished = func.coalesce(subscriptions.c.card_wished_at, now.timestamp())
        over = over.values(
            ended=ending.value,
            ended_detail=storable(detail),
            ended_at=now.timestamp(),
            card_version=subscriptions.c.card_version + 1,
            card_wished_at=None if ending is Ending.CARD_GONE else wished,
        )
        await connection.execute(over, packed({"id": row.id} for row in rows))
        if ending in DROPPING:
            await self._drop(connection, rows)
        await self.drop_unwatched(connection, {(row.org_id, row.request_id) for row in rows})
        await self.make_due(connection, {(row.team_id, EDITS) for row in rows}, now)

    async def end_one(
        self,
        connection: Connected,
        subscription_id: str,
        ending: Ending,
        detail: str,
        *,
        now: datetime,
    ) -> None:
        """End this subscription, whose job is held. If it had ended before, its last words go unsaid too."""
        wanted = select(subscriptions).where(subscriptions.c.id == subscription_id)
        row = (await connection.execute(wanted)).one()
        if row.ended is None:
            await self.end(connection, [row], ending, now, detail)
        elif ending in DROPPING:
            await self._drop(connection, [row])

    async def _drop(self, connection: Connected, rows: Sequence[Row[Any]]) -> None:
        """Nothing that waits in these threads is sent any more."""
        given = self._database.rows(id=Text)
        mine = outbox.c.subscription_id.in_(select(given.c.id))
        dropped = update(outbox).where(mine, is_waiting).values(state=DROPPED)
        await connection.execute(dropped, packed({"id": row.id} for row in rows))

    async def drop_unwatched(self, connection: Connected, keys: Iterable[JobKey]) -> None:
        """Stop watching those of these jobs, which are held, that have no active subscription."""
        followed = exists().where(_is_of(watched_jobs), subscriptions.c.ended.is_(None))
        unwatched = delete(watched_jobs).where(self._among(watched_jobs), ~followed)
        await connection.execute(unwatched, _packed_keys(keys))

    async def drop_unknown(self, connection: Connected, keys: Iterable[JobKey]) -> None:
        """Forget the documents of those of these jobs that no subscription, ended or not, is about."""
        unknown = delete(job_documents).where(
            self._among(job_documents), ~exists().where(_is_of(job_documents))
        )
        await connection.execute(unknown, _packed_keys(keys))

    def _among(self, table: Table) -> ColumnElement[bool]:
        given = self._database.rows(org_id=Text, request_id=Text)
        return tuple_(table.c.org_id, table.c.request_id).in_(select(given.c.org_id, given.c.request_id))


def _is_of(table: Table) -> ColumnElement[bool]:
    """A subscription to the job of that table's row."""
    return and_(subscriptions.c.org_id == table.c.org_id, subscriptions.c.request_id == table.c.request_id)


def _packed_keys(keys: Iterable[JobKey]) -> dict[str, str]:
    return packed({"org_id": org_id, "request_id": request_id} for org_id, request_id in sorted(keys))


def _row(message: Message, now: datetime) -> dict[str, Any]:
    subscription, notification = message.subscription, message.notification
    return {
        "id": uuid.uuid4().hex,
        "subscription_id": subscription.id,
        "team_id": subscription.team_id,
        "channel_id": subscription.channel_id,
        "kind": notification.kind,
        "once_key": notification.once_key,
        "payload": notification.to_json(),
        "broadcast": message.broadcast,
        "state": DROPPED if message.is_said else WAITING,
        "next_try_at": now.timestamp(),
        "created_at": now.timestamp(),
        "caused_by": current_reference(),
    }
