"""What lines about several jobs show of each beside its row: only what is stored or at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import structlog

from bot.cards.jobs.job_row import NOTHING_KNOWN, RowFacts, cause_of, outcome_of
from bot.domain.curves.metrics_facts import findings, first_of, loss_facts, shows_loss
from bot.domain.curves.run_doctor import Finding
from bot.domain.errors import StoreError
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot
from bot.handlers.kit.context import Context
from bot.tasks import LIGHT, weight_of

PATIENCE_SECONDS = 0.5
"""How long lines wait for what the database says of them."""
_DOUBTED = frozenset({JobStatus.RUNNING, JobStatus.COMPLETED})

_log = structlog.stdlib.get_logger(__name__)


async def facts_of_rows(context: Context, jobs: Sequence[JobSummary]) -> Mapping[str, RowFacts]:
    """Of the jobs of which something is known, by request ID. Simplismart is asked nothing."""
    stored = await _stored(context, [job.request_id for job in jobs if job.status in _DOUBTED])
    return {job.request_id: await _facts(context, job, stored.get(job.request_id)) for job in jobs}


async def _facts(context: Context, job: JobSummary, stored: Finding | None) -> RowFacts:
    seen = context.training_api.recall(job.request_id)
    metrics = context.training_api.recall_metrics(job.request_id)
    if seen is None or seen.job.status is not job.status or weight_of(seen, metrics) > LIGHT:
        return NOTHING_KNOWN._replace(finding=stored)
    is_current = metrics is not None and shows_loss(seen.job, metrics, context.clock.now())
    losses = loss_facts(metrics) if metrics is not None and is_current else None
    found = await _found(context, job, seen, metrics) if metrics is not None and is_current else None
    return RowFacts(outcome_of(seen.job, losses), found or stored, cause_of(seen.job))


async def _found(
    context: Context, job: JobSummary, seen: Snapshot, metrics: MetricsSnapshot
) -> Finding | None:
    known = findings(metrics, seen.job) if job.status in _DOUBTED else ()
    if not known:
        return None
    return first_of(known, await context.silenced_findings.soon(context.org_id, job.request_id))


async def _stored(context: Context, request_ids: Sequence[str]) -> Mapping[str, Finding]:
    """None where the database does not say it in time: lines wait for nobody."""
    if not request_ids:
        return {}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await context.metrics_checks.standing_findings(context.org_id, request_ids)
    except (StoreError, TimeoutError) as error:
        _log.warning("lines are shown without what was found in the metrics", detail=str(error))
        return {}
