"""Samples of what finding jobs shows: the question which one is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.cards.gallery import documents
from bot.cards.gallery.updates import UpdateSample
from bot.cards.jobs.job_row import RowFacts
from bot.cards.jobs.jobs_list import jobs_list_card
from bot.cards.jobs.which_one import Choice, which_one_card
from bot.domain.commands.query import Query
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.errors import TrainingApiError, UpstreamTimeoutError
from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.listing import JobListing

_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_SLASH: Final = "/job"
_ALL: Final = Query()
_SUPPORT: Final = Query(since="7d", words=("support",))
_HOSTILE: Final = Query(frozenset({JobStatus.FAILED}), models=("<!here>",), words=("`x`",))
_MODEL: Final = "meta-llama/Llama-3.1-8B-Instruct"
_STATUSES: Final = (
    JobStatus.RUNNING,
    JobStatus.QUEUED,
    JobStatus.COMPLETED,
    JobStatus.FAILED,
    JobStatus.CANCELLED,
)


def _job(number: int) -> JobSummary:
    status = _STATUSES[number % len(_STATUSES)]
    created_at = _NOW - timedelta(hours=5 * number + 2, minutes=7 * number)
    return JobSummary(
        request_id=f"{number:08x}-8b1f-4c5e-9a70-6d2f1e0b7a94",
        experiment_name=f"support-v{40 - number}",
        status=status,
        status_text=status.value,
        created_at=created_at,
        updated_at=created_at + timedelta(hours=1, minutes=number),
        base_model=_MODEL,
        progress=38.0 + number,
    )


_FINDING: Final = Finding(FindingClass.DIVERGING, "0.91 (step 226) to 7.4", "Try a lower learning rate.")
_FACTS: Final = {
    "00000002-8b1f-4c5e-9a70-6d2f1e0b7a94": RowFacts("eval\u00a01.09"),
    "00000003-8b1f-4c5e-9a70-6d2f1e0b7a94": RowFacts("CUDA out of memory"),
    "00000005-8b1f-4c5e-9a70-6d2f1e0b7a94": RowFacts(finding=_FINDING),
}
"""Of some of them something more is at hand."""


def _hostile() -> JobSummary:
    job = TrainingJob.model_validate(documents.HOSTILE)
    name = str(documents.HOSTILE.get("experiment_name"))
    return JobSummary(name, name, job.status, job.status_text, _NOW, _NOW, name, name, name, 5.0)


def _which_one(name: str, title: str, typed: str, *jobs: JobSummary) -> UpdateSample:
    choices = [(job, Choice("subscribe", (job.request_id,), frozenset({"quiet"}))) for job in jobs]
    card = which_one_card(typed, choices, matches=len(choices), slash_command=_SLASH)
    return UpdateSample(name, title, card)


def _list(
    name: str,
    title: str,
    *jobs: JobSummary,
    query: Query = _ALL,
    number: int = 0,
    failure: TrainingApiError | None = None,
) -> UpdateSample:
    listing = JobListing(jobs, _NOW - timedelta(minutes=20 if failure else 0), failure)
    card = jobs_list_card(
        listing,
        query,
        number=number,
        now=_NOW,
        slash_command=_SLASH,
        settings=documents.SETTINGS,
        facts=_FACTS,
    )
    return UpdateSample(name, title, card)


def search_samples() -> tuple[UpdateSample, ...]:
    """All of them, the same at every call."""
    bare = JobSummary("0123-run")
    jobs = tuple(map(_job, range(34)))
    down = UpstreamTimeoutError()
    return (
        _which_one("which-one", "Two jobs fit a name", "support", _job(0), _job(3)),
        _which_one("which-one-many", "Many jobs fit a name", "support", *map(_job, range(40))),
        _which_one("which-one-hostile", "Hostile jobs fit a hostile name", "<!here> `x`", _hostile(), bare),
        _list("list", "The newest jobs of the organisation", *jobs),
        _list("list-page", "A page in the middle of those that fit", *jobs, query=_SUPPORT, number=1),
        _list("list-last", "The last page, from an earlier answer", *jobs, number=99, failure=down),
        _list("list-hostile", "A list of hostile jobs", _hostile(), bare, _hostile()),
        _list("list-nothing", "No job fits", *jobs, query=_HOSTILE),
        _list("list-empty", "An organisation without jobs"),
    )
