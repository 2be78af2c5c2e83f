"""What the run doctor found in jobs, as cards, lists and digests show it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Text, select, tuple_

from bot.domain.curves.run_doctor import Finding
from bot.store.database.connection import Connected
from bot.store.database.dialect import packed
from bot.store.database.transaction import StoreQueries, reads
from bot.store.rows import read_finding
from bot.store.subscriptions.alerts import silenced
from bot.store.tables import job_documents


class FindingQueries(StoreQueries):
    """Part of `bot.domain.ports.MetricsCheckStore`."""

    @reads
    async def silenced_findings(self, connection: Connected, org_id: str, request_id: str) -> frozenset[str]:
        """See the port."""
        key = org_id, request_id
        return (await silenced(self.database, connection, [key])).get(key, frozenset())

    @reads
    async def standing_findings(
        self, connection: Connected, org_id: str, request_ids: Collection[str]
    ) -> Mapping[str, Finding]:
        """See the port."""
        if not request_ids:
            return {}
        keys = [(org_id, request_id) for request_id in sorted(set(request_ids))]
        given = self.database.rows(org_id=Text, request_id=Text)
        theirs = select(given.c.org_id, given.c.request_id)
        wanted = select(job_documents.c.request_id, job_documents.c.finding).where(
            tuple_(job_documents.c.org_id, job_documents.c.request_id).in_(theirs),
            job_documents.c.finding.is_not(None),
        )
        parameter = packed({"org_id": org_id, "request_id": request_id} for _, request_id in keys)
        rows = (await connection.execute(wanted, parameter)).all()
        hidden = await silenced(self.database, connection, [(org_id, row.request_id) for row in rows])
        found = {
            row.request_id: read_finding(row.finding, hidden.get((org_id, row.request_id), ()))
            for row in rows
        }
        return {request_id: finding for request_id, finding in found.items() if finding is not None}
