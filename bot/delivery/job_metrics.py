"""What a job has logged, for messages that show something of it, where that comes soon."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Protocol

import structlog

from bot.domain.errors import TrainingApiError
from bot.domain.job import MetricPoint
from bot.domain.listing import MetricsSnapshot
from bot.domain.subscriptions.subscription import Subscription

METRICS_SECONDS: Final = 3.0
"""How long a message waits for what its job has logged."""

_log = structlog.stdlib.get_logger(__name__)


class Logged(Protocol):
    """What a job has logged; see `bot.domain.ports.TrainingApi`."""

    async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
        """Every point of its series."""
        ...

    def recall_metrics(self, request_id: str) -> MetricsSnapshot | None:
        """The last answer known; never any I/O."""
        ...


NOTHING_LOGGED: Final[Mapping[str, Logged]] = MappingProxyType({})
"""By organization."""


async def points_in_time(logged: Mapping[str, Logged], subscription: Subscription) -> Sequence[MetricPoint]:
    """All points of its job; none where they cannot be had soon: no message waits long for them."""
    of_job, request_id = logged.get(subscription.org_id), subscription.request_id
    if of_job is None:
        return ()
    try:
        async with asyncio.timeout(METRICS_SECONDS):
            snapshot = await of_job.metrics(request_id, background=True)
    except (TrainingApiError, TimeoutError) as error:
        _log.info("sent without its metrics", request_id=request_id, reason=repr(error))
        return ()
    return snapshot.points


def metrics_at_hand(logged: Mapping[str, Logged], subscription: Subscription) -> MetricsSnapshot | None:
    """What is known without asking: a card that is edited by itself costs no request."""
    of_job = logged.get(subscription.org_id)
    return None if of_job is None else of_job.recall_metrics(subscription.request_id)
