"""Messages with charts: sent as they are, or in plainer blocks where Slack takes no charts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain.errors import SlackPermanentError
from bot.playground.workspace import ME, TRAINING, Message
from bot.playground.workspace.expiring_tokens import Origin
from bot.slack.charts import REMEMBERED_SECONDS
from tests.slack.connected import CARD, Connected

POINTS = [{"label": "1", "value": 1}]
CHART = {
    "type": "data_visualization",
    "title": "Loss",
    "chart": {
        "type": "line",
        "series": [{"name": "loss", "data": POINTS}],
        "axis_config": {"categories": ["1"]},
    },
}
DRAWN = {"text": "Loss 1", "blocks": [CHART], "plainer": CARD}


async def _post(slack: Connected, message: dict[str, Any]) -> None:
    await slack.gateway.post_message(TRAINING, message)


async def _post_ephemeral(slack: Connected, message: dict[str, Any]) -> None:
    await slack.gateway.post_ephemeral(TRAINING, ME, message)


async def _respond(slack: Connected, message: dict[str, Any]) -> None:
    url = slack.workspace.world.response_url(Origin(TRAINING, ME))
    await slack.gateway.respond(url, {"response_type": "ephemeral", **message})


async def _send(slack: Connected, message: dict[str, Any]) -> None:
    await slack.gateway.send(TRAINING, message, slack.sent())


async def _edit(slack: Connected, message: dict[str, Any]) -> None:
    ts = await slack.gateway.post_message(TRAINING, CARD)
    await slack.gateway.edit(TRAINING, ts, message)


Way = Callable[[Connected, dict[str, Any]], Awaitable[None]]
every_way = pytest.mark.parametrize("way", [_post, _post_ephemeral, _respond, _send, _edit])


def _last(slack: Connected) -> Message:
    return slack.workspace.messages(TRAINING)[-1]


@every_way
async def test_a_chart_goes_out_as_it_is(slack: Connected, way: Way) -> None:
    """Slack never sees the plainer form beside it."""
    await way(slack, DRAWN)
    assert (_last(slack).text, _last(slack).blocks) == ("Loss 1", [CHART])
    assert not any("plainer" in call.arguments for call in slack.workspace.calls)


@every_way
async def test_where_charts_are_not_taken_the_message_goes_out_without(slack: Connected, way: Way) -> None:
    """Once, whichever way it goes."""
    slack.workspace.faults.takes_charts = False
    await way(slack, DRAWN)
    assert _last(slack).blocks == CARD["blocks"]
    assert len(slack.workspace.messages(TRAINING)) == 1


TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
LINES = CARD["blocks"]


@pytest.mark.parametrize(
    ("lacks", "shown", "tries"),
    [
        (set(), [CHART, TABLE], 1),
        ({"data_visualization"}, [TABLE], 2),
        ({"table"}, [CHART], 3),
        ({"data_visualization", "table"}, LINES, 4),
    ],
)
async def test_a_message_with_both_loses_only_what_is_not_taken(
    slack: Connected, lacks: set[str], shown: list[Any], tries: int
) -> None:
    """And the next one at the first try; also what has the one alone."""
    slack.workspace.faults.lacks = frozenset(lacks)
    forms = [[CHART, TABLE], [TABLE], [CHART], LINES]
    message: dict[str, Any] | None = None
    for blocks in reversed(forms):
        message = {"text": "t", "blocks": blocks} | ({} if message is None else {"plainer": message})
    assert message is not None
    for calls in (tries, tries + 1):
        await _post(slack, message)
        assert _last(slack).blocks == shown
        assert len(slack.workspace.calls_of("chat.postMessage")) == calls
    await _post(slack, DRAWN)
    assert (_last(slack).blocks == [CHART]) == ("data_visualization" not in lacks)
    assert len(slack.workspace.calls_of("chat.postMessage")) == tries + 2


async def test_the_workspace_is_remembered_for_a_day(slack: Connected) -> None:
    """Then a chart is tried again."""
    slack.workspace.faults.takes_charts = False
    await _post(slack, DRAWN)
    slack.workspace.faults.takes_charts = True
    await _post(slack, DRAWN)
    assert len(slack.workspace.calls_of("chat.postMessage")) == 3
    assert _last(slack).blocks == CARD["blocks"]
    await slack.clock.sleep(REMEMBERED_SECONDS + 1)
    await _post(slack, DRAWN)
    assert _last(slack).blocks == [CHART]


async def test_a_fault_of_another_kind_is_not_blamed_on_charts(slack: Connected) -> None:
    """Other refusals are told as they are; where the plainer form is refused too, charts are tried again."""
    with pytest.raises(SlackPermanentError) as caught:
        await slack.gateway.post_message("C404", DRAWN)
    assert caught.value.slack_code == "channel_not_found"
    assert len(slack.workspace.calls_of("chat.postMessage")) == 1
    with pytest.raises(SlackPermanentError):
        await _post(slack, {"text": "t", "blocks": [{"type": "hologram"}], "plainer": {"blocks": ["no"]}})
    await _post(slack, DRAWN)
    assert _last(slack).blocks == [CHART]


@pytest.mark.parametrize("status_200", [True, False])
async def test_a_refused_chart_does_not_eat_the_fifth_answer(slack: Connected, *, status_200: bool) -> None:
    """Whether a refused one counts is not documented: where all five are needed, none is risked."""
    slack.workspace.faults.takes_charts = False
    slack.workspace.faults.refuses_with_200 = status_200
    for answers in (5, 4, 5):
        url = slack.workspace.world.response_url(Origin(TRAINING, ME))
        for _ in range(answers):
            await slack.gateway.respond(url, {"response_type": "ephemeral", **DRAWN}, answers=answers)
    assert [one.blocks for one in slack.workspace.messages(TRAINING)] == [CARD["blocks"]] * 14


async def test_where_charts_are_taken_five_of_them_are(slack: Connected) -> None:
    """It is known once one was."""
    await _respond(slack, DRAWN)
    url = slack.workspace.world.response_url(Origin(TRAINING, ME))
    for _ in range(5):
        await slack.gateway.respond(url, {"response_type": "ephemeral", **DRAWN}, answers=5)
    assert [one.blocks for one in slack.workspace.messages(TRAINING)] == [[CHART]] * 6


async def test_a_message_for_one_says_nothing_of_those_for_all(slack: Connected) -> None:
    """Where a workspace shows no charts to one person alone, the channel that took some keeps its own."""
    await _post(slack, DRAWN)
    slack.workspace.faults.takes_charts = False
    await _post_ephemeral(slack, DRAWN)
    slack.workspace.faults.takes_charts = True
    await _post(slack, DRAWN)
    assert _last(slack).blocks == [CHART]
