"""What several methods do about metrics checks and conditions inside their transactions.

Locks are taken as `threads` says; metrics checks and conditions after the jobs they are about.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Text, and_, delete, func, insert, select, tuple_, update

from bot.domain.ports import AlertSubscriber
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.domain.subscriptions.subscription import MOST_CONDITIONS
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect, packed
from bot.store.rows import UnreadableRowError, first_generation, moment, read_notification, storable
from bot.store.subscriptions.threads import JobKey
from bot.store.tables import DROPPED, conditions, examinations, is_waiting, outbox, silenced_findings


async def examine(database: Dialect, connection: Connected, wishes: Mapping[JobKey, datetime]) -> None:
    """Check the metrics of these jobs, which are held, then, or earlier where that was wanted before.

    A check under way then has a stale lease: what it saw is older than the alert.
    """
    if not wishes:
        return
    wish = database.insert(examinations)
    due_at = database.lesser(func.coalesce(examinations.c.due_at, wish.excluded.due_at), wish.excluded.due_at)
    upsert = wish.on_conflict_do_update(
        index_elements=[examinations.c.org_id, examinations.c.request_id],
        set_={"due_at": due_at, "generation": examinations.c.generation + 1},
    )
    rows = [
        {
            "org_id": org_id,
            "request_id": request_id,
            "due_at": at.timestamp(),
            "generation": first_generation(),
        }
        for (org_id, request_id), at in sorted(wishes.items())
    ]
    await connection.execute(upsert, rows)


async def rows_of(
    database: Dialect,
    connection: Connected,
    table: Any,
    keys: Collection[JobKey],
    *columns: Any,
    where: ColumnElement[bool] | None = None,
) -> Mapping[JobKey, Sequence[Row[Any]]]:
    """What a table has of these jobs."""
    given = database.rows(org_id=Text, request_id=Text)
    mine = tuple_(table.c.org_id, table.c.request_id).in_(select(given.c.org_id, given.c.request_id))
    wanted = select(table.c.org_id, table.c.request_id, *columns).where(
        mine if where is None else and_(mine, where)
    )
    rows = packed({"org_id": org_id, "request_id": request_id} for org_id, request_id in sorted(keys))
    found: dict[JobKey, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(wanted, rows):
        found[row.org_id, row.request_id].append(row)
    return found


async def silenced(
    database: Dialect, connection: Connected, keys: Collection[JobKey]
) -> Mapping[JobKey, frozenset[str]]:
    """The findings in these jobs that nobody wants to be told about any more."""
    if not keys:
        return {}
    rows = await rows_of(database, connection, silenced_findings, keys, silenced_findings.c.finding)
    return {key: frozenset(row.finding for row in found) for key, found in rows.items()}


async def wait_for(
    connection: Connected, subscription_id: str, user_id: str, condition: str, now: datetime
) -> bool:
    """Let somebody wait in a thread, whose job is held; the same twice is one.

    Returns whether they do: not where they wait for `MOST_CONDITIONS` other things already.
    """
    mine = conditions.c.subscription_id == subscription_id, conditions.c.user_id == user_id
    known = list(await connection.scalars(select(conditions.c.condition).where(*mine)))
    wanted = storable(condition)
    if wanted in known:
        return True
    if len(known) >= MOST_CONDITIONS:
        return False
    fresh = insert(conditions).values(
        id=uuid.uuid4().hex,
        subscription_id=subscription_id,
        user_id=user_id,
        condition=wanted,
        created_at=now.timestamp(),
    )
    await connection.execute(fresh)
    return True


async def waiters_in(
    database: Dialect, connection: Connected, subscription_ids: Iterable[str]
) -> Mapping[str, Sequence[AlertSubscriber]]:
    """Who waits in each of these threads, in the order in which they came."""
    given = database.rows(id=Text)
    wanted = (
        select(conditions)
        .where(conditions.c.subscription_id.in_(select(given.c.id)))
        .order_by(conditions.c.created_at, conditions.c.id)
    )
    found: dict[str, list[AlertSubscriber]] = defaultdict(list)
    for row in await connection.execute(wanted, packed({"id": each} for each in subscription_ids)):
        found[row.subscription_id].append(
            AlertSubscriber(row.id, row.subscription_id, row.user_id, row.condition, moment(row.created_at))
        )
    return found


async def stop_waiting(database: Dialect, connection: Connected, ids: Iterable[str]) -> set[str]:
    """Of these, which their jobs' holder answers: who waits until now. They do no longer."""
    given = database.rows(id=Text)
    over = delete(conditions).where(conditions.c.id.in_(select(given.c.id))).returning(conditions.c.id)
    return set(await connection.scalars(over, packed({"id": each} for each in ids)))


async def forget_answers(connection: Connected, user_id: str, where: ColumnElement[bool]) -> None:
    """What a person waited for is no longer known from the messages to them; those that wait are dropped.

    ``where`` says which messages of the outbox count.
    """
    mine = where, outbox.c.kind == AlertResult.kind, outbox.c.payload.contains(user_id, autoescape=True)
    for row in (await connection.execute(select(outbox.c.seq, outbox.c.payload).where(*mine))).all():
        this = update(outbox).where(outbox.c.seq == row.seq)
        try:
            told = read_notification(row.payload)
        except UnreadableRowError:  # it can be told to nobody, and may well name them
            await connection.execute(this.values(payload="{}", state=DROPPED))
            continue
        if isinstance(told, AlertResult) and told.user_id == user_id:
            payload = told.model_copy(update={"user_id": None}).to_json()
            await connection.execute(this.values(payload=payload))
            await connection.execute(this.where(is_waiting).values(state=DROPPED))


async def forget_waiter(connection: Connected, user_id: str, where: ColumnElement[bool]) -> None:
    """A person no longer waits; ``where`` says for which of the conditions."""
    await connection.execute(delete(conditions).where(conditions.c.user_id == user_id, where))
