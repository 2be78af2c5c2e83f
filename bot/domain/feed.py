"""A channel's feed: every job of the organisation that reaches one of some states is posted there. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.job import JobStatus
from bot.domain.search import Query

DEFAULT_STATUSES = frozenset({JobStatus.FAILED, JobStatus.COMPLETED})
"""What is posted where no ``status:`` is asked for."""


@dataclass(frozen=True, slots=True)
class Feed:
    """As it is stored. Every time is aware, UTC."""

    team_id: str
    channel_id: str
    org_id: str
    user_id: str
    """Who switched it on, or changed it last; empty once that person is forgotten."""
    query: Query
    """Its statuses are never empty."""
    created_at: datetime
