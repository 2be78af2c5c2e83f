"""What the watcher asks first: which work is due, and whether it is its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

import structlog
from sqlalchemy import Double, Executable, Select, Text, and_, bindparam, func, literal, or_, select, update

from bot.domain.ports import ClaimedJob, ClaimedList, ListPlan
from bot.store.database.connection import Connected
from bot.store.database.dialect import ORG, packed
from bot.store.database.transaction import reads, writes
from bot.store.jobs.listed_jobs import wants_list
from bot.store.rows import UnreadableRowError, brought_back, moment, moment_if, read_state, seconds_if
from bot.store.tables import digests, examinations, organisations, subscription_groups, watched_jobs
from bot.store.watches.due import DueQueries
from bot.store.watches.looks import LookQueries
from bot.store.watches.outages import OutageQueries

SET_ASIDE: Final = timedelta(hours=1)
"""Pause for a job whose state cannot be read."""
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


def _free_jobs() -> Select[Any]:
    """The jobs of an organisation that nobody holds."""
    mine = watched_jobs.c.org_id == bindparam("mine")
    return select(watched_jobs.c.org_id, watched_jobs.c.request_id).where(
        mine, watched_jobs.c.lease_until <= bindparam("at")
    )


def _claim(wanted: Select[Any]) -> Executable:
    """Lease these jobs, which are locked first."""
    due = wanted.with_for_update(skip_locked=True).cte("due")
    until = bindparam("until", type_=Double)
    return (
        update(watched_jobs)
        .where(watched_jobs.c.org_id == due.c.org_id, watched_jobs.c.request_id == due.c.request_id)
        .values(due_at=until, lease_until=until, generation=watched_jobs.c.generation + 1)
        .returning(
            watched_jobs.c.org_id,
            watched_jobs.c.request_id,
            watched_jobs.c.generation,
            watched_jobs.c.next_look_at,
            watched_jobs.c.state,
        )
    )


def _claim_list() -> Executable:
    """Lease the organisation's list, if it is due."""
    is_due = or_(organisations.c.next_list_at.is_(None), organisations.c.next_list_at <= bindparam("at"))
    mine = organisations.c.org_id == bindparam("mine")
    claim = update(organisations).where(mine, organisations.c.lease_until <= bindparam("at"), is_due)
    claim = claim.values(lease_until=bindparam("until"), generation=organisations.c.generation + 1)
    return claim.returning(organisations.c.generation, organisations.c.failures)


_DUE: Final = _free_jobs().where(watched_jobs.c.due_at <= bindparam("due_by"))
_CLAIM_DUE: Final = _claim(_DUE.order_by(watched_jobs.c.due_at).limit(bindparam("limit")))
_CLAIM_LIST: Final = _claim_list()
_PLAN: Final = _plan()
"""These are asked in nearly every round: to put a statement together takes longer than to run it."""

_log = structlog.stdlib.get_logger(__name__)


class WatchQueries(LookQueries, OutageQueries, DueQueries):
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
        wanted = {"mine": org_id, "due_by": (due_by or now).timestamp(), "limit": limit}
        return await _claimed(connection, _CLAIM_DUE, wanted, now, lease_seconds)

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
        these = _free_jobs().where(watched_jobs.c.request_id.in_(select(given.c.request_id)))
        wanted = {"mine": org_id, **packed({"request_id": each} for each in request_ids)}
        return await _claimed(connection, _claim(these), wanted, now, lease_seconds)

    @writes
    async def claim_list(
        self, connection: Connected, org_id: str, now: datetime, lease_seconds: float
    ) -> ClaimedList | None:
        """See the port."""
        claim = {"mine": org_id, "at": now.timestamp(), "until": now.timestamp() + lease_seconds}
        row = (await connection.execute(_CLAIM_LIST, claim)).first()
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
        return dict(cast("Sequence[tuple[str, int]]", rows.all()))  # by name it takes twice as long

    @writes
    async def rebase_looks(
        self, connection: Connected, org_id: str, latest: datetime, latest_rare: datetime
    ) -> None:
        """See the port. A lease that ends early costs one look: whoever held it has a stale lease."""
        soon, rare = latest.timestamp(), latest_rare.timestamp()
        jobs, lists, exams, plans = watched_jobs.c, organisations.c, examinations.c, digests.c
        groups = subscription_groups.c
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
            brought_back(subscription_groups, groups.due_at, rare, groups.org_id == org_id),
            update(digests).where(plans.org_id == org_id, plans.due_at > due_at).values(due_at=due_at),
        ]
        for change in changes:
            await connection.execute(change)


async def _claimed(
    connection: Connected,
    claim: Executable,
    wanted: Mapping[str, Any],
    now: datetime,
    lease_seconds: float,
) -> Sequence[ClaimedJob]:
    """Lease the jobs that are ``wanted``; most overdue first."""
    times = {"at": now.timestamp(), "until": now.timestamp() + lease_seconds}
    rows = (await connection.execute(claim, {**wanted, **times})).all()
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
