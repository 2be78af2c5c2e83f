"""Slack's rates and its failures, as an app meets them."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.playground.workspace import ML_OPS, TRAINING
from tests.playground.slack_side import CARD, Slack, until_asleep


async def _post(
    served: Slack, channel: str = TRAINING, method: str = "chat.postMessage"
) -> aiohttp.ClientResponse:
    url = f"{served.workspace.base_url}/api/{method}"
    headers = {"Authorization": f"Bearer {served.workspace.identity.bot_token}"}
    async with served.session.post(url, json={"channel": channel, **CARD}, headers=headers) as response:
        await response.read()
        return response


async def test_one_message_a_second_in_each_channel(served: Slack) -> None:
    """The second gets 429 and how long to wait; other channels are not concerned."""
    assert (await _post(served)).status == 200
    refused = await _post(served)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "1")
    assert (await _post(served, ML_OPS)).status == 200
    served.clock.advance(1)
    assert (await _post(served)).status == 200
    assert len(served.workspace.messages(TRAINING)) == 2


@pytest.mark.parametrize(("method", "most"), [("chat.update", 50), ("views.update", 100)])
async def test_tiers_are_per_minute(served: Slack, method: str, most: int) -> None:
    """Tier 3 takes 50 a minute, tier 4 100; the wait is until the oldest is a minute ago."""
    for _ in range(most):
        assert (await _post(served, method=method)).status == 200
    served.clock.advance(20)
    refused = await _post(served, method=method)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "40")
    served.clock.advance(40)
    assert (await _post(served, method=method)).status == 200


async def test_rates_can_be_off(served: Slack) -> None:
    """For load tests."""
    served.workspace.rates.enabled = False
    assert [(await _post(served)).status for _ in range(5)] == [200] * 5


async def test_planned_failures_come_in_order_and_end(served: Slack) -> None:
    """Only calls of the named method meet them."""
    faults = served.workspace.faults
    faults.fail_next(1, "rate_limited", retry_after_seconds=7)
    faults.fail_next(1, "server_error", method="chat.postMessage")
    faults.fail_next(1, "html")
    limited = await _post(served, method="auth.test")
    assert (limited.status, limited.headers["Retry-After"]) == (429, "7")
    assert (await _post(served, method="auth.test")).content_type == "text/html"
    assert (await _post(served)).status == 500
    assert (await _post(served)).status == 200


async def test_a_lost_call_did_nothing_a_lost_answer_did_all(served: Slack) -> None:
    """Both look the same to the app."""
    served.workspace.faults.fail_next(1, "lost")
    with pytest.raises(aiohttp.ClientError):
        await _post(served)
    assert served.workspace.messages(TRAINING) == []
    served.workspace.faults.fail_next(1, "lost_answer")
    with pytest.raises(aiohttp.ClientError):
        await _post(served)
    assert len(served.workspace.messages(TRAINING)) == 1


async def test_a_timeout_after_accepting(served: Slack) -> None:
    """The message is there, the answer never comes."""
    served.workspace.faults.fail_next(1, "timeout")
    asked = asyncio.create_task(_post(served))
    await until_asleep(served.clock, 60)
    assert len(served.workspace.messages(TRAINING)) == 1
    assert not asked.done()
    served.clock.advance(60)
    with pytest.raises(aiohttp.ClientError):
        await asked


async def test_a_hanging_answer_ends_with_the_workspace(served: Slack) -> None:
    """Nobody has to move the clock to be rid of it."""
    served.workspace.faults.fail_next(1, "timeout")
    asked = asyncio.create_task(_post(served))
    await until_asleep(served.clock, 60)
    await served.workspace.aclose()
    with pytest.raises(aiohttp.ClientError):
        await asked


async def test_a_failure_can_be_one_channels_alone(served: Slack) -> None:
    """Calls about another one, or about none, do not meet it; it may be any code of Slack's."""
    served.workspace.faults.fail_next(1, "server_error", channel_id=ML_OPS)
    served.workspace.faults.refuse_next(1, "is_archived", method="chat.postMessage", channel_id=TRAINING)
    assert await served.error("chat.postMessage", channel=TRAINING, **CARD) == "is_archived"
    assert await served.error("auth.test") is None
    assert (await _post(served, ML_OPS)).status == 500
    assert await served.error("chat.postMessage", channel=ML_OPS, **CARD) is None
    assert served.workspace.messages(TRAINING) == []


async def test_slack_can_be_slow(served: Slack) -> None:
    """Every answer waits on the clock."""
    served.workspace.faults.latency_seconds = 2
    asked = asyncio.create_task(_post(served))
    await until_asleep(served.clock, 2)
    assert served.workspace.messages(TRAINING) == []
    served.clock.advance(2)
    assert (await asked).status == 200


async def test_every_call_is_kept(served: Slack) -> None:
    """With its arguments, its answer and its moment."""
    served.clock.advance(3)
    await _post(served)
    (call,) = served.workspace.calls_of("chat.postMessage")
    assert (call.arguments["text"], call.answer["ok"], call.at_seconds) == ("A card", True, 3)
