"""What the picker finds among the organisation's jobs."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from bot.domain.commands.picking import choices
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing
from tests.tables import each_row

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TONE = JobSummary("3fe92c25", "Support-Tone", JobStatus.RUNNING, base_model="org/Llama-8B", model_type="llm")
LEGAL = JobSummary("9c1a7b44", "legal", JobStatus.FAILED, base_model="org/Qwen-14B", train_type="qlora")
ODD = JobSummary("odd-1", None, JobStatus.UNKNOWN, "PAUSED")
LISTING = JobListing((TONE, LEGAL, ODD), NOW)


@each_row(
    "typed, found",
    [
        ("", (TONE, LEGAL, ODD)),
        ("  ", (TONE, LEGAL, ODD)),
        ("tone", (TONE,)),
        ("TONE SUPPORT", (TONE,)),
        ("9c1a", (LEGAL,)),
        ("org/", (TONE, LEGAL)),
        ("llm run", (TONE,)),
        ("failed qlora", (LEGAL,)),
        ("paused", (ODD,)),
        ("unknown", ()),
        ("legal running", ()),
    ],
)
def test_every_word_must_be_somewhere_in_the_job(typed: str, found: tuple[JobSummary, ...]) -> None:
    """In its name, id, model, kind or status; the list's order stays."""
    assert choices(LISTING, typed, 100) == found


def test_no_more_than_are_wanted() -> None:
    """The first of them."""
    assert choices(LISTING, "", 2) == (TONE, LEGAL)
    assert choices(LISTING, "org", 1) == (TONE,)


def test_ten_thousand_jobs_are_searched_within_half_a_second() -> None:
    """Also the first time, and where nothing fits."""

    def searched() -> float:
        jobs = tuple(JobSummary(f"{n:08x}", f"run-{n}", JobStatus.RUNNING) for n in range(10_000))
        began = time.process_time()
        assert choices(JobListing(jobs, NOW), "run-9999 running", 100) == (jobs[9999],)
        assert choices(JobListing(jobs, NOW), "nowhere to be found", 100) == ()
        return time.process_time() - began

    assert min(searched() for _ in range(3)) < 0.5
