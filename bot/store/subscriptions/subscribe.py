"""Subscribing: a new thread with its card, or one more person in one."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, and_, exists, func, insert, select, update

from bot.domain.job import JobStatus, TrainingJob
from bot.domain.subscriptions.notifications.notices import JobCard
from bot.domain.subscriptions.subscription import LONGEST, Ending, Mode, Spot, Subscribed, SubscribeRequest
from bot.domain.subscriptions.watch_state import WatchedState
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, writes
from bot.store.rows import UnreadableRowError, first_generation, read_state, read_subscription
from bot.store.subscriptions.alerts import examine, wait_for
from bot.store.subscriptions.documents import Documents
from bot.store.subscriptions.threads import JobKey, Message, Threads
from bot.store.tables import organisations, subscribers, subscriptions, watched_jobs

_log = structlog.stdlib.get_logger(__name__)


class SubscribingQueries(StoreQueries):
    """See `bot.domain.ports.Subscriptions.subscribe`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)
        self._documents = Documents(database)

    @writes
    async def subscribe(
        self,
        connection: Connected,
        wish: SubscribeRequest,
        state: WatchedState,
        document: TrainingJob,
        now: datetime,
    ) -> Subscribed:
        """See the port. The job's row is held: a look is finished before this, or sees this."""
        watched = await self._watch(connection, wish, state, now)
        row = await active_row(connection, wish.spot)
        is_new = row is None
        if row is None:
            key = wish.org_id, wish.request_id
            await self._documents.keep(connection, {key: (document, state.seen_at)})
            row = await self._open(connection, wish, watched, now)
        else:
            row = await self._adapt(connection, row, wish)
        was_subscriber = not await self._join(connection, row.id, wish)
        if not is_new and not was_subscriber:
            await self._threads.wish_edits(connection, [row], now)  # it says how many follow the job
        is_full = bool(wish.condition) and not await wait_for(
            connection, row.id, wish.user_id, wish.condition, now
        )
        await self._examine(connection, wish, watched, now)
        return Subscribed(
            await read_subscription(connection, row),
            is_new=is_new,
            was_subscriber=was_subscriber,
            knows_the_end=watched.job.status.is_finished,
            condition=wish.condition,
            is_full=is_full,
        )

    async def _examine(
        self, connection: Connected, wish: SubscribeRequest, watched: WatchedState, now: datetime
    ) -> None:
        """At once: an alert's value may be there already, and a job that runs may have diverged."""
        if wish.condition or watched.job.status is JobStatus.RUNNING:
            await examine(self.database, connection, {(wish.org_id, wish.request_id): now})

    async def _watch(
        self, connection: Connected, wish: SubscribeRequest, state: WatchedState, now: datetime
    ) -> WatchedState:
        """Hold the job's row, made where there is none, and return the state that is stored there."""
        organisation = self.database.insert(organisations).values(org_id=wish.org_id)
        await connection.execute(organisation.on_conflict_do_nothing())
        return await hold_watched(self.database, connection, (wish.org_id, wish.request_id), state, now)

    async def _open(
        self, connection: Connected, wish: SubscribeRequest, watched: WatchedState, now: datetime
    ) -> Row[Any]:
        """A new subscription, with its card as the first message, or with one that stands there already."""
        values = asked_for(wish)
        stands = await self._take_card(connection, wish)
        if stands:
            values |= {"card_ts": wish.card_ts, "thread_ts": wish.thread_ts or wish.card_ts}
        card = await new_thread(connection, values, watched.job.experiment_name, now)
        if stands:
            await self._threads.wish_edits(connection, [card.subscription], now)
        else:
            await self._threads.enqueue(connection, [card], now)
        return card.subscription

    async def _take_card(self, connection: Connected, wish: SubscribeRequest) -> bool:
        """Whether a message is named that can be the card: a feed's posts stay the feed's.

        Where it was the card of a subscription that ended, what that one would still have it say is dropped.
        """
        spot = wish.spot
        mine = and_(
            subscriptions.c.org_id == spot.org_id,
            subscriptions.c.request_id == spot.request_id,
            subscriptions.c.team_id == spot.team_id,
            subscriptions.c.channel_id == spot.channel_id,
            subscriptions.c.card_ts == wish.card_ts,
        )
        is_fed = exists().where(mine, subscriptions.c.posted_by_feed)
        if wish.card_ts is None or await connection.scalar(select(is_fed)):
            return False
        await connection.execute(update(subscriptions).where(mine).values(card_wished_at=None))
        return True

    async def _adapt(self, connection: Connected, row: Row[Any], wish: SubscribeRequest) -> Row[Any]:
        """What was asked for counts, the rest stays as it is.

        What the channel's feed opened is quiet because nobody asked for it; from now on somebody does, unless
        they only wait for something.
        """
        if row.is_fed and _only_waits(wish):
            return row
        is_quiet = row.is_quiet and not row.is_fed
        mode = row.mode
        tells_nothing_else = mode == Mode.CONDITIONS.value and not wish.condition
        if row.is_fed or tells_nothing_else:  # whoever subscribes is the first
            mode = wish.default_mode.value
        changes = {
            "mode": wish.mode.value if wish.mode else mode,
            "is_quiet": is_quiet if wish.is_quiet is None else wish.is_quiet,
            "is_fed": False,
        }
        changed = update(subscriptions).where(subscriptions.c.id == row.id).values(changes)
        changed_row: Row[Any] = (await connection.execute(changed.returning(subscriptions))).one()
        return changed_row

    async def _join(self, connection: Connected, subscription_id: str, wish: SubscribeRequest) -> bool:
        """Whether they were no subscriber before; who only had an alert may get all updates from now on."""
        last = select(func.coalesce(func.max(subscribers.c.place), 0) + 1)
        place = last.where(subscribers.c.subscription_id == subscription_id).scalar_subquery()
        joined = self.database.insert(subscribers).values(
            subscription_id=subscription_id, user_id=wish.user_id, place=place, only_waits=_only_waits(wish)
        )
        is_new = bool((await connection.execute(joined.on_conflict_do_nothing())).rowcount)
        if not is_new and not _only_waits(wish):
            mine = subscribers.c.subscription_id == subscription_id, subscribers.c.user_id == wish.user_id
            await connection.execute(update(subscribers).where(*mine).values(only_waits=False))
        return is_new


def _only_waits(wish: SubscribeRequest) -> bool:
    """Whether they want to be told about a condition, and of nothing else."""
    return bool(wish.condition) and wish.mode is None


async def active_row(connection: Connected, spot: Spot) -> Row[Any] | None:
    """The subscription to this job in this conversation, while it has not ended."""
    wanted = select(subscriptions).where(
        subscriptions.c.team_id == spot.team_id,
        subscriptions.c.channel_id == spot.channel_id,
        subscriptions.c.org_id == spot.org_id,
        subscriptions.c.request_id == spot.request_id,
        subscriptions.c.ended.is_(None),
    )
    return (await connection.execute(wanted)).first()


async def hold_watched(
    database: Dialect, connection: Connected, key: JobKey, state: WatchedState, due_at: datetime
) -> WatchedState:
    """Hold the job's row, made where there is none, and return the state that is stored there."""
    org_id, request_id = key
    job = database.insert(watched_jobs).values(
        org_id=org_id,
        request_id=request_id,
        state=state.to_json(),
        next_look_at=due_at.timestamp(),
        due_at=due_at.timestamp(),
        generation=first_generation(),
    )
    # Written, not only locked: whoever wants to delete the row at this moment looks at it again.
    held = job.on_conflict_do_update(
        index_elements=[watched_jobs.c.org_id, watched_jobs.c.request_id],
        set_={"org_id": job.excluded.org_id},
    )
    try:
        return read_state(await connection.scalar(held.returning(watched_jobs.c.state)))
    except UnreadableRowError as error:
        _log.warning("a state is replaced", request_id=request_id, detail=error.detail)
    mine = update(watched_jobs).where(
        watched_jobs.c.org_id == org_id, watched_jobs.c.request_id == request_id
    )
    seconds = due_at.timestamp()
    await connection.execute(
        mine.values(state=state.to_json(), next_look_at=seconds, due_at=seconds, lease_until=0)
    )
    return state


def asked_for(wish: SubscribeRequest) -> dict[str, Any]:
    """The columns of a new subscription that the request says."""
    return {
        "team_id": wish.team_id,
        "channel_id": wish.channel_id,
        "org_id": wish.org_id,
        "request_id": wish.request_id,
        "mode": wish.first_mode.value,
        "is_quiet": bool(wish.is_quiet),
        "thread_ts": wish.thread_ts,
    }


async def new_thread(
    connection: Connected, values: dict[str, Any], name: str | None, now: datetime
) -> Message:
    """A new subscription with these ``values``, and its card, which the caller puts into the outbox."""
    fresh = insert(subscriptions).values(
        {
            "id": uuid.uuid4().hex,
            "created_at": now.timestamp(),
            "ends_at": (now + LONGEST).timestamp(),
            "ends_because": Ending.EXPIRED.value,
            **values,
        }
    )
    row: Row[Any] = (await connection.execute(fresh.returning(subscriptions))).one()
    return Message(row, JobCard(once_key="card", at=now, name=name))
