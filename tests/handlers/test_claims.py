"""How long a claim waits for the database: longer while that is being opened, whoever comes then."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bot.domain.errors import StoreError
from bot.domain.ports.deliveries import Claim, ClaimedDelivery, Deliveries, Incoming
from bot.domain.ports.monitoring import NOT_MEASURED
from bot.handlers.deliveries.claims import Claims
from bot.handlers.kit.context import Context, nothing
from bot.handlers.kit.work import Work
from bot.playground.clock import ManualClock

CONTEXT = cast(
    "Context",
    SimpleNamespace(
        new_reference=lambda: "ab12cd34", slash_command="/job", measures=NOT_MEASURED, on_failure=nothing
    ),
)
WITHOUT_PATIENCE = 0.0


class SlowDatabase:
    """Takes nothing before it is open."""

    def __init__(self) -> None:
        self.is_open = asyncio.Event()

    async def claim_deliveries(
        self, incoming: Sequence[Incoming], now: datetime, lease_seconds: float
    ) -> Sequence[Claim]:
        """Each is claimed, once the database is open."""
        await self.is_open.wait()
        until = now + timedelta(seconds=lease_seconds)
        return [ClaimedDelivery(each, 1, until) for each in incoming]

    async def finish_deliveries(self, claims: Sequence[ClaimedDelivery], _now: datetime) -> Sequence[bool]:
        """Each is answered."""
        return [True] * len(claims)


def _claims(database: SlowDatabase, work: Work) -> Claims:
    return Claims(cast("Deliveries", database), ManualClock(), work)


async def test_whoever_comes_while_the_database_is_opened_waits_for_that() -> None:
    """Not only the first: after a restart several come at once, and none is told that it does not answer."""
    database, work = SlowDatabase(), Work(CONTEXT)
    claims = _claims(database, work)
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(claims.claim(Incoming(f"k{n}", "T1", "U1"), WITHOUT_PATIENCE)) for n in range(3)
        ]
        for _ in range(5):
            await asyncio.sleep(0)
        database.is_open.set()
    assert all(isinstance(each.result(), ClaimedDelivery) for each in asked)
    await work.drain(1)


async def test_an_open_database_is_waited_for_as_long_as_the_ack_allows() -> None:
    """The person is told then; what is written later is withdrawn."""
    database, work = SlowDatabase(), Work(CONTEXT)
    claims = _claims(database, work)
    database.is_open.set()
    await claims.claim(Incoming("k1", "T1", "U1"), WITHOUT_PATIENCE)
    database.is_open.clear()
    with pytest.raises(StoreError):
        await claims.claim(Incoming("k2", "T1", "U1"), WITHOUT_PATIENCE)
    database.is_open.set()
    await work.drain(1)
