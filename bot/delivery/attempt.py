"""What one try of a message, or of an edit, came to: for whoever counts, and for what cards remember."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bot.domain.ports import Later, Outcome, Over, Parked, Sent
from bot.domain.ports.monitoring import DeliveryOutcome, Measures, SettlementOutcome
from bot.domain.subscriptions.notifications.job_updates import JobEnd
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Subscription


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try, once its outcome is written down."""

    subscription: Subscription
    outcome: Outcome
    at: datetime
    in_time: bool
    """Whether the lease held until then; else another process has counted it."""
    notification: Notification | None = None
    """None for an edit."""
    settlement: SettlementOutcome | None = None
    """What was found out of an earlier try; None where there was none to settle."""


OnAttempt = Callable[[Attempt], None]

_OUTCOMES: Final[Mapping[type[Outcome], DeliveryOutcome]] = MappingProxyType(
    {
        Sent: DeliveryOutcome.SENT,
        Later: DeliveryOutcome.LATER,
        Parked: DeliveryOutcome.PARKED,
        Over: DeliveryOutcome.ENDED,
    }
)


def measure(measures: Measures, attempt: Attempt) -> None:
    """Count it. An end that came before anybody subscribed is no news, and not late."""
    if attempt.settlement is not None:
        measures.settled(attempt.settlement)
    if not attempt.in_time:
        measures.lease_lost()
        return
    whose, told = (attempt.subscription.team_id, attempt.subscription.org_id), attempt.notification
    measures.delivered(*whose, _OUTCOMES[type(attempt.outcome)])
    ended_at = told.ended_at if isinstance(told, JobEnd) else None
    if ended_at is None or not isinstance(attempt.outcome, Sent):
        return
    if ended_at >= attempt.subscription.created_at:
        measures.end_told(*whose, (attempt.at - ended_at).total_seconds())
