"""What an admin asks for with ``/job health``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.health.readiness import Readiness


@dataclass(frozen=True, slots=True)
class HealthReport:
    """How the bot is, and what waits for one organization."""

    readiness: Readiness
    now: datetime
    oldest_at: datetime | None = None
    """Since when the oldest message waits; None where none waits."""
    parked: int | None = None
    """Messages that Slack did not take; None where the database does not say."""
