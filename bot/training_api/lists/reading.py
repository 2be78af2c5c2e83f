"""Long documents read row by row while they arrive, so that others get a turn of the event loop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.job import JobSummary, MetricPoint, read_point, read_summary
from bot.training_api.documents import REASONS, OtherJsonError, check_is_about
from bot.training_api.lists.changes import Reading
from bot.training_api.lists.rows import RowScanner


def reading_jobs() -> Reading[tuple[JobSummary, ...]]:
    """Every job once, newest first: of duplicate rows the one updated last counts."""
    jobs: dict[str, JobSummary] = {}

    def take(entry: Mapping[str, Any]) -> None:
        row = read_summary(entry)
        if row is None:
            return
        known = jobs.get(row.request_id)
        if known is None or _seconds(row.updated_at) >= _seconds(known.updated_at):
            jobs[row.request_id] = row

    def read(_body: bytes) -> tuple[JobSummary, ...]:
        scanner.finish()
        return tuple(sorted(jobs.values(), key=_age))

    scanner = RowScanner(take)
    return Reading(read, scanner)


def reading_metrics(request_id: str | None = None) -> Reading[tuple[MetricPoint, ...]]:
    """Every point that can be read, as they were sent; a document without any is fine.

    One about another job than ``request_id`` is not, nor one that only gives a reason for having none.
    """
    points: list[MetricPoint] = []

    def take(entry: Mapping[str, Any]) -> None:
        if (point := read_point(entry)) is not None:
            points.append(point)

    def read(_body: bytes) -> tuple[MetricPoint, ...]:
        scanner.finish()
        check_is_about(request_id, scanner.said.get("request_id"))
        if not points and any(scanner.said.get(name) for name in REASONS):
            msg = "an object that tells of no metrics"
            raise OtherJsonError(msg)
        return tuple(points)

    scanner = RowScanner(take, arrays=("metrics",), is_needed=False)
    return Reading(read, scanner)


def _age(job: JobSummary) -> float:
    """Sorts newest first; jobs that do not say when they were made come last."""
    return -_seconds(job.created_at or job.updated_at)


def _seconds(moment: datetime | None) -> float:
    return 0.0 if moment is None else moment.timestamp()
