"""What is asked of the database about jobs that finished."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.history import Earlier, FinishedJob
from bot.domain.job import JobSummary


class FinishedJobStore(Protocol):
    """Jobs that finished, each once: its last end counts."""

    async def record(self, jobs: Sequence[FinishedJob]) -> None:
        """Remember these; of one that is known already the newer answer counts, or the one that says more."""
        ...

    async def earlier(
        self, org_id: str, request_id: str, fingerprint: str, before: datetime
    ) -> Earlier | None:
        """The last other job that failed with that error, not too long before then."""
        ...

    async def finished(self, org_id: str, since: datetime, until: datetime) -> Sequence[FinishedJob]:
        """The jobs that ended within this time (its end not included), newest first."""
        ...

    async def recorded(self, org_id: str, request_ids: Collection[str]) -> Mapping[str, datetime]:
        """Until when those of these jobs are known that are remembered, whenever they ended.

        See `FinishedJob.known_until`.
        """
        ...

    async def unrecorded(self, org_id: str, since: datetime, limit: int) -> Sequence[JobSummary]:
        """What the list says of jobs it shows finished since then and nothing so new is remembered of.

        The newest first; no more than id, status and time.
        """
        ...
