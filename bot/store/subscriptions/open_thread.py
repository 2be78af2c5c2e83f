"""How a thread begins, whoever wants it: the job is watched, and its card is the first message."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row, insert, update

from bot.domain.subscriptions.notification import Kind, Notification
from bot.domain.subscriptions.subscription import LONGEST, Ending
from bot.domain.subscriptions.watch_state import WatchedState
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect
from bot.store.rows import UnreadableRowError, first_generation, read_state
from bot.store.subscriptions.threads import JobKey, Message
from bot.store.tables import subscriptions, watched_jobs

_log = structlog.stdlib.get_logger(__name__)


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
    return Message(row, Notification(kind=Kind.CARD, once_key="card", at=now, name=name))
