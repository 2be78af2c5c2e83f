"""How long each kind of Simplismart's answers counts, and how many are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

from bot.domain.errors import InvalidIdError, JobNotFoundError, TrainingApiError
from bot.domain.listing import JobListing, MetricsSnapshot
from bot.domain.ports import Snapshot
from bot.tasks import Lasting, Rules
from bot.training_api.documents import Document

LIVE_SECONDS = 10.0
"""How long a job that is queued, running or of an unknown status counts as fresh."""
FINISHED_SECONDS = 600.0
"""How long a finished job counts as fresh."""
LISTED_SECONDS = 15.0
"""How long the list, or a job's metrics, count as fresh."""
NOT_FOUND_SECONDS = 5.0
"""How long a 404 is believed."""
FAILED_SECONDS = 2.0
"""How long a list's failure is believed: what people type key by key does not ask with each key."""
STALE_SECONDS = 3600.0
"""How long an answer is kept to be shown when asking fails."""
MAX_WEIGHT = 10_000
"""Jobs kept. A job weighs 1, and 1 more for each 16 KiB of its document, so that memory stays bounded."""
MAX_METRICS_WEIGHT = 300
"""Metrics kept. Those of a job weigh 1, and 1 more for each 1,000 points."""

_WEIGHED_BYTES: Final = 16 * 1024
_Listed = TypeVar("_Listed", JobListing, MetricsSnapshot)


class KnownJob(NamedTuple):
    """What Simplismart said of a job, as who asked is told it, and as it is told from the cache."""

    document: Document
    asked: Snapshot
    cached: Snapshot


def _no_job_lasts(error: TrainingApiError) -> Lasting:
    """A 404 is believed for a while; after any other failure the next one asks anew."""
    seconds = NOT_FOUND_SECONDS if isinstance(error, JobNotFoundError) else 0.0
    return Lasting(seconds, seconds)


def _is_about_the_job(error: TrainingApiError) -> bool:
    """An earlier answer stands in for every failure but these."""
    return isinstance(error, JobNotFoundError | InvalidIdError)


def _rules_of_many(most: int, weigh: Callable[[_Listed], int]) -> Rules[_Listed, TrainingApiError]:
    """For the list, and for the many points of a job."""
    return Rules(
        errors=TrainingApiError,
        value=lambda _: Lasting(LISTED_SECONDS, STALE_SECONDS),
        failure=lambda _: Lasting(FAILED_SECONDS, FAILED_SECONDS),
        stand_in=lambda listed, error: None if _is_about_the_job(error) else listed,
        most=most,
        weigh=weigh,
    )


JOBS: Final[Rules[KnownJob, TrainingApiError]] = Rules(
    errors=TrainingApiError,
    value=lambda job: Lasting(
        FINISHED_SECONDS if job.asked.job.status.is_finished else LIVE_SECONDS, STALE_SECONDS
    ),
    failure=_no_job_lasts,
    stand_in=lambda job, error: (
        None if _is_about_the_job(error) else job._replace(asked=replace(job.asked, failure=error))
    ),
    weigh=lambda job: 1 + len(job.document.body) // _WEIGHED_BYTES,
)
LISTINGS: Final[Rules[JobListing, TrainingApiError]] = _rules_of_many(1, lambda _: 1)
METRICS: Final[Rules[MetricsSnapshot, TrainingApiError]] = _rules_of_many(
    MAX_METRICS_WEIGHT, lambda metrics: 1 + len(metrics.points) // 1000
)
