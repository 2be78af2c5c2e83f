"""Curves, over signed HTTP: charts where Slack has them, little bars where it has not."""

from __future__ import annotations

from typing import Any

from bot.playground.workspace import ME, TRAINING, Message
from tests.e2e.world import JOB, World, has_button, text_of


def _charts(message: Message) -> list[dict[str, Any]]:
    return [block for block in message.blocks or [] if block["type"] == "data_visualization"]


async def test_a_slash_command_draws_the_loss_for_the_asker(each: World) -> None:
    """After the ack, through the response URL; asked again within 15 s, the training suite is not."""
    for _ in range(2):
        drawn = await each.ask(f"metrics {JOB}")
        assert drawn.ephemeral_to == ME
        (chart,) = _charts(drawn)
        assert [series["name"] for series in chart["chart"]["series"]] == ["train_loss", "eval_loss"]
    assert each.suite.counts["/job/metrics/"] == 1
    assert each.workspace.calls_of("chat.postMessage") == []


async def test_a_mention_in_the_jobs_thread_needs_no_id(over_http: World) -> None:
    """All its words are series."""
    root = (await over_http.workspace.say(TRAINING, ME, f"started `{JOB}`")).message
    assert root is not None
    drawn = await over_http.mention("metrics learning_rate", thread_ts=root.ts)
    assert drawn.thread_ts == root.ts
    assert [chart["title"] for chart in _charts(drawn)] == ["learning_rate"]


async def test_the_cards_button_draws_it_too(over_http: World) -> None:
    """For the presser, beside the card; a queued job has nothing to draw yet."""
    card = await over_http.ask(JOB)
    await over_http.workspace.click(ME, card, "job.metrics")
    drawn = await over_http.told("Metrics · ")
    assert _charts(drawn)
    over_http.suite.add_job({"request_id": "job-1", "status": "QUEUED"})
    assert not has_button(await over_http.ask("job-1"), "job.metrics")


async def test_a_workspace_without_charts_gets_the_same_as_text(over_http: World) -> None:
    """Whichever way the answer goes; after the first refusal no chart is tried."""
    over_http.workspace.faults.takes_charts = False
    private = await over_http.ask(f"metrics {JOB}")
    public = await over_http.mention(f"metrics {JOB}")
    for drawn in (private, public):
        assert _charts(drawn) == []
        assert "▁" in text_of(drawn)
        assert "best" in text_of(drawn)
    assert len(over_http.workspace.calls_of("chat.postMessage")) == 1
