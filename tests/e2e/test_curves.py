"""Curves, over signed HTTP: charts where Slack has them, little bars where it has not."""

from __future__ import annotations

import re
from typing import Any

from bot.playground.training_suite.catalogue import IDS
from bot.playground.workspace import ME, TRAINING, Message
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import JOB, World, world

OTHER = IDS["completed"]


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
    drawn = await over_http.told("Metrics of ")
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


async def test_runs_are_set_side_by_side(each: World) -> None:
    """Both runs' losses in one chart; what differs is told, what does not is not."""
    shown = await each.ask(f"compare {JOB} {OTHER}")
    (chart,) = _charts(shown)
    names = [series["name"] for series in chart["chart"]["series"]]
    assert {name[0] for name in names} == {"A", "B"}
    assert "What differs" in text_of(shown)


async def test_a_report_tells_money_where_a_price_is_set() -> None:
    """By the type of the run's GPUs, as the operator wrote it."""
    async with world("http", gpu_hour_price={"h100": "2.50 USD", "a100": "2 USD", "a10g": "1 USD"}) as made:
        report = await made.ask(f"report {OTHER}")
        assert _charts(report)
        assert re.search(
            r"Cost: [\d,.]+ USD, at [\d.]+ USD per GPU-hour", text_of(report).replace("\u00a0", " ")
        )
        made.workspace.faults.takes_charts = False
        plain = await made.ask(f"report {OTHER}")
        assert _charts(plain) == []
        assert "▁" in text_of(plain)


async def test_five_answers_come_where_charts_are_refused(over_http: World) -> None:
    """A command's response URL takes five posts, and one that is refused may count."""
    over_http.workspace.faults.takes_charts = False
    over_http.workspace.faults.refuses_with_200 = True
    ids = [JOB, OTHER, *(one for one in over_http.suite.request_ids if one not in {JOB, OTHER})][:5]
    await over_http.slash(f"metrics {' '.join(ids)}")
    await over_http.soon(lambda: len(over_http.workspace.messages(TRAINING)) == len(ids) or None)
    assert not any(_charts(one) for one in over_http.workspace.messages(TRAINING))
