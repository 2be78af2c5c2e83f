"""Looks at the metrics of jobs that run: when they are due, and what is told about what they found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Double, Integer, Row, Text, and_, func, select, update

from bot.domain.ports import ClaimedMetricsCheck, MetricsCheckOutcome
from bot.domain.subscriptions.notifications.metrics_updates import MetricsFinding
from bot.domain.subscriptions.notifications.registry import copy_for
from bot.domain.subscriptions.subscription import Mode
from bot.domain.subscriptions.watch_state import WatchedState
from bot.store.database.connection import Connected
from bot.store.database.dialect import ORG, packed
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import reads, writes
from bot.store.rows import (
    UnreadableRowError,
    moment,
    moment_if,
    read_notification,
    read_state,
    seconds_if,
)
from bot.store.subscriptions.alerts import rows_of, silenced, stop_waiting, waiters_in
from bot.store.subscriptions.documents import Documents
from bot.store.subscriptions.threads import JobKey, Threads
from bot.store.tables import (
    DROPPED,
    examinations,
    is_waiting,
    outbox,
    silenced_findings,
    subscriptions,
    watched_jobs,
)
from bot.store.watches.findings import FindingQueries
from bot.store.watches.messages import findings_of_checks, messages_of_check

_HEARS: Final = frozenset(mode.value for mode in Mode if copy_for(MetricsFinding, mode, is_quiet=False))
"""The modes in which a thread is told about findings."""
_THREAD: Final = tuple(
    subscriptions.c[name] for name in ("id", "team_id", "channel_id", "mode", "is_quiet", "is_fed")
)
_FIRST_DUE: Final = select(func.min(examinations.c.due_at)).where(
    examinations.c.org_id == ORG, examinations.c.due_at.is_not(None)
)


class MetricsCheckQueries(FindingQueries):
    """See `bot.domain.ports.MetricsCheckStore`. Jobs are held before their metrics checks."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)
        self._documents = Documents(database)

    @reads
    async def next_metrics_check_at(self, connection: Connected, org_id: str) -> datetime | None:
        """See the port."""
        return moment_if(await connection.scalar(_FIRST_DUE, {"org_id": org_id}))

    @writes
    async def claim_metrics_checks(
        self, connection: Connected, org_id: str, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedMetricsCheck]:
        """See the port. While it is held a metrics check is due when the lease is over."""
        due = (
            select(examinations)
            .where(examinations.c.org_id == org_id, examinations.c.due_at <= now.timestamp())
            .order_by(examinations.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = (await connection.execute(due)).all()
        if not rows:
            return []
        # Each row with its whole key: else SQLite goes through all that the organisation has.
        given = self.database.rows(org_id=Text, request_id=Text)
        claim = (
            update(examinations)
            .where(examinations.c.org_id == given.c.org_id, examinations.c.request_id == given.c.request_id)
            .values(due_at=now.timestamp() + lease_seconds, generation=examinations.c.generation + 1)
        )
        keys = ({"org_id": row.org_id, "request_id": row.request_id} for row in rows)
        await connection.execute(claim, packed(keys))
        return await self._claimed(connection, rows)

    async def _claimed(
        self, connection: Connected, rows: Sequence[Row[Any]]
    ) -> Sequence[ClaimedMetricsCheck]:
        keys = {(row.org_id, row.request_id) for row in rows}
        states = await rows_of(self.database, connection, watched_jobs, keys, watched_jobs.c.state)
        hidden = await silenced(self.database, connection, keys)
        threads = await self._followers(connection, keys)
        ids = [each.id for key in keys for each in threads.get(key, ())]
        waiters = await waiters_in(self.database, connection, ids)
        readable = {key: state for key, [row] in states.items() if (state := _state_in(row)) is not None}
        return [
            ClaimedMetricsCheck(
                org_id=row.org_id,
                request_id=row.request_id,
                generation=row.generation + 1,
                state=readable[key],
                due_at=moment(row.due_at),
                failures=row.failures,
                silenced=hidden.get(key, frozenset()),
                tells_findings=any(each.mode in _HEARS for each in threads.get(key, ())),
                waiters=tuple(waiter for each in threads.get(key, ()) for waiter in waiters.get(each.id, ())),
            )
            for row in rows
            if (key := (row.org_id, row.request_id)) in readable
        ]

    @writes
    async def finish_metrics_checks(
        self, connection: Connected, examined: Sequence[MetricsCheckOutcome], now: datetime
    ) -> int:
        """See the port. The jobs are held: nobody subscribes, leaves or silences anything meanwhile."""
        if not examined:
            return 0
        await self._threads.lock_jobs(connection, {_key(each) for each in examined})
        counted = await self._release(connection, examined)
        winners = [each for each in examined if _key(each) in counted]
        telling = {
            _key(each): each for each in winners if each.answers or each.findings or each.standing is not None
        }
        if telling:
            threads = await self._followers(connection, telling)
            hidden = await silenced(self.database, connection, telling)
            changed = await self._documents.note_findings(connection, findings_of_checks(telling, hidden))
            shown = [row for key in changed for row in threads.get(key, ())]
            await self._threads.wish_edits(connection, shown, now)
            answered = [waiter.id for each in telling.values() for waiter, _ in each.answers]
            waiting = await stop_waiting(self.database, connection, answered)
            messages = [
                message
                for key, each in telling.items()
                for message in messages_of_check(each, threads.get(key, ()), hidden.get(key, ()), waiting)
            ]
            await self._threads.enqueue(connection, messages, now)
        return len(winners)

    async def _release(self, connection: Connected, examined: Sequence[MetricsCheckOutcome]) -> set[JobKey]:
        """Let them be due when they say; those of stale leases are left out."""
        given = self.database.rows(
            org_id=Text, request_id=Text, generation=BigInteger, due_at=Double, failures=Integer
        )
        released = (
            update(examinations)
            .where(
                examinations.c.org_id == given.c.org_id,
                examinations.c.request_id == given.c.request_id,
                examinations.c.generation == given.c.generation,
            )
            .values(
                due_at=given.c.due_at,
                failures=given.c.failures,
                # Released counts as a new generation too: nothing is finished twice.
                generation=examinations.c.generation + 1,
            )
            .returning(examinations.c.org_id, examinations.c.request_id)
        )
        rows = [
            {
                "org_id": each.claim.org_id,
                "request_id": each.claim.request_id,
                "generation": each.claim.generation,
                "due_at": seconds_if(each.next_at),
                "failures": each.failures,
            }
            for each in examined
        ]
        return {(row.org_id, row.request_id) for row in await connection.execute(released, packed(rows))}

    @writes
    async def silence(
        self, connection: Connected, org_id: str, request_id: str, finding: str, now: datetime
    ) -> None:
        """See the port."""
        await self._threads.lock_jobs(connection, [(org_id, request_id)])
        fresh = self.database.insert(silenced_findings).values(
            org_id=org_id, request_id=request_id, finding=finding, silenced_at=now.timestamp()
        )
        await connection.execute(fresh.on_conflict_do_nothing())
        told = select(outbox.c.seq, outbox.c.payload).where(_of_finding(org_id, request_id), is_waiting)
        mine = [row.seq for row in await connection.execute(told) if _finding_in(row) == finding]
        if mine:
            dropped = update(outbox).where(outbox.c.seq.in_(mine), is_waiting)
            await connection.execute(dropped.values(state=DROPPED))
        threads = await self._followers(connection, [(org_id, request_id)])
        await self._threads.wish_edits(connection, [row for found in threads.values() for row in found], now)

    @reads
    async def was_told(self, connection: Connected, org_id: str, request_id: str, finding: str) -> bool:
        """See the port. What was begun may stand in Slack."""
        told = select(outbox.c.payload).where(_of_finding(org_id, request_id), outbox.c.attempts > 0)
        return any(_finding_in(row) == finding for row in await connection.execute(told))

    async def _followers(
        self, connection: Connected, keys: Collection[JobKey]
    ) -> Mapping[JobKey, Sequence[Row[Any]]]:
        """The active subscriptions of these jobs."""
        is_active = subscriptions.c.ended.is_(None)
        return await rows_of(self.database, connection, subscriptions, keys, *_THREAD, where=is_active)


def _of_finding(org_id: str, request_id: str) -> ColumnElement[bool]:
    """Messages about findings in this job."""
    theirs = select(subscriptions.c.id).where(
        subscriptions.c.org_id == org_id, subscriptions.c.request_id == request_id
    )
    return and_(outbox.c.subscription_id.in_(theirs), outbox.c.kind == MetricsFinding.kind)


def _state_in(row: Row[Any]) -> WatchedState | None:
    """One that cannot be read is set aside, and told, by the poll of the job itself."""
    try:
        return read_state(row.state)
    except UnreadableRowError:
        return None


def _finding_in(row: Row[Any]) -> str | None:
    try:
        told = read_notification(row.payload)
    except UnreadableRowError:
        return None
    return told.finding if isinstance(told, MetricsFinding) else None


def _key(examined: MetricsCheckOutcome) -> JobKey:
    return examined.claim.org_id, examined.claim.request_id
