"""The load balancer: turns, and what it does with a process that is gone."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.playground.serving import serving
from bot.playground.workspace.dispatch.envelope import Envelope, LinkLostError
from bot.playground.workspace.identity import Identity
from tests.soak.people.balancer import Balancer

EVENT = Envelope("events_api", {"team_id": "T1", "event": {"event_ts": "1.0"}})
COMMAND = Envelope("slash_commands", {"response_url": "https://hooks.slack.com/1"})


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _app(status: int = 200) -> web.Application:
    app = web.Application()

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status)

    app.router.add_post("/slack/events", answer)
    return app


async def test_both_take_turns() -> None:
    """Whatever is delivered."""
    balancer = Balancer(SystemClock())
    link = balancer.link(Identity())
    async with serving(_app()) as first, serving(_app()) as second:
        balancer.serve(0, 10, _port(first))
        balancer.serve(1, 11, _port(second))
        for _ in range(2):
            assert (await link.send(EVENT)).status == 200
    assert {each.process for each in balancer.attempts["T1:1.0"]} == {10, 11}
    await link.aclose()


async def test_one_that_is_gone_is_passed_over() -> None:
    """What it was never sent is none of its attempts."""
    balancer = Balancer(SystemClock())
    link = balancer.link(Identity())
    async with serving(_app()) as gone:
        balancer.serve(1, 11, _port(gone))
    with pytest.raises(LinkLostError):
        await link.send(EVENT)
    async with serving(_app()) as first:
        balancer.serve(0, 10, _port(first))
        for _ in range(2):
            assert (await link.send(COMMAND)).status == 200
    assert {each.process for each in balancer.attempts["https://hooks.slack.com/1"]} == {10}
    assert balancer.attempts["T1:1.0"] == []
    await link.aclose()


async def test_an_acknowledgment_that_slack_does_not_get() -> None:
    """The process gave it; only events are delivered again."""
    balancer = Balancer(SystemClock())
    link = balancer.link(Identity())
    link.losing = 1
    async with serving(_app()) as only:
        balancer.serve(0, 10, _port(only))
        assert (await link.send(COMMAND)).status == 200
        with pytest.raises(LinkLostError):
            await link.send(EVENT)
        assert (await link.send(EVENT)).status == 200
    assert [each.is_acked for each in balancer.attempts["T1:1.0"]] == [True, True]
    await link.aclose()


async def test_a_refusal_is_no_acknowledgment() -> None:
    """It is Slack's to see, and to deliver again."""
    balancer = Balancer(SystemClock())
    link = balancer.link(Identity())
    async with serving(_app(503)) as only:
        balancer.serve(0, 10, _port(only))
        assert (await link.send(EVENT)).status == 503
    assert [each.is_acked for each in balancer.attempts["T1:1.0"]] == [False]
    await link.aclose()
