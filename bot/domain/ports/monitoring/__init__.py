"""What operators see: what is measured, and how far the outbox is behind."""

from bot.domain.ports.monitoring.backlog import Backlog, BacklogStore
from bot.domain.ports.monitoring.incidents import IncidentStore
from bot.domain.ports.monitoring.measures import (
    CommandOutcome,
    DeliveryOutcome,
    Endpoint,
    Measures,
    SettlementOutcome,
)
from bot.domain.ports.monitoring.not_measured import NOT_MEASURED

__all__ = [
    "NOT_MEASURED",
    "Backlog",
    "BacklogStore",
    "CommandOutcome",
    "DeliveryOutcome",
    "Endpoint",
    "IncidentStore",
    "Measures",
    "SettlementOutcome",
]
