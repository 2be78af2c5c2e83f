"""``/job report``: all of a run in one message."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.gallery import documents
from bot.cards.gallery.metrics import points
from bot.cards.kit.card_settings import CardSettings
from bot.domain.job.cost import Money
from tests.handlers.neighbours import Neighbourhood

JOB = documents.REQUEST_ID


@pytest.fixture
def here() -> Neighbourhood:
    """A run that completed, on GPUs whose price is known."""
    made = Neighbourhood()
    made.context = replace(
        made.context, card_settings=CardSettings(gpu_hour_prices={"h100": Money(2.0, "USD")})
    )
    made.jobs.give(
        JOB, **{name: value for name, value in documents.COMPLETED.items() if name != "request_id"}
    )
    made.jobs.points[JOB] = points()
    return made


async def _report(here: Neighbourhood) -> str:
    (answer,) = await here.ask(f"report {JOB}")
    return answer.replace("\u00a0", " ")


async def test_a_report_has_configuration_outcome_curves_and_cost(here: Neighbourhood) -> None:
    """In one message; secrets' names are not in it."""
    shown = await _report(here)
    assert "Completed · 2 h 58 min · 11.9 GPU-hours · best eval loss 1.065 at step 2,100" in shown
    assert "Cost: 23.76 USD, at 2.00 USD per GPU-hour" in shown
    assert "Learning rate: 1e-4" in shown
    assert "s3://trained-models/support-assistant-v3/final" in shown
    assert "data_visualization" in shown
    assert "sec-91f0c7" not in shown


async def test_without_a_price_no_money_is_told(here: Neighbourhood) -> None:
    """Not for another type of GPU either."""
    here.context = replace(here.context, card_settings=CardSettings(gpu_hour_prices={"t4": Money(2.0)}))
    assert "Cost" not in await _report(here)


async def test_a_run_under_way_says_that_it_is_not_over(here: Neighbourhood) -> None:
    """And one that logged nothing, that."""
    here.jobs.give(JOB, status="RUNNING", progress=40)
    del here.jobs.points[JOB]
    shown = await _report(here)
    assert "Not finished yet" in shown
    assert "It logged no loss" in shown


async def test_a_failed_run_tells_why(here: Neighbourhood) -> None:
    """The end of its error, as on its card."""
    failed = {name: value for name, value in documents.FAILED.items() if name != "request_id"}
    here.jobs.give(JOB, **failed)
    assert "CUDA out of memory" in await _report(here)


async def test_no_such_job(here: Neighbourhood) -> None:
    """There is nothing to report."""
    (answer,) = await here.ask("report 11111111-2222-3333-4444-555555555555")
    assert "No such job" in answer
