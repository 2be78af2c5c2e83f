"""What the watcher asks first: which work is due, and whether it is its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Select, Text, and_, func, literal, or_, select, update

from bot.domain.ports import ClaimedJob, ClaimedList, ListPlan
from bot.store.database.connection import Connected
from bot.store.database.dialect import ORG, packed
from bot.store.database.transaction import reads, writes
from bot.store.jobs.listed_jobs import wants_list
from bot.store.rows import UnreadableRowError, brought_back, moment, moment_if, read_state, seconds_if
from bot.store.tables import digests, examinations, organisations, watched_jobs
from bot.store.watches.looks import LookQueries
from bot.store.watches.outages import OutageQueries

SET_ASIDE: Final = timedelta(hours=1)
"""So long a job whose state cannot be read is left alone."""
COUNTED: Final = 1_000
"""Nobody needs to know how many more jobs than this are watched, and counting takes time."""


def _plan() -> Select[Any]:
    """One row, also for an organisation that nothing is stored of."""
    mine = watched_jobs.c.org_id == ORG
    some = select(watched_jobs.c.request_id).where(mine).limit(COUNTED).subquery()
    one = select(literal(1)).subquery("one")
    return select(
        select(func.count()).select_from(some).scalar_subquery().label("watched"),
        select(func.min(watched_jobs.c.due_at)).where(mine).scalar_subquery().label("next_look_at"),
        organisations.c.list_refused_until,
        organisations.c.next_list_at,
        organisations.c.api_down_since,
        wants_list(ORG).label("wants_list"),
    ).select_from(one.outerjoin(organisations, organisations.c.org_id == ORG))


_PLAN: Final = _plan()
"""Asked in every round: to put a statement together takes longer than to run it."""

_log = structlog.stdlib.get_logger(__name__)


class WatchQueries(LookQueries, OutageQueries):
    """See `bot.domain.ports.WatchStore`. A lease is written down as its end and a new generation."""

    @reads
    async def plan(self, connection: Connected, org_id: str) -> ListPlan:
        """See the port."""
        row = (await connection.execute(_PLAN, {"org_id": org_id})).one()
        return ListPlan(
            watched=row.watched,
            next_look_at=moment_if(row.next_look_at),
            list_refused_until=moment_if(row.list_refused_until),
            next_list_at=moment_if(row.next_list_at),
            api_down_since=moment_if(row.api_down_since),
            wants_list=row.wants_list,
        )

    @writes
    async def claim_jobs(  # noqa: PLR0913  (the port's)
        self,
        connection: Connected,
        org_id: str,
        now: datetime,
        lease_seconds: float,
        limit: int,
        *,
        due_by: datetime | None = None,
    ) -> Sequence[ClaimedJob]:
        """See the port."""
        due = (
            select(watched_jobs.c.org_id, watched_jobs.c.request_id)
            .where(
                watched_jobs.c.org_id == org_id,
                watched_jobs.c.due_at <= (due_by or now).timestamp(),
                watched_jobs.c.lease_until <= now.timestamp(),
            )
            .order_by(watched_jobs.c.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        return await _claimed(connection, due, now, lease_seconds)

    @writes
    async def claim_these(
        self,
        connection: Connected,
        org_id: str,
        request_ids: Iterable[str],
        now: datetime,
        lease_seconds: float,
    ) -> Sequence[ClaimedJob]:
        """See the port."""
        given = self.database.rows(request_id=Text)
        due = (
            select(watched_jobs.c.org_id, watched_jobs.c.request_id)
            .where(
                watched_jobs.c.org_id == org_id,
                watched_jobs.c.request_id.in_(select(given.c.request_id)),
                watched_jobs.c.lease_until <= now.timestamp(),
            )
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        parameter = packed({"request_id": each} for each in request_ids)
        return await _claimed(connection, due, now, lease_seconds, parameter)

    @writes
    async def claim_list(
        self, connection: Connected, org_id: str, now: datetime, lease_seconds: float
    ) -> ClaimedList | None:
        """See the port."""
        is_due = or_(organisations.c.next_list_at.is_(None), organisations.c.next_list_at <= now.timestamp())
        claim = update(organisations).where(
            organisations.c.org_id == org_id, organisations.c.lease_until <= now.timestamp(), is_due
        )
        claim = claim.values(
            lease_until=now.timestamp() + lease_seconds, generation=organisations.c.generation + 1
        )
        claim = claim.returning(organisations.c.generation, organisations.c.failures)
        row = (await connection.execute(claim)).first()
        return None if row is None else ClaimedList(org_id, row.generation, row.failures)

    @writes
    async def finish_list(
        self,
        connection: Connected,
        claim: ClaimedList,
        next_list_at: datetime,
        *,
        failures: int = 0,
        refused_until: datetime | None = None,
    ) -> bool:
        """See the port. Releasing counts as a new generation too: nothing is finished twice."""
        held = and_(organisations.c.org_id == claim.org_id, organisations.c.generation == claim.generation)
        released = (
            update(organisations)
            .where(held)
            .values(
                next_list_at=next_list_at.timestamp(),
                lease_until=0,
                generation=organisations.c.generation + 1,
                failures=failures,
                list_refused_until=seconds_if(refused_until),
            )
        )
        return bool((await connection.execute(released)).rowcount)

    @reads
    async def fingerprints(self, connection: Connected, org_id: str) -> Mapping[str, int]:
        """See the port."""
        wanted = select(watched_jobs.c.request_id, watched_jobs.c.fingerprint)
        rows = await connection.execute(wanted.where(watched_jobs.c.org_id == org_id))
        return {row.request_id: row.fingerprint for row in rows}

    @writes
    async def rebase_looks(
        self, connection: Connected, org_id: str, latest: datetime, latest_rare: datetime
    ) -> None:
        """See the port. A lease that ends early costs one look: whoever held it has a stale lease."""
        soon, rare = latest.timestamp(), latest_rare.timestamp()
        jobs, lists, exams, plans = watched_jobs.c, organisations.c, examinations.c, digests.c
        # When a digest comes is a time of day: only what it waits beyond that is too long.
        due_at = self.database.greater(plans.next_at, soon)
        changes = [
            update(watched_jobs)
            .where(jobs.org_id == org_id, jobs.due_at > soon)
            .values(
                due_at=soon,
                next_look_at=self.database.lesser(jobs.next_look_at, soon),
                lease_until=self.database.lesser(jobs.lease_until, soon),
            ),
            brought_back(organisations, lists.next_list_at, soon, lists.org_id == org_id),
            brought_back(organisations, lists.lease_until, soon, lists.org_id == org_id),
            brought_back(organisations, lists.list_refused_until, rare, lists.org_id == org_id),
            brought_back(examinations, exams.due_at, rare, exams.org_id == org_id),
            update(digests).where(plans.org_id == org_id, plans.due_at > due_at).values(due_at=due_at),
        ]
        for change in changes:
            await connection.execute(change)


async def _claimed(
    connection: Connected,
    due: Any,
    now: datetime,
    lease_seconds: float,
    parameter: dict[str, str] | None = None,
) -> Sequence[ClaimedJob]:
    """Lease the jobs that ``due`` found and locked; most overdue first."""
    same: ColumnElement[bool] = and_(
        watched_jobs.c.org_id == due.c.org_id, watched_jobs.c.request_id == due.c.request_id
    )
    lease_until = now.timestamp() + lease_seconds
    claim = update(watched_jobs).where(same)
    claim = claim.values(
        due_at=lease_until, lease_until=lease_until, generation=watched_jobs.c.generation + 1
    ).returning(
        watched_jobs.c.org_id,
        watched_jobs.c.request_id,
        watched_jobs.c.generation,
        watched_jobs.c.next_look_at,
        watched_jobs.c.state,
    )
    rows = (await connection.execute(claim, parameter)).all()
    claims = []
    for row in sorted(rows, key=lambda row: (row.next_look_at, row.request_id)):
        try:
            state = read_state(row.state)
        except UnreadableRowError as error:
            _log.error("a watched job is set aside", request_id=row.request_id, detail=error.detail)
            await _set_aside(connection, row, now)
            continue
        due_at = moment(row.next_look_at)
        claims.append(ClaimedJob(row.org_id, row.request_id, row.generation, state, due_at))
    return claims


async def _set_aside(connection: Connected, row: Any, now: datetime) -> None:
    """Try again when somebody who can read it may have come; following the job anew replaces it."""
    mine = and_(watched_jobs.c.org_id == row.org_id, watched_jobs.c.request_id == row.request_id)
    until = (now + SET_ASIDE).timestamp()
    await connection.execute(update(watched_jobs).where(mine).values(due_at=until, lease_until=until))
