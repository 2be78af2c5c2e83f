"""What delivery asks first: which lanes are due; and how a lane is held and let go."""

from __future__ import annotations

import functools
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, bindparam, func, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.domain.ports import Lane
from bot.store.database.connection import Connected
from bot.store.database.dialect import packed
from bot.store.database.transaction import StaleLeaseError, StoreQueries, reads, writes
from bot.store.outbox.pauses import is_paused, paused_until_of_lane
from bot.store.rows import moment, moment_if
from bot.store.tables import lanes


def _is_due(at: ColumnElement[float]) -> ColumnElement[bool]:
    return and_(lanes.c.due_at <= at, lanes.c.closed_until <= at, ~is_paused(at))


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
        .values(closed_until=bindparam("until"), generation=lanes.c.generation + 1)
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
    ) -> Sequence[Lane]:
        """See the port."""
        claim = {"at": now.timestamp(), "until": now.timestamp() + lease_seconds, "limit": limit}
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
    async def claim_lane(
        self,
        connection: Connected,
        team_id: str,
        channel_id: str,
        now: datetime,
        lease_seconds: float,
    ) -> Lane | datetime | None:
        """See the port."""
        mine = and_(lanes.c.team_id == team_id, lanes.c.channel_id == channel_id)
        at = now.timestamp()
        claim = (
            update(lanes)
            .where(mine, lanes.c.due_at <= at, lanes.c.closed_until <= at, ~is_paused(at))
            .values(closed_until=now.timestamp() + lease_seconds, generation=lanes.c.generation + 1)
            .returning(lanes.c.generation)
        )
        generation = await connection.scalar(claim)
        if generation is not None:
            return Lane(team_id, channel_id, generation)
        paused_until = paused_until_of_lane().label("paused_until")
        wanted = select(lanes.c.due_at, lanes.c.closed_until, paused_until).where(mine)
        row = (await connection.execute(wanted)).first()
        if row is None or row.due_at is None:
            return None
        return moment(max(row.due_at, row.closed_until, row.paused_until))

    @reads
    async def next_lane_at(self, connection: Connected) -> datetime | None:
        """See the port."""
        open_at = self.database.greater(lanes.c.closed_until, paused_until_of_lane())
        due = self.database.greater(lanes.c.due_at, open_at)
        return moment_if(await connection.scalar(select(func.min(due)).where(lanes.c.due_at.is_not(None))))

    @writes
    async def rest_lane(self, connection: Connected, lane: Lane, until: datetime) -> bool:
        """See the port."""
        rests = update(lanes).where(_is(lane), lanes.c.generation == lane.generation)
        rests = rests.values(closed_until=until.timestamp(), generation=lanes.c.generation + 1)
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
        # Released counts as a new generation too: nothing is finished twice.
        generation=lanes.c.generation + 1,
    )
    await connection.execute(released)


def _is(lane: Lane) -> ColumnElement[bool]:
    return and_(lanes.c.team_id == lane.team_id, lanes.c.channel_id == lane.channel_id)
