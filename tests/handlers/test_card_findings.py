"""What a card says of a job's metrics: what the run doctor finds, where nobody hid it and it comes soon."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import cast

import pytest

from bot.cards.kit import actions
from bot.cards.subscriptions.finding import Unhelpful
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.errors import StoreError
from bot.domain.job import JobStatus, JobSummary, MetricPoint
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot, TrainingApi
from bot.handlers.entry.buttons import press
from bot.handlers.kit.button_press import ButtonPress
from bot.playground.clock import ManualClock
from tests.handlers.neighbours import Jobs, Neighbourhood, shown

DIVERGED = [
    MetricPoint("train_loss", value, step=step)
    for step, value in enumerate(
        [*(2.0 - 0.02 * n for n in range(40)), *(1.2 + 0.2 * n for n in range(40))], start=1
    )
]
WORDS = "Loss is diverging"


def _made(status: str = "RUNNING") -> Neighbourhood:
    made = Neighbourhood()
    made.jobs.give("run-7", status=status, progress=40, experiment_name="tickets")
    made.jobs.points["run-7"] = DIVERGED
    return made


@pytest.mark.parametrize(
    ("status", "words"),
    [("RUNNING", WORDS), ("COMPLETED", "But the loss diverged"), ("QUEUED", None), ("FAILED", None)],
)
async def test_a_card_says_what_the_run_doctor_finds(status: str, words: str | None) -> None:
    """Second; not of a job that has logged nothing yet, nor of one that failed, which has its own cause."""
    (card,) = await _made(status).ask("run-7")
    assert (words is not None) == ("diverg" in card)
    assert words is None or words in card


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("why run-7", WORDS),
        ("eta run-7", WORDS),
        ("eta run-7 health", WORDS),
        ("is tickets done?", WORDS),
        ("what's wrong with tickets", WORDS),
    ],
)
async def test_a_sentence_says_what_the_run_doctor_finds(text: str, words: str) -> None:
    """Who asks how a job is, or what is wrong with it, is not told less than its card says."""
    made = _made()
    made.jobs.list_of(JobSummary("run-7", "tickets", JobStatus.RUNNING, "RUNNING"))
    (card,) = await made.ask(text)
    assert words in json.loads(card)["text"]
    assert "*Try:*" in card


async def test_who_asks_whether_all_is_well_is_told_what_somebody_hid_too() -> None:
    """It is hidden where nobody asked."""
    made = _made()
    await made.context.silenced_findings.silence("org", "run-7", "diverging", made.clock.now())
    for text, is_told in (("eta run-7", False), ("eta run-7 health", True), ("why run-7", True)):
        (card,) = await made.ask(text)
        assert (WORDS in card) is is_told, text


async def test_a_job_that_is_well_is_said_to_be_well_and_only_by_its_metrics() -> None:
    """What nobody logged is not called normal."""
    made = _made()
    made.jobs.points["run-7"] = DIVERGED[:40]
    (card,) = await made.ask("eta run-7 health")
    assert "Nothing looks wrong in its metrics" in card
    del made.jobs.points["run-7"]
    (card,) = await made.ask("eta run-7 health")
    assert "no metrics to judge by" in card


async def test_a_finding_that_somebody_hid_is_on_no_card() -> None:
    """Nor on the one that rides on the ack."""
    made = _made()
    (card,) = await made.ask("run-7")
    assert WORDS in card
    instant = made.dispatch.instantly(made.context, made.question("run-7"))
    assert instant is not None
    assert WORDS in json.dumps(instant.message())
    await made.context.silenced_findings.silence("org", "run-7", "diverging", made.clock.now())
    assert made.dispatch.instantly(made.context, made.question("run-7")) is None  # the database is asked anew
    (card,) = await made.ask("run-7")
    assert WORDS not in card
    instant = made.dispatch.instantly(made.context, made.question("run-7"))
    assert instant is not None
    assert WORDS not in json.dumps(instant.message())


async def test_a_database_that_does_not_answer_hides_nothing() -> None:
    """A finding that is shown twice costs less than one that is not seen."""
    made = _made()
    made.metrics_checks.fails = StoreError("locked")
    (card,) = await made.ask("run-7")
    assert WORDS in card


async def test_the_metrics_are_asked_for_beside_the_job() -> None:
    """Not after it: a card costs no more time than the slowest answer."""

    class Both(Jobs):
        """Who has the job only once somebody has asked for its metrics too."""

        asked = asyncio.Event()

        async def job(self, request_id: str, *, refresh: bool = False) -> Snapshot:
            """As the port says."""
            async with asyncio.timeout(10):
                await self.asked.wait()
            self.give(request_id, status="RUNNING", progress=40)
            return await super().job(request_id, refresh=refresh)

        async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
            """As the port says."""
            self.asked.set()
            return await super().metrics(request_id, background=background)

    made = _made()
    both = Both(made.clock)
    context = replace(made.context, training_api=cast("TrainingApi", both))
    question = made.question("9f1c5a52-3b8e-4f62-9c3e-2f4f5b6a7c8d")
    both.points[question.request_ids[0]] = DIVERGED
    [card] = [shown(each) async for each in made.dispatch.answer(context, question)]
    assert WORDS in card


async def test_slow_metrics_cost_nobody_the_card() -> None:
    """It comes without them, and the next one has them."""

    class Slow(Jobs):
        """Whose metrics never come."""

        async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:
            """As the port says."""
            await asyncio.Event().wait()
            return await super().metrics(request_id, background=background)

        def recall_metrics(self, request_id: str) -> MetricsSnapshot | None:  # noqa: ARG002  (the port)
            """Nothing is known."""
            return None

    made = _made()
    slow = Slow(ManualClock())
    slow.known = made.jobs.known
    context = replace(made.context, training_api=cast("TrainingApi", slow))
    [card] = [shown(each) async for each in made.dispatch.answer(context, made.question("run-7"))]
    assert "tickets" in card
    assert WORDS not in card


async def test_hiding_it_in_the_menu_of_a_card_draws_the_card_anew() -> None:
    """Though no thread was told of it."""
    made = _made()
    chosen = actions.Chosen(actions.NOT_HELPFUL, Unhelpful("run-7", "diverging").value()).option_value()
    pressed = ButtonPress.read(
        {
            "actions": [{"action_id": actions.MORE, "selected_option": {"value": chosen}}],
            "team": {"id": "T1"},
            "channel": {"id": "C1"},
            "user": {"id": "U02"},
            "response_url": "https://hooks.example/1",
            "container": {"type": "message", "is_ephemeral": True},
        }
    )
    assert pressed is not None
    await press(made.context, pressed)
    assert made.metrics_checks.silenced == [("org", "run-7", "diverging")]
    ((_, _, sent),) = made.slack.sent
    assert (sent["replace_original"], WORDS in json.dumps(sent)) == (True, False)
    assert "tickets" in json.dumps(sent)


async def test_a_list_shows_what_is_at_hand_and_hides_it() -> None:
    """Whoever hides the warning is told so, and the next list has none."""
    made = _made()
    made.jobs.list_of(JobSummary("run-7", "tickets", JobStatus.RUNNING, "RUNNING", progress=40))
    (listed,) = await made.ask("list")
    assert "⚠️ tickets" in listed
    assert "running, diverged" in listed
    value = Unhelpful("run-7", "diverging").value()
    hiding = ButtonPress(
        actions.NOT_HELPFUL, value, "T1", "C1", "U1", "", "https://hook", None,
        is_root=False, is_private=True, is_in_list=False, is_on_card=False, is_in_menu=True,
    )  # fmt: skip
    await press(made.context, hiding)
    assert "won't mention this again" in str(made.slack.sent[-1])
    (after,) = await made.ask("list")
    assert "🔵 tickets" in after


async def test_a_list_shows_what_is_stored() -> None:
    """Also of jobs that nobody asked for lately; without the database the list stands."""
    made = _made()
    made.jobs.list_of(JobSummary("run-7", "tickets", JobStatus.COMPLETED, "COMPLETED"))
    made.metrics_checks.standing["run-7"] = Finding(FindingClass.PLATEAU, "flat", "Try another rate.")
    (listed,) = await made.ask("list")
    assert "⚠️ tickets" in listed
    assert "completed, loss stopped falling" in listed
    made.metrics_checks.fails = StoreError()
    (bare,) = await made.ask("list")
    assert "✅ tickets" in bare


@pytest.mark.parametrize(("status", "words"), [("RUNNING", WORDS), ("COMPLETED", "The loss diverged: ")])
async def test_curves_come_with_what_is_wrong_in_them(status: str, words: str) -> None:
    """Who asks whether the loss is exploding does not have to read that off a chart; once hidden, it is."""
    made = _made(status)
    (card,) = await made.ask("metrics run-7")
    assert json.loads(card)["text"].startswith(words)
    assert "*Try:*" in card
    await made.context.silenced_findings.silence("org", "run-7", "diverging", made.clock.now())
    (card,) = await made.ask("metrics run-7")
    assert "diverg" not in card
