"""The part of the `Store` that is about an organisation's jobs as a whole: see `bot.domain.storage`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.history import FinishedJob
from bot.domain.notification import Earlier
from bot.store.opening import OpenedWhenUsed


class OrganisationStore(OpenedWhenUsed):
    """Feeds, digests, examinations and finished jobs."""

    async def record(self, jobs: Sequence[FinishedJob]) -> None:
        """Remember jobs that finished."""
        await (await self.opened()).history.record(jobs)

    async def earlier(
        self, org_id: str, request_id: str, fingerprint: str, before: datetime
    ) -> Earlier | None:
        """The last other job that failed with that error before then."""
        return await (await self.opened()).history.earlier(org_id, request_id, fingerprint, before)

    async def finished(self, org_id: str, since: datetime, until: datetime) -> Sequence[FinishedJob]:
        """The jobs that ended within this time, newest first."""
        return await (await self.opened()).history.finished(org_id, since, until)

    async def recorded(self, org_id: str, request_ids: Collection[str]) -> Collection[str]:
        """Those of these jobs that are remembered."""
        return await (await self.opened()).history.recorded(org_id, request_ids)

    async def unrecorded(self, org_id: str, since: datetime, limit: int) -> Sequence[str]:
        """Jobs that the list shows finished and nothing is remembered of."""
        return await (await self.opened()).history.unrecorded(org_id, since, limit)
