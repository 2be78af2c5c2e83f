"""Questions to try, about jobs that there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from bot.domain.job import JobStatus, JobSummary

_ANY: Final = "my-job"
"""Stands for a name where no job has one."""
_LIVE: Final = frozenset({JobStatus.RUNNING, JobStatus.QUEUED})
_SHOWN: Final = frozenset({JobStatus.COMPLETED, JobStatus.RUNNING})
_LONGEST_NAME: Final = 40


def example_questions(jobs: Iterable[JobSummary]) -> Sequence[str]:
    """Five, each about the newest job that it makes sense for."""
    named = [job for job in jobs if job.experiment_name and len(job.experiment_name) <= _LONGEST_NAME]
    first = _first(named, frozenset(JobStatus))
    running = _first(named, frozenset({JobStatus.RUNNING})) or first
    return (
        f"is {running or _ANY} done yet?",
        f"why did {_first(named, frozenset({JobStatus.FAILED})) or first or _ANY} fail?",
        f"loss of {_first(named, _SHOWN) or first or _ANY}",
        f"tell me when {_first(named, _LIVE) or first or _ANY} is done",
        "what failed this week?",
    )


def _first(jobs: Sequence[JobSummary], statuses: frozenset[JobStatus]) -> str:
    return next((job.experiment_name or "" for job in jobs if job.status in statuses), "")
