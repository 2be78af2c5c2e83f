"""What Prometheus reads of a bot that is used: where, and that each thing is counted."""

from __future__ import annotations

import re
import socket
from collections.abc import Mapping
from typing import Literal

import aiohttp
import pytest

from bot.observability.monitoring import READ_SECONDS
from bot.playground.training_suite import Ending
from bot.playground.workspace import TRAINING
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World, world


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


async def _page(port: int | None) -> tuple[int, str]:
    url = f"http://127.0.0.1:{port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def metrics_of(made: World) -> Mapping[str, float]:
    """Every sample, by its name with its labels."""
    status, page = await _page(made.bot.monitoring.port or made.bot.port)
    assert status == 200
    return {name: float(value) for name, value in re.findall(r"^([^#]\S*) (\S+)$", page, re.MULTILINE)}


def _threads(made: World) -> list[str]:
    """What the bot said in threads."""
    return [text_of(each) for each in made.workspace.messages(TRAINING) if each.thread_ts]


async def test_it_is_off_unless_somebody_wants_it(over_http: World) -> None:
    """What reaches the public port finds nothing there."""
    assert (await _page(over_http.bot.port))[0] == 404
    assert over_http.bot.monitoring.port is None


async def test_it_may_be_on_a_port_of_its_own_or_on_the_public_one() -> None:
    """Never on both; where the port is taken the bot serves without."""
    async with world(metrics_port="PORT") as made:
        assert (await _page(made.bot.port))[0] == 200
    async with world(metrics_port=str(_free_port())) as made:
        assert (await _page(made.bot.port))[0] == 404
        assert (await _page(made.bot.monitoring.port))[0] == 200
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{made.bot.monitoring.port}"
            assert (await session.get(f"{url}/healthz")).status == 200
            assert (await session.post(f"{url}/slack/events")).status == 404
        taken = str(made.bot.monitoring.port)
        async with world(metrics_port=taken) as other:
            assert other.bot.monitoring.port is None
            assert (await other.ask("help")).blocks


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_a_question_is_counted(transport: Literal["http", "socket"]) -> None:
    """Its ack, its command, the request and the cache; what is not there is nobody's failure."""
    async with world(transport, metrics_port="PORT") as made:
        await made.ask(JOB)
        await made.ask(JOB)
        await made.ask("status 00000000-0000-4000-8000-000000000000")
        found = await metrics_of(made)
    assert found["jobbot_ack_seconds_count"] == 3
    assert found['jobbot_command_seconds_count{command="status",outcome="answered"}'] == 2
    assert found['jobbot_command_seconds_count{command="status",outcome="refused"}'] == 1
    assert found['jobbot_training_api_requests_total{endpoint="job",outcome="ok"}'] >= 1
    assert found['jobbot_training_api_requests_total{endpoint="job",outcome="job_not_found"}'] >= 1
    assert found['jobbot_training_api_request_seconds_count{endpoint="job"}'] >= 2
    assert found['jobbot_cache_requests_total{endpoint="job",outcome="hit"}'] == 1
    assert found["jobbot_workspaces"] == 1
    assert found.get("jobbot_socket_connected") == (1 if transport == "socket" else None)


async def test_what_fails_on_the_other_side_is_another_outcome() -> None:
    """Simplismart's failures by kind; the command's as a failure."""
    async with world(metrics_port="PORT") as made:
        made.suite.switches.update({"down": True})
        await made.ask(JOB)
        found = await metrics_of(made)
    assert found['jobbot_training_api_requests_total{endpoint="job",outcome="unreachable"}'] >= 1
    assert found['jobbot_command_seconds_count{command="status",outcome="failed"}'] == 1


async def test_an_update_is_counted_from_the_end_of_the_job() -> None:
    """Sent, told in time, nothing left over; rounds are fresh."""
    async with world(metrics_port="PORT") as made:
        await made.ask(f"subscribe {JOB}")
        made.suite.end(JOB, Ending.COMPLETED)
        ended_at = made.clock.monotonic()
        await made.pass_until(lambda: any("ompleted" in each for each in _threads(made)))
        told_after = made.clock.monotonic() - ended_at
        await made.let_pass(READ_SECONDS, 2)
        found = await metrics_of(made)
    assert found['jobbot_deliveries_total{outcome="sent"}'] >= 2
    assert found["jobbot_end_told_delay_seconds_count"] == 1
    assert told_after - 2 <= found["jobbot_end_told_delay_seconds_sum"] <= told_after
    assert (found["jobbot_outbox_oldest_age_seconds"], found["jobbot_outbox_parked"]) == (0, 0)
    assert all(found[f'jobbot_round_age_seconds{{task="{task}"}}'] < 60 for task in ("watcher", "delivery"))
