"""What Slack delivered: claimed, answered, taken up, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, delete, or_, select, update

from bot.domain.ports.deliveries import (
    ANSWERABLE_FOR,
    REMEMBERED_FOR,
    Claim,
    ClaimedDelivery,
    HeldDelivery,
    Incoming,
)
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, writes, writes_first
from bot.store.rows import first_generation, moment, storable
from bot.store.tables import deliveries

_EMPTIED: Final = {"payload": None, "response_url": None}
"""What is kept no longer than it is needed."""
_UNANSWERED: Final = deliveries.c.answered_at.is_(None)


class IncomingQueries(StoreQueries):
    """See `bot.domain.ports.Deliveries`."""

    @writes_first
    async def claim_deliveries(
        self, connection: Connected, incoming: Sequence[Incoming], now: datetime, lease_seconds: float
    ) -> Sequence[Claim]:
        """See the port."""
        claims: list[Claim] = [None] * len(incoming)
        for place in _in_turn([each.key for each in incoming]):
            claims[place] = await self._claimed(connection, incoming[place], now, lease_seconds)
        return claims

    async def _claimed(
        self, connection: Connected, incoming: Incoming, now: datetime, lease_seconds: float
    ) -> Claim:
        key = storable(incoming.key)
        if not incoming.is_old or await connection.scalar(select(deliveries.c.key).where(_is(key))):
            row = (await connection.execute(self._claim(incoming, now, lease_seconds))).first()
            if row is not None:
                return ClaimedDelivery(incoming, row.generation, moment(row.claimed_until))
        found = select(deliveries.c.claimed_until).where(_is(key), _UNANSWERED, ~_outranks(incoming.rank))
        held_until = await connection.scalar(found)
        return None if held_until is None else HeldDelivery(moment(held_until))

    def _claim(self, incoming: Incoming, now: datetime, lease_seconds: float) -> Any:
        """Insert it; where it is there already, only if it says more now or its holder has died."""
        seconds = now.timestamp()
        fresh = self.database.insert(deliveries).values(
            key=storable(incoming.key),
            team_id=storable(incoming.team_id),
            user_id=storable(incoming.user_id),
            rank=incoming.rank,
            kind=incoming.kind,
            payload=incoming.payload,
            response_url=incoming.response_url,
            claimed_until=seconds + lease_seconds,
            generation=first_generation(),
            created_at=seconds,
        )
        says_more = deliveries.c.rank < incoming.rank
        is_left = and_(
            _UNANSWERED, deliveries.c.claimed_until <= seconds, ~_outranks(incoming.rank), ~says_more
        )
        again = fresh.on_conflict_do_update(
            index_elements=[deliveries.c.key],
            set_={
                "rank": incoming.rank,
                "kind": incoming.kind,
                "payload": incoming.payload,
                "response_url": incoming.response_url,
                "claimed_until": seconds + lease_seconds,
                "generation": deliveries.c.generation + 1,
                "answered_at": None,
                "created_at": case((says_more, seconds), else_=deliveries.c.created_at),
            },
            where=or_(says_more, is_left),
        )
        return again.returning(deliveries.c.generation, deliveries.c.claimed_until)

    @writes
    async def renew_delivery(
        self, connection: Connected, claim: ClaimedDelivery, now: datetime, lease_seconds: float
    ) -> ClaimedDelivery | None:
        """See the port."""
        until = now.timestamp() + lease_seconds
        longer = update(deliveries).where(_is_held(claim)).values(claimed_until=until)
        if not (await connection.execute(longer)).rowcount:
            return None
        return ClaimedDelivery(claim.incoming, claim.generation, moment(until))

    @writes
    async def finish_deliveries(
        self, connection: Connected, claims: Sequence[ClaimedDelivery], now: datetime
    ) -> Sequence[bool]:
        """See the port."""
        finished = [False] * len(claims)
        for place in _in_turn([each.incoming.key for each in claims]):
            answered = update(deliveries).where(_is_held(claims[place]))
            answered = answered.values(answered_at=now.timestamp(), **_EMPTIED)
            finished[place] = bool((await connection.execute(answered)).rowcount)
        return finished

    @writes
    async def take_up_deliveries(
        self, connection: Connected, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedDelivery]:
        """See the port."""
        left = (
            select(deliveries.c.key)
            .where(
                _UNANSWERED,
                deliveries.c.payload.is_not(None),
                deliveries.c.claimed_until <= now.timestamp(),
                deliveries.c.created_at > (now - ANSWERABLE_FOR).timestamp(),
            )
            .order_by(deliveries.c.created_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("taken")
        )
        claim = (
            update(deliveries)
            .where(deliveries.c.key.in_(select(left.c.key)))
            .values(claimed_until=now.timestamp() + lease_seconds, generation=deliveries.c.generation + 1)
            .returning(deliveries)
        )
        rows = sorted((await connection.execute(claim)).all(), key=lambda row: (row.created_at, row.key))
        return [ClaimedDelivery(_read(row), row.generation, moment(row.claimed_until)) for row in rows]

    @writes
    async def forget_deliveries(self, connection: Connected, now: datetime) -> int:
        """See the port."""
        too_late = deliveries.c.created_at <= (now - ANSWERABLE_FOR).timestamp()
        left = update(deliveries).where(_UNANSWERED, deliveries.c.payload.is_not(None), too_late)
        left = left.values(answered_at=now.timestamp(), **_EMPTIED)
        expired = (await connection.execute(left)).rowcount
        is_old = deliveries.c.created_at <= (now - REMEMBERED_FOR).timestamp()
        await connection.execute(delete(deliveries).where(is_old))
        return expired


def _in_turn(keys: Sequence[str]) -> Sequence[int]:
    """The places of the keys, in an order that is everybody's: no two wait for each other crosswise."""
    return sorted(range(len(keys)), key=lambda place: keys[place])


def _is(key: str) -> ColumnElement[bool]:
    return deliveries.c.key == key


def _is_held(claim: ClaimedDelivery) -> ColumnElement[bool]:
    """Nobody took it over, and nobody answered it."""
    key = storable(claim.incoming.key)
    return and_(_is(key), deliveries.c.generation == claim.generation, _UNANSWERED)


def _outranks(rank: int) -> ColumnElement[bool]:
    """What is there already says more than this."""
    return deliveries.c.rank > rank


def _read(row: Row[Any]) -> Incoming:
    return Incoming(row.key, row.team_id, row.user_id, row.rank, row.kind, row.payload, row.response_url)
