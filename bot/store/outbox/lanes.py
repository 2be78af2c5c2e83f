"""What delivery asks first: which lanes are due; and how a lane is held and let go."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Double, Text, and_, bindparam, func, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.ports import Lane
from bot.store.database.connection import Connected
from bot.store.database.dialect import packed
from bot.store.database.transaction import StaleLeaseError, StoreQueries, reads, writes
from bot.store.outbox.pauses import is_paused, paused_until_of_lane
from bot.store.rows import moment, moment_if
from bot.store.tables import lanes

_MISTRUSTED_UNTIL: Final = lanes.c.closed_seconds + bindparam("steady_since", type_=Double)
"""Until when a lane is closed for whoever can't say whether the clock jumped since that was written."""

_LEASED: Final[Mapping[Any, Any]] = MappingProxyType(
    {
        lanes.c.closed_until: bindparam("until"),
        lanes.c.closed_seconds: bindparam("lease_seconds"),
        lanes.c.generation: lanes.c.generation + 1,
    }
)


def _is_due(at: ColumnElement[float]) -> ColumnElement[bool]:
    is_open = and_(lanes.c.closed_until <= at, at >= _MISTRUSTED_UNTIL)
    return and_(lanes.c.due_at <= at, is_open, ~is_paused(at))


def _claim(*further: ColumnElement[bool]) -> ReturningUpdate[Any]:
    """Hold the lanes that are due, the most overdue first."""
    due = (
        select(lanes.c.team_id, lanes.c.channel_id)
        .where(_is_due(bindparam("at")), *further)
        .order_by(lanes.c.due_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        update(lanes)
        .where(lanes.c.team_id == due.c.team_id, lanes.c.channel_id == due.c.channel_id)
        .values(_LEASED)
        .returning(lanes.c.team_id, lanes.c.channel_id, lanes.c.generation, lanes.c.due_at)
    )


_CLAIM: Final = _claim()
"""Asked in every round, and so put together once."""


class LaneQueries(StoreQueries):
    """See `bot.domain.ports.OutboxStore`."""

    @writes
    async def claim_lanes(  # noqa: PLR0913  (the port's)
        self,
        connection: Connected,
        now: datetime,
        lease_seconds: float,
        limit: int,
        *,
        a_team: int | None = None,
        without: Collection[str] = (),
        steady_since: datetime | None = None,
    ) -> Sequence[Lane]:
        """See the port."""
        claim = {**_lease(now, lease_seconds, steady_since), "limit": limit}
        if a_team is None:
            rows = (await connection.execute(_CLAIM, claim)).all()
        else:
            shares = {"a_team": a_team, **packed({"team_id": each} for each in without)}
            rows = (await connection.execute(self._claim_fairly, claim | shares)).all()
        rows = sorted(rows, key=lambda row: (row.due_at, row.team_id, row.channel_id))
        return [Lane(row.team_id, row.channel_id, row.generation) for row in rows]

    @functools.cached_property
    def _claim_fairly(self) -> ReturningUpdate[Any]:
        given = self.database.rows(team_id=Text)
        place = func.row_number().over(partition_by=lanes.c.team_id, order_by=lanes.c.due_at)
        due = select(lanes.c.team_id, lanes.c.channel_id, place.label("place")).where(
            _is_due(bindparam("at")), lanes.c.team_id.not_in(select(given.c.team_id))
        )
        first = due.subquery("first")
        few = select(first.c.team_id, first.c.channel_id).where(first.c.place <= bindparam("a_team"))
        return _claim(tuple_(lanes.c.team_id, lanes.c.channel_id).in_(few))

    @writes
    async def claim_lane(  # noqa: PLR0913  (the port's)
        self,
        connection: Connected,
        team_id: str,
        channel_id: str,
        now: datetime,
        lease_seconds: float,
        *,
        steady_since: datetime | None = None,
    ) -> Lane | datetime | None:
        """See the port."""
        given = _lease(now, lease_seconds, steady_since)
        mine = and_(lanes.c.team_id == team_id, lanes.c.channel_id == channel_id)
        claim = (
            update(lanes).where(mine, _is_due(bindparam("at"))).values(_LEASED).returning(lanes.c.generation)
        )
        generation = await connection.scalar(claim, given)
        if generation is not None:
            return Lane(team_id, channel_id, generation)
        times = (lanes.c.due_at, lanes.c.closed_until, _MISTRUSTED_UNTIL, paused_until_of_lane())
        row = (await connection.execute(select(*times).where(mine), given)).first()
        return None if row is None or row.due_at is None else moment(max(row))

    @reads
    async def next_lane_at(
        self, connection: Connected, steady_since: datetime | None = None
    ) -> datetime | None:
        """See the port."""
        due: ColumnElement[float] = lanes.c.due_at
        for other in (lanes.c.closed_until, _MISTRUSTED_UNTIL, paused_until_of_lane()):
            due = self.database.greater(due, other)
        wanted = select(func.min(due)).where(lanes.c.due_at.is_not(None))
        return moment_if(await connection.scalar(wanted, {"steady_since": _seconds(steady_since)}))

    @writes
    async def rest_lane(self, connection: Connected, lane: Lane, until: datetime) -> bool:
        """See the port."""
        rests = update(lanes).where(_is(lane), lanes.c.generation == lane.generation)
        rests = rests.values(
            closed_until=until.timestamp(), closed_seconds=0.0, generation=lanes.c.generation + 1
        )
        return bool((await connection.execute(rests)).rowcount)


async def hold(connection: Connected, lane: Lane) -> None:
    """Keep everyone else from this lane until the transaction ends.

    Raises:
        LateLoserError: somebody else has it.
    """
    held = select(lanes.c.generation).where(_is(lane)).with_for_update(key_share=True)
    if await connection.scalar(held) != lane.generation:
        raise StaleLeaseError


async def release(
    connection: Connected,
    lane: Lane,
    next_at: ColumnElement[float],
    *,
    now: datetime,
    free_at: datetime,
) -> None:
    """Let a held lane go: it is due when ``next_at`` (a subquery) says, and not before ``free_at``.

    The subquery is asked after the lane was held, so that whatever is put in meanwhile either counts here
    or makes the lane due itself afterwards.
    """
    released = update(lanes).where(_is(lane))
    released = released.values(
        due_at=next_at,
        closed_until=free_at.timestamp(),
        closed_seconds=(free_at - now).total_seconds(),
        # Released counts as a new generation too: nothing is finished twice.
        generation=lanes.c.generation + 1,
    )
    await connection.execute(released)


def _lease(now: datetime, lease_seconds: float, steady_since: datetime | None) -> dict[str, float]:
    """The parameters of a claim."""
    at = now.timestamp()
    return {
        "at": at,
        "until": at + lease_seconds,
        "lease_seconds": lease_seconds,
        "steady_since": _seconds(steady_since),
    }


def _seconds(steady_since: datetime | None) -> float:
    return 0.0 if steady_since is None else steady_since.timestamp()


def _is(lane: Lane) -> ColumnElement[bool]:
    return and_(lanes.c.team_id == lane.team_id, lanes.c.channel_id == lane.channel_id)
