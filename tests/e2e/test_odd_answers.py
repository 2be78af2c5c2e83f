"""Answers in other shapes than documented, from the training suite's socket to what people read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.playground.workspace import ME, TRAINING, Message
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World, world


@pytest.fixture
async def made() -> AsyncIterator[World]:
    """A bot over HTTP."""
    async with world() as each:
        yield each


@pytest.mark.parametrize("switch", ["list_bare", "list_old", "old_words"])
async def test_the_list_is_read_in_every_shape(made: World, switch: str) -> None:
    """As a bare array, under its older name, in lower-case words."""
    made.suite.switches.update({switch: True})
    shown = text_of(await made.ask("list status:queued"))
    assert "contracts-qlora-70b" in shown
    assert "legal-full-8b" not in shown
    assert "Status: pending" not in shown


async def test_a_list_that_is_null_has_no_jobs(made: World) -> None:
    """And is no error."""
    made.suite.switches.update({"list_null": True})
    shown = text_of(await made.ask("list"))
    assert "has no training jobs" in shown


async def test_an_error_that_comes_as_a_success_is_no_job(made: World) -> None:
    """Nobody is shown an empty card for it."""
    made.suite.switches.update({"soft_errors": True})
    message = await made.ask("99999999-7a0b-4d1c-9e2f-0123456789ab")
    assert "Status not reported" not in text_of(message)
    assert "Refresh" not in text_of(message)


async def test_anothers_document_is_not_shown(made: World) -> None:
    """A cache in front of the training suite may mix them up."""
    made.suite.raw(JOB, '{"request_id": "another", "experiment_name": "not-mine", "status": "FAILED"}')
    assert "not-mine" not in text_of(await made.ask(JOB))


async def test_an_end_under_a_word_of_its_own_is_told_once_and_mentions(made: World) -> None:
    """Not while it may go on; then with the word as it was sent."""
    made.suite.set(JOB, status="RUNNING", progress=30)
    await made.ask(f"watch {JOB}")
    made.suite.set(JOB, status="preempted", progress=30)
    await made.pass_until(lambda: made.suite.counts["/job/get/"] >= 4)
    assert "ended as preempted" not in _said(made)
    made.suite.set(JOB, status="preempted", completed_at=made.clock.now().isoformat())
    await made.pass_until(lambda: "ended as preempted" in _said(made))
    before = made.suite.counts["/job/get/"]
    await made.pass_until(lambda: made.suite.counts["/job/get/"] >= before + 2)
    (message,) = (m for m in _thread(made) if "ended as preempted" in m.text)
    assert f"<@{ME}>" in text_of(message)


async def test_a_loss_that_is_no_number_any_more_is_told_as_that(made: World) -> None:
    """Through JSON, which has no NaN, and through that of servers that write it all the same."""
    values = (3, 2, 1.5, None, float("nan"))
    made.suite.log(JOB, *({"key": "loss", "value": v, "step": 10 * n} for n, v in enumerate(values, 1)))
    shown = text_of(await made.ask(f"metrics {JOB}")).replace("\xa0", " ")
    assert "NaN since step 40" in shown
    assert "last 1.5" not in shown


def _thread(made: World) -> list[Message]:
    return [each for each in made.workspace.messages(TRAINING) if each.thread_ts not in {None, each.ts}]


def _said(made: World) -> str:
    return "\n".join(message.text for message in _thread(made))
