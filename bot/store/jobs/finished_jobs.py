"""Jobs that finished: what is remembered of them, and which failed the same way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, Text, and_, bindparam, exists, func, or_, select

from bot.domain.history import LOOKED_BACK, Earlier, FinishedJob
from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.job.reading import FINISHED_WORDS, read_status
from bot.domain.subscriptions.subscription import AFTER_THE_END
from bot.store.database.connection import Connected
from bot.store.database.dialect import ORG, Dialect, packed
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import moment, moment_if, seconds_if, storable
from bot.store.tables import finished_jobs, listed_jobs

_LOOKED_BACK_SECONDS: Final = LOOKED_BACK.total_seconds()
_FINISHED: Final = tuple(sorted(FINISHED_WORDS))
"""As Simplismart sends them."""
_LATER_SECONDS: Final = AFTER_THE_END.total_seconds()
"""Delay with which a row may show an end after its document."""
_KNOWN_UNTIL: Final = func.coalesce(finished_jobs.c.updated_at, finished_jobs.c.finished_at)


def _unrecorded() -> Select[Any]:
    """Finished jobs of the list, the last first, that are not known as of their rows."""
    is_known = exists().where(
        finished_jobs.c.org_id == listed_jobs.c.org_id,
        finished_jobs.c.request_id == listed_jobs.c.request_id,
        listed_jobs.c.updated_at <= _KNOWN_UNTIL,
    )
    return (
        select(listed_jobs)
        .where(
            listed_jobs.c.org_id == ORG,
            listed_jobs.c.updated_at >= bindparam("since"),
            func.upper(func.trim(listed_jobs.c.status)).in_(_FINISHED),
            ~is_known,
        )
        .order_by(listed_jobs.c.updated_at.desc(), listed_jobs.c.request_id)
        .limit(bindparam("limit"))
    )


_UNRECORDED: Final = _unrecorded()
"""Asked in nearly every round, and so put together once."""


class FinishedJobQueries(StoreQueries):
    """See `bot.domain.ports.FinishedJobStore`."""

    @writes
    async def record(self, connection: Connected, jobs: Sequence[FinishedJob]) -> None:
        """See the port."""
        await remember(self.database, connection, jobs)

    @reads
    async def earlier(
        self, connection: Connected, org_id: str, request_id: str, fingerprint: str, before: datetime
    ) -> Earlier | None:
        """See the port."""
        wanted = _last_before(org_id, request_id, fingerprint, before.timestamp())
        return _read_earlier((await connection.execute(wanted)).first())

    @reads
    async def finished(
        self, connection: Connected, org_id: str, since: datetime, until: datetime
    ) -> Sequence[FinishedJob]:
        """See the port."""
        finished_at = finished_jobs.c.finished_at
        wanted = select(finished_jobs).where(
            finished_jobs.c.org_id == org_id,
            finished_at >= since.timestamp(),
            finished_at < until.timestamp(),
        )
        rows = await connection.execute(wanted.order_by(finished_at.desc(), finished_jobs.c.request_id))
        return [_read(row) for row in rows]

    @reads
    async def recorded(
        self, connection: Connected, org_id: str, request_ids: Collection[str]
    ) -> Mapping[str, datetime]:
        """See the port."""
        given = self.database.rows(request_id=Text)
        wanted = select(finished_jobs.c.request_id, _KNOWN_UNTIL.label("known_until")).where(
            finished_jobs.c.org_id == org_id, finished_jobs.c.request_id.in_(select(given.c.request_id))
        )
        # Ids that come from a list, not from these tables: what cannot be stored is not remembered.
        parameter = packed({"request_id": each} for each in request_ids if storable(each) == each)
        rows = await connection.execute(wanted, parameter)
        return {row.request_id: moment(row.known_until) for row in rows}

    @reads
    async def unrecorded(
        self, connection: Connected, org_id: str, since: datetime, limit: int
    ) -> Sequence[JobSummary]:
        """See the port."""
        wanted = {"org_id": org_id, "since": since.timestamp(), "limit": limit}
        rows = await connection.execute(_UNRECORDED, wanted)
        return [
            JobSummary(
                row.request_id,
                status=read_status(row.status),
                status_text=row.status,
                updated_at=moment(row.updated_at),
            )
            for row in rows
        ]


async def remember(database: Dialect, connection: Connected, jobs: Sequence[FinishedJob]) -> None:
    """Remember these in the caller's transaction: see `bot.domain.ports.FinishedJobStore.record`."""
    if not jobs:
        return
    last = {(each.org_id, each.request_id): each for each in sorted(jobs, key=_weight)}
    fresh = database.insert(finished_jobs)
    keys = [finished_jobs.c.org_id, finished_jobs.c.request_id]
    names = [column.name for column in finished_jobs.c if not column.primary_key]
    newer = fresh.on_conflict_do_update(
        index_elements=keys,
        set_={name: fresh.excluded[name] for name in names},
        where=_counts(fresh.excluded),
    )
    # In one order, so that two who remember the same jobs do not wait for each other crosswise.
    await connection.execute(newer, [_row(last[key]) for key in sorted(last)])


def _weight(job: FinishedJob) -> tuple[datetime, bool]:
    has_details = any(each is not None for each in (job.gpu_hours, job.duration_seconds, job.reason))
    return job.known_until, has_details


def _counts(given: Any) -> ColumnElement[bool]:
    """Whether what is given counts more than what is remembered: it is newer, or says more of an end."""
    known, new = _KNOWN_UNTIL, func.coalesce(given.updated_at, given.finished_at)
    says_less = and_(_has_details(finished_jobs.c), ~_has_details(given))
    is_same = and_(
        finished_jobs.c.status == given.status,
        finished_jobs.c.finished_at - given.finished_at <= _LATER_SECONDS,
    )
    says_more = and_(_has_details(given), ~_has_details(finished_jobs.c), is_same)
    return or_(known < new, and_(known == new, ~says_less), says_more)


def _has_details(columns: Any) -> ColumnElement[bool]:
    """What only a document says: rows know of none of these."""
    return or_(
        columns.gpu_hours.is_not(None), columns.duration_seconds.is_not(None), columns.reason.is_not(None)
    )


async def earlier_of(connection: Connected, subscription: Row[Any], document: TrainingJob) -> Earlier | None:
    """The last other job that failed as the one of this subscription (a row), where that failed.

    As far as both are remembered.
    """
    if document.status is not JobStatus.FAILED:
        return None
    org_id, request_id = subscription.org_id, subscription.request_id
    mine = select(finished_jobs.c.fingerprint, finished_jobs.c.finished_at).where(
        finished_jobs.c.org_id == org_id, finished_jobs.c.request_id == request_id
    )
    row = (await connection.execute(mine)).first()
    if row is None or row.fingerprint is None:
        return None
    wanted = _last_before(org_id, request_id, row.fingerprint, row.finished_at)
    return _read_earlier((await connection.execute(wanted)).first())


def _last_before(org_id: str, request_id: str, fingerprint: str, before: float) -> Select[Any]:
    finished_at = finished_jobs.c.finished_at
    return (
        select(finished_jobs)
        .where(
            finished_jobs.c.org_id == org_id,
            finished_jobs.c.fingerprint == fingerprint,
            finished_at < before,
            finished_at >= before - _LOOKED_BACK_SECONDS,
            finished_jobs.c.request_id != request_id,
        )
        .order_by(finished_at.desc(), finished_jobs.c.request_id)
        .limit(1)
    )


def _read_earlier(row: Row[Any] | None) -> Earlier | None:
    if row is None:
        return None
    return Earlier(request_id=row.request_id, name=row.name, at=moment(row.finished_at))


def _read(row: Row[Any]) -> FinishedJob:
    return FinishedJob(
        org_id=row.org_id,
        request_id=row.request_id,
        name=row.name,
        status=JobStatus(row.status),
        finished_at=moment(row.finished_at),
        gpu_hours=row.gpu_hours,
        duration_seconds=row.duration_seconds,
        fingerprint=row.fingerprint,
        reason=row.reason,
        updated_at=moment_if(row.updated_at),
    )


def _row(job: FinishedJob) -> dict[str, Any]:
    return {
        "org_id": job.org_id,
        "request_id": job.request_id,
        "name": None if job.name is None else storable(job.name),
        "status": job.status.value,
        "finished_at": job.finished_at.timestamp(),
        "gpu_hours": job.gpu_hours,
        "duration_seconds": job.duration_seconds,
        "fingerprint": job.fingerprint,
        "reason": None if job.reason is None else storable(job.reason),
        "updated_at": seconds_if(job.updated_at),
    }
