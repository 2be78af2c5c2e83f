"""What is asked of the database about what Slack delivered: what is under way, and what was answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

ANSWERABLE_FOR: Final = timedelta(minutes=28)
"""A ``response_url`` takes answers for 30 minutes, and is kept no longer: what is older is not taken up."""
REMEMBERED_FOR: Final = timedelta(hours=24)
"""Longer than Slack repeats anything, outages of its own included."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that Slack delivered."""

    key: str
    """The same for every repeat of it, and for nothing else."""
    team_id: str
    user_id: str
    """Who caused it; empty where that is not said."""
    rank: int = 0
    """The same message may be delivered again with more in it: only a higher rank is answered again."""
    kind: str = ""
    payload: str | None = field(default=None, repr=False)
    """What it takes to do it again in another process (JSON); None where that is never done."""
    response_url: str | None = field(default=None, repr=False)
    """A secret for as long as it takes answers."""
    is_old: bool = False
    """It was answered so long ago, if at all, that nothing would be remembered of it."""


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that this process is to answer, until the lease runs out."""

    incoming: Incoming
    generation: int
    until: datetime


@dataclass(frozen=True, slots=True)
class HeldDelivery:
    """Another process is at it; if it dies, the delivery is free again then."""

    until: datetime


Claim = ClaimedDelivery | HeldDelivery | None
"""The outcome of a claim; None where it was answered before."""


class Deliveries(Protocol):
    """What the handlers ask. Any number of processes may."""

    async def claim_deliveries(
        self, incoming: Sequence[Incoming], now: datetime, lease_seconds: float
    ) -> Sequence[Claim]:
        """Write these down and claim them, in one transaction: the outcome of each, in their order."""
        ...

    async def renew_delivery(
        self, claim: ClaimedDelivery, now: datetime, lease_seconds: float
    ) -> ClaimedDelivery | None:
        """Hold it for longer; None for a stale lease, and for what was answered."""
        ...

    async def finish_deliveries(self, claims: Sequence[ClaimedDelivery], now: datetime) -> Sequence[bool]:
        """They were answered: nothing but their keys is kept. False for each stale lease."""
        ...

    async def take_up_deliveries(
        self, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedDelivery]:
        """Claim those with a payload whose lease is over, while they can be answered; oldest first."""
        ...

    async def forget_deliveries(self, now: datetime) -> int:
        """Forget what is old. Returns how many had a payload that nobody can answer any more."""
        ...
