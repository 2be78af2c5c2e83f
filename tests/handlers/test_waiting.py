"""``watch … when``: what is wished, what is said; and the button on findings."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.kit import actions
from bot.cards.subscriptions.finding import Unhelpful
from bot.domain.errors import StoreError
from bot.domain.job import MetricPoint
from bot.handlers.entry.buttons import press
from bot.handlers.kit.button_press import ButtonPress
from tests.handlers.neighbours import Neighbourhood


def _running() -> Neighbourhood:
    made = Neighbourhood()
    made.jobs.give("run-7", status="RUNNING", progress=10, experiment_name="tickets")
    return made


def _pressed(value: str, message: Any = None) -> ButtonPress:
    body = {
        "actions": [{"action_id": actions.NOT_HELPFUL, "value": value}],
        "team": {"id": "T1"},
        "channel": {"id": "C1"},
        "user": {"id": "U02"},
        "response_url": "https://hooks.example/1",
        "container": {"type": "message", "message_ts": "5.1", "thread_ts": "1.1"},
        "message": message,
    }
    found = ButtonPress.read(body)
    assert found is not None
    return found


async def test_the_condition_becomes_the_wish() -> None:
    """As it is stored, for each of the jobs named; the watcher looks at once."""
    made = _running()
    made.jobs.give("run-8", status="RUNNING", progress=10)
    told, _ = await made.ask("watch run-7 run-8 quiet when eval_loss&lt;1.20")
    assert [(each.condition, each.is_quiet) for each in made.stored.wishes] == [("eval_loss < 1.2", True)] * 2
    assert made.watcher.rung == 2
    assert "I'll ping you once, as soon as `eval_loss &lt; 1.2`." in told


async def test_metrics_that_cannot_be_had_cost_nobody_the_answer() -> None:
    """It then says nothing of them; nor where the metric is there, nor of what is none."""
    for words, points in (
        ("eval_loss &lt; 1", None),
        ("eval_loss &lt; 1", [MetricPoint("eval/loss", 2.0)]),
        ("eta &lt; 1h", ()),
    ):
        made = _running()
        if points is not None:
            made.jobs.points["run-7"] = points
        (told,) = await made.ask(f"watch run-7 when {words}")
        assert "So far" not in told


async def test_a_finished_job_has_nothing_to_wait_for() -> None:
    """As without a condition."""
    made = Neighbourhood()
    made.jobs.give("run-7", status="COMPLETED")
    (told,) = await made.ask("watch run-7 when loss &lt; 1")
    assert "already finished" in told
    assert made.stored.wishes == []


async def test_a_finding_is_silenced_and_its_message_says_so() -> None:
    """It keeps what it said, as Slack has it; only the button goes."""
    made = _running()
    made.metrics_checks.told.add(("org", "run-7", "plateau"))
    said = {"type": "section", "block_id": "x1", "text": {"type": "mrkdwn", "text": "It is flat."}}
    message = {"text": "tickets: flat", "blocks": [said, {"type": "actions", "elements": []}]}
    await press(made.context, _pressed(Unhelpful("run-7", "plateau").value(), message))
    assert made.metrics_checks.silenced == [("org", "run-7", "plateau")]
    ((_, address, sent),) = made.slack.sent
    assert address == "https://hooks.example/1"
    assert sent["replace_original"] is True
    assert sent["text"] == "tickets: flat"
    assert [block["type"] for block in sent["blocks"]] == ["section", "context"]
    assert sent["blocks"][0] == said


@pytest.mark.parametrize(
    "about",
    [Unhelpful("run-7", "diverging"), Unhelpful("run-8", "plateau"), Unhelpful("x", "anything at all")],
)
async def test_only_a_finding_that_was_told_is_silenced(about: Unhelpful) -> None:
    """Whatever the value names: the presser is told, the message stays and nothing is stored."""
    made = _running()
    made.metrics_checks.told.add(("org", "run-7", "plateau"))
    await press(made.context, _pressed(about.value()))
    ((method, _, sent),) = made.slack.sent
    assert method == "post_ephemeral"
    assert "nothing to silence" in sent["text"]
    assert made.metrics_checks.silenced == []


@pytest.mark.parametrize(
    "value", ["", "null", "[]", '["plateau"]', '["", "run-7"]', "[1, 2]", f'["{"x" * 61}", "a"]']
)
async def test_a_button_of_another_version_changes_nothing_and_says_so(value: str) -> None:
    """To the presser alone."""
    made = _running()
    await press(made.context, _pressed(value))
    ((method, _, said),) = made.slack.sent
    assert (method, made.metrics_checks.silenced) == ("post_ephemeral", [])
    assert "another version of me" in said["text"]


async def test_a_database_that_fails_leaves_the_message_as_it_is() -> None:
    """The listener tells the presser."""
    made = _running()
    made.metrics_checks.fails = StoreError("locked")
    with pytest.raises(StoreError):
        await press(made.context, _pressed(Unhelpful("run-7", "plateau").value(), {"text": "t"}))
    assert made.slack.sent == []
