"""In place of a training API where no organization is connected yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.errors import NotConnectedError
from bot.domain.listing import JobListing, ListChanges, MetricsSnapshot, Statuses
from bot.domain.ports import Snapshot


class NotConnected:
    """Implements `bot.domain.ports.TrainingApi`: knows nothing, and says why."""

    async def job(self, request_id: str, *, refresh: bool = False) -> Snapshot:  # noqa: ARG002  (the port's)
        """Raises NotConnectedError."""
        raise NotConnectedError(request_id)

    def peek(self, request_id: str) -> None:
        """None."""

    def recall(self, request_id: str) -> None:
        """None."""

    async def jobs(self, *, background: bool = False) -> JobListing:  # noqa: ARG002  (the port's)
        """Raises NotConnectedError."""
        raise NotConnectedError

    def peek_jobs(self) -> None:
        """None."""

    def recall_jobs(self) -> None:
        """None."""

    async def metrics(
        self,
        request_id: str,
        *,
        background: bool = False,  # noqa: ARG002  (the port's)
    ) -> MetricsSnapshot:
        """Raises NotConnectedError."""
        raise NotConnectedError(request_id)

    def recall_metrics(self, request_id: str) -> None:
        """None."""

    async def look(self, request_id: str) -> Snapshot:
        """Raises NotConnectedError."""
        raise NotConnectedError(request_id)

    async def changes(
        self,
        known: Mapping[str, int],  # noqa: ARG002  (the port's)
        statuses: Statuses | None = None,  # noqa: ARG002  (the port's)
        since: datetime | None = None,  # noqa: ARG002  (the port's)
    ) -> ListChanges:
        """Raises NotConnectedError."""
        raise NotConnectedError
