"""Work that waits in the database until it is due: what all passes over such work begin with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import structlog

from bot.domain.errors import TrainingApiError
from bot.domain.listing import JobListing
from bot.watcher.context import WatcherContext

Claim_co = TypeVar("Claim_co", covariant=True)

_log = structlog.stdlib.get_logger(__name__)


class Claiming(Protocol[Claim_co]):
    """A store's method that claims what is due, the most overdue first."""

    def __call__(
        self, org_id: str, now: datetime, lease_seconds: float, limit: int, /
    ) -> Awaitable[Sequence[Claim_co]]:
        """See the ports of the stores."""
        ...


async def claimed(
    context: WatcherContext,
    next_at: Callable[[str], Awaitable[datetime | None]],
    claim: Claiming[Claim_co],
    *,
    most: int,
    crash_point: str,
) -> Sequence[Claim_co] | float:
    """Claim what is due.

    Args:
        context: the ports.
        next_at: when the first is due, of an organization.
        claim: claims it.
        most: claims at a time.
        crash_point: where the process may be killed once something is claimed.

    Returns:
        The claims; where there are none, the seconds until there may be some, as
        `bot.watcher.context.PeriodicTask` returns them.

    Raises:
        StoreError: the database does not answer.
    """
    due_at = await next_at(context.org_id)
    if due_at is None:
        return float("inf")
    now = context.clock.now()
    if due_at > now:
        return (due_at - now).total_seconds()
    claims = await claim(context.org_id, now, context.lease_seconds, most)
    if not claims:  # somebody else has them
        return 0.0
    context.on_crash_point(crash_point)
    return claims


async def list_now(context: WatcherContext) -> JobListing | TrainingApiError:
    """The list of jobs as it is now, or why it did not come: an earlier one says nothing new."""
    try:
        listing = await context.training_api.jobs(background=True)
    except TrainingApiError as error:
        _log.warning("no list for what is due", error=error.code, detail=error.detail)
        return error
    return listing.failure or listing
