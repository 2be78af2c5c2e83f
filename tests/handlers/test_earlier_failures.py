"""The same error before: shown on the card of a failed job, never worth waiting for, remembered behind it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import StoreError
from bot.handlers.kit.earlier_failures import REMEMBERED_SECONDS
from tests.handlers.neighbours import HERE, Neighbourhood, shown

ERROR = "RuntimeError: shape '[8, 4096]' is invalid for input of size {} in /tmp/run-{}/train.py"


def _fail(made: Neighbourhood, request_id: str, days_ago: float, number: int, **fields: object) -> None:
    ended = made.clock.now() - timedelta(days=days_ago)
    document = {
        "status": "FAILED",
        "experiment_name": f"exp <{request_id}>",
        "error_message": ERROR.format(number, number),
        "completed_at": ended.isoformat(),
    }
    made.jobs.give(request_id, **document | fields)


@pytest.fixture
def made() -> Neighbourhood:
    """Two jobs that failed the same way, three days apart."""
    made = Neighbourhood()
    _fail(made, "run-1", 3, 17)
    _fail(made, "run-2", 0, 4099)
    return made


async def _settled(made: Neighbourhood) -> None:
    await made.context.earlier_failures.aclose()


async def test_a_failed_job_names_the_last_one_that_failed_the_same_way(made: Neighbourhood) -> None:
    """Once somebody has looked at both; numbers and paths do not count. The earlier one names none."""
    (first,) = await made.ask("run-1")
    assert "Same cause in" not in first
    await _settled(made)
    (second,) = await made.ask("run-2")
    assert "Same cause in `exp &lt;run-1&gt;` (run-1), 3 days ago" in second
    await _settled(made)
    (first,) = await made.ask("run-1")
    assert "Same cause in" not in first


async def test_the_next_card_is_instant_again(made: Neighbourhood) -> None:
    """The database is asked once, and remembers the job once, however many look; until that is old."""
    question = made.question("run-2", replace(HERE, user_id="U09"))
    await made.ask("run-1")
    await _settled(made)
    await made.ask("run-2")
    asked = made.history.asked
    instant = made.dispatch.instantly(made.context, question)
    assert instant is not None
    assert "3 days ago" in shown(instant)
    assert (made.history.asked, made.history.recorded_times) == (asked, 2)
    made.clock.advance(REMEMBERED_SECONDS + 1)
    assert made.dispatch.instantly(made.context, question) is None
    await made.ask("run-2")
    await _settled(made)
    assert (made.history.asked, made.history.recorded_times) == (asked + 1, 2)


async def test_a_slow_or_failing_database_costs_only_the_line(made: Neighbourhood) -> None:
    """The card comes all the same; what comes late is known next time."""
    made.history.gate.clear()
    (card,) = await made.ask("run-2")
    assert "RuntimeError" in card
    assert "Same cause in" not in card
    made.history.gate.set()
    await _settled(made)
    made.history.fails = StoreError("down")
    _fail(made, "run-3", 1, 5)
    (card,) = await made.ask("run-3")
    assert "RuntimeError" in card
    assert "run-3" not in made.history.all


async def test_what_has_no_time_or_no_telling_error_is_not_remembered(made: Neighbourhood) -> None:
    """Nobody knows when the first one ended, and nothing is like the others."""
    _fail(made, "timeless", 0, 5, completed_at=None)
    _fail(made, "silent", 0, 5, error_message=None)
    _fail(made, "vague", 0, 5, error_message="1234")
    made.jobs.give("fine", status="COMPLETED", completed_at=made.clock.now().isoformat())
    for request_id in ("timeless", "silent", "vague", "fine"):
        await made.ask(request_id)
    await _settled(made)
    assert made.history.all == {}


async def test_many_who_ask_at_once_ask_the_database_once(made: Neighbourhood) -> None:
    """When a job fails, everybody looks."""
    await asyncio.gather(*(made.ask("run-2", replace(HERE, user_id=f"U{n}")) for n in range(9)))
    assert made.history.asked == 1
