"""Help, greetings, and questions back that have a button for each meaning."""

from __future__ import annotations

import pytest

from bot.domain.job import JobStatus, JobSummary
from tests.handlers.neighbours import Neighbourhood


@pytest.fixture
def made() -> Neighbourhood:
    """Two jobs: one runs, one failed."""
    made = Neighbourhood()
    made.jobs.list_of(
        JobSummary("run-1", "tone-dpo", JobStatus.RUNNING, "RUNNING"),
        JobSummary("run-2", "med-qa", JobStatus.FAILED, "FAILED"),
    )
    return made


async def test_a_zone_of_several_meanings_is_asked_about_with_a_button_for_each(made: Neighbourhood) -> None:
    """Nothing is set before one is pressed."""
    (card,) = await made.ask("digest daily 09:00 IST")
    for zone in ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"):
        assert f'"value": "digest daily 09:00 {zone}"' in card


async def test_a_greeting_has_examples_with_jobs_of_theirs(made: Neighbourhood) -> None:
    """And buttons that ask."""
    (card,) = await made.ask("hi there")
    assert "is tone-dpo done yet?" in card
    assert "why did med-qa fail?" in card
    assert "list status:running" in card
