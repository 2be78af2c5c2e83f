"""The documents that cards are drawn from, apart from the small rows that are written all the time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Text, or_, select, tuple_, update

from bot.domain.curves.run_doctor import Finding
from bot.domain.job import TrainingJob
from bot.domain.job.stored import to_json
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect, packed
from bot.store.rows import UnreadableRowError, read_document, written_finding
from bot.store.subscriptions.threads import JobKey
from bot.store.tables import job_documents

_SET_BACK_SECONDS: Final = 60.0
"""No answer is written down so long after a newer one: what was seen further ahead was seen by a clock
that has been set back since."""


class Documents:
    """Every method runs in the caller's transaction."""

    def __init__(self, database: Dialect) -> None:
        self._database = database

    async def keep(
        self, connection: Connected, documents: Mapping[JobKey, tuple[TrainingJob, datetime]]
    ) -> None:
        """Keep these, each seen at its time, where nothing newer is known."""
        fresh = self._database.insert(job_documents)
        newest = fresh.on_conflict_do_update(
            index_elements=[job_documents.c.org_id, job_documents.c.request_id],
            set_={"document": fresh.excluded.document, "seen_at": fresh.excluded.seen_at},
            where=or_(
                job_documents.c.seen_at <= fresh.excluded.seen_at,
                job_documents.c.seen_at > fresh.excluded.seen_at + _SET_BACK_SECONDS,
            ),
        )
        rows = [
            {
                "org_id": org_id,
                "request_id": request_id,
                "document": to_json(document),
                "seen_at": seen_at.timestamp(),
            }
            for (org_id, request_id), (document, seen_at) in sorted(
                documents.items(), key=lambda item: item[0]
            )
        ]
        if rows:
            await connection.execute(newest, rows)

    async def note_findings(
        self, connection: Connected, findings: Mapping[JobKey, Finding | None]
    ) -> Collection[JobKey]:
        """Keep what the run doctor found; returns where cards show something else from now on."""
        if not findings:
            return ()
        given = self._database.rows(org_id=Text, request_id=Text, finding=Text)
        noted = (
            update(job_documents)
            .where(
                job_documents.c.org_id == given.c.org_id,
                job_documents.c.request_id == given.c.request_id,
                job_documents.c.finding.is_distinct_from(given.c.finding),
            )
            .values(finding=given.c.finding)
            .returning(job_documents.c.org_id, job_documents.c.request_id)
        )
        rows = (
            {"org_id": org_id, "request_id": request_id, "finding": written_finding(finding)}
            for (org_id, request_id), finding in sorted(findings.items(), key=lambda item: item[0])
        )
        return {(row.org_id, row.request_id) for row in await connection.execute(noted, packed(rows))}

    async def read(self, connection: Connected, keys: Collection[JobKey]) -> Mapping[JobKey, TrainingJob]:
        """The stored documents of these jobs; one that is not known is left out."""
        if not keys:
            return {}
        given = self._database.rows(org_id=Text, request_id=Text)
        mine = select(given.c.org_id, given.c.request_id)
        wanted = select(job_documents).where(
            tuple_(job_documents.c.org_id, job_documents.c.request_id).in_(mine)
        )
        parameter = packed({"org_id": org_id, "request_id": request_id} for org_id, request_id in keys)
        rows = await connection.execute(wanted, parameter)
        found: dict[JobKey, TrainingJob] = {}
        for row in rows:
            with suppress(UnreadableRowError):  # what comes next is kept in its place
                found[row.org_id, row.request_id] = read_document(row.document)
        return found


def document_in(kept: Row[Any] | None, *, is_needed: bool) -> TrainingJob | None:
    """The document of a row; who only wants the job's name from it does without.

    Raises:
        UnreadableRowError: it is needed and cannot be read.
    """
    if kept is None:
        return None
    try:
        return read_document(kept.document)
    except UnreadableRowError:
        if is_needed:
            raise
        return None
