"""``/job metrics`` and [Metrics]: a job's curves."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.cards.gallery.metrics import points
from bot.cards.kit import actions
from bot.handlers.entry import buttons
from bot.handlers.kit.button_press import ButtonPress
from tests.handlers.neighbours import Neighbourhood

JOB = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"


@pytest.fixture
def here() -> Neighbourhood:
    """A job that has logged something."""
    made = Neighbourhood()
    made.jobs.give(JOB, status="RUNNING", experiment_name="my-run", progress=52)
    made.jobs.points[JOB] = points()
    return made


async def _ask(here: Neighbourhood, text: str) -> dict[str, Any]:
    (answer,) = await here.ask(text)
    message: dict[str, Any] = json.loads(answer)
    return message


async def test_the_losses_are_drawn_with_their_ends_and_bests(here: Neighbourhood) -> None:
    """As a chart; the same in little bars goes along for workspaces without charts."""
    message = await _ask(here, f"metrics {JOB}")
    (chart,) = [block for block in message["blocks"] if block["type"] == "data_visualization"]
    assert [series["name"] for series in chart["chart"]["series"]] == ["train_loss", "eval_loss"]
    for form in (message, message["plainer"]):
        shown = json.dumps(form["blocks"]).replace("\\u00a0", " ")
        assert "last 1.065 at step 2,100" in shown
        assert "best 0.8795 at step 2,080" in shown
    assert "\\u2581" in json.dumps(message["plainer"])
    assert "my-run" in message["text"]


async def test_other_series_are_drawn_when_they_are_named(here: Neighbourhood) -> None:
    """By any usual name; what has no use for the same axis has a chart of its own."""
    message = await _ask(here, f"metrics {JOB} LOSS learning_rate")
    charts = [block for block in message["blocks"] if block["type"] == "data_visualization"]
    names = [[series["name"] for series in chart["chart"]["series"]] for chart in charts]
    assert names == [["train_loss"], ["learning_rate"]]


async def test_a_series_there_is_not(here: Neighbourhood) -> None:
    """What there is, is listed; what else was asked for is drawn all the same."""
    shown = json.dumps(await _ask(here, f"metrics {JOB} accuracy"))
    assert "No metric is called `accuracy`" in shown
    assert "`train_loss`, `learning_rate`, `eval_loss`" in shown
    assert "data_visualization" in json.dumps(await _ask(here, f"metrics {JOB} accuracy eval_loss"))


async def test_nothing_logged_and_no_such_job_are_told_apart(here: Neighbourhood) -> None:
    """The training suite answers 404 to both."""
    del here.jobs.points[JOB]
    assert "any metrics yet" in json.dumps(await _ask(here, f"metrics {JOB}"))
    assert "No such job" in json.dumps(await _ask(here, "metrics 11111111-2222-3333-4444-555555555555"))


async def test_the_button_answers_the_presser_alone(here: Neighbourhood) -> None:
    """The card it stands on stays as it is."""
    pressed = ButtonPress.read(
        {
            "actions": [{"action_id": actions.METRICS, "value": JOB}],
            "team": {"id": "T1"},
            "channel": {"id": "C1"},
            "user": {"id": "U01"},
            "response_url": "https://example.com/respond",
            "container": {"thread_ts": "1.0", "message_ts": "2.0"},
        }
    )
    assert pressed is not None
    await buttons.press(here.context, pressed)
    ((method, channel_id, body),) = here.slack.sent
    assert (method, channel_id) == ("post_ephemeral", "C1")
    assert (body["user"], body["thread_ts"]) == ("U01", "1.0")
    assert "data_visualization" in json.dumps(body)
