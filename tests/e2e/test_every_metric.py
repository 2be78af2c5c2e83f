"""Every metric there is moves when what it counts happens, brought about by Slack or Simplismart."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Literal

import pytest

from bot.observability.monitoring import READ_SECONDS
from bot.playground.clock import ManualClock
from bot.playground.training_suite import Ending, key_until
from bot.playground.workspace import TRAINING
from tests.databases import change
from tests.documents import OPERATING, rows
from tests.e2e.messages import text_of
from tests.e2e.test_metrics import metrics_of
from tests.e2e.world import JOB, World, world

Event = Callable[[World], Awaitable[None]]
Transport = Literal["http", "socket"]
KEY = key_until(ManualClock().now() + timedelta(days=60))
_NOBODY = "00000000-0000-4000-8000-000000000000"


async def _asked(made: World) -> None:
    await made.ask(JOB)
    await made.ask(JOB)
    await made.ask(f"status {_NOBODY}")
    await made.ask(f"metrics {JOB}")
    await made.ask("list")


async def _down(made: World) -> None:
    made.suite.switches.update({"down": True})
    await made.ask(JOB)


async def _told(made: World) -> None:
    await made.ask(f"subscribe {JOB}")
    made.suite.end(JOB, Ending.COMPLETED)
    await made.pass_until(lambda: _says(made, "ompleted"))


async def _limited(made: World) -> None:
    """Slack asks to wait for longer than it takes until somebody reads how old the oldest message is."""
    fail = made.workspace.faults.fail_next
    fail(1, "rate_limited", method="chat.postMessage", retry_after_seconds=300)
    await made.ask(f"subscribe {JOB}")
    await made.let_pass(3 * READ_SECONDS, 3)


async def _answer_lost(made: World) -> None:
    """Slack posted it, and nobody knows."""
    made.workspace.faults.fail_next(1, "lost_answer", method="chat.postMessage")
    await made.ask(f"subscribe {JOB}")
    await made.let_pass(120, 4)


async def _refused(made: World) -> None:
    """Slack dislikes the message, and its plain text too."""
    await made.ask(f"subscribe {JOB}")
    await made.let_pass(60, 2)
    made.workspace.faults.refuse_next(2, "invalid_arguments", method="chat.postMessage")
    made.suite.end(JOB, Ending.COMPLETED)
    await made.let_pass(120, 4)
    await made.let_pass(READ_SECONDS, 1)


async def _taken_over(made: World) -> None:
    """While Slack keeps a message's answer back, another process gets the channel's lease."""
    assert made.settings is not None
    made.workspace.faults.fail_next(1, "timeout", method="chat.postMessage")
    assert (await made.slash(f"subscribe {JOB}")).ok
    await made.pass_until(lambda: bool(made.workspace.messages(TRAINING)))
    change(made.settings.database_url, "UPDATE lanes SET generation = generation + 1")
    await made.let_pass(120, 8)


def _says(made: World, words: str) -> bool:
    return any(words in text_of(said) for said in made.workspace.messages(TRAINING) if said.thread_ts)


MOVED: Mapping[Event, tuple[str, ...]] = {
    _asked: (
        "jobbot_ack_seconds_count",
        'jobbot_command_seconds_count{command="list",outcome="answered"}',
        'jobbot_command_seconds_count{command="metrics",outcome="answered"}',
        'jobbot_command_seconds_count{command="status",outcome="answered"}',
        'jobbot_command_seconds_count{command="status",outcome="refused"}',
        'jobbot_training_api_requests_total{endpoint="job",outcome="job_not_found"}',
        'jobbot_training_api_requests_total{endpoint="job",outcome="ok"}',
        'jobbot_training_api_requests_total{endpoint="list",outcome="ok"}',
        'jobbot_training_api_requests_total{endpoint="metrics",outcome="ok"}',
        'jobbot_training_api_request_seconds_count{endpoint="metrics"}',
        'jobbot_cache_requests_total{endpoint="job",outcome="hit"}',
        'jobbot_cache_requests_total{endpoint="job",outcome="miss"}',
    ),
    _down: (
        'jobbot_command_seconds_count{command="status",outcome="failed"}',
        'jobbot_training_api_requests_total{endpoint="job",outcome="unreachable"}',
    ),
    _told: ('jobbot_deliveries_total{outcome="sent"}', "jobbot_end_told_delay_seconds_count"),
    _limited: (
        'jobbot_slack_limited_total{method="chat.postMessage"}',
        'jobbot_deliveries_total{outcome="later"}',
        "jobbot_outbox_oldest_age_seconds",
    ),
    _answer_lost: ('jobbot_settlements_total{outcome="found"}',),
    _refused: ('jobbot_deliveries_total{outcome="parked"}', "jobbot_outbox_parked"),
    _taken_over: ("jobbot_leases_lost_total",),
}
"""What happens, and the samples that it moves."""
ALWAYS: Mapping[str, Callable[[float], bool]] = {
    "jobbot_api_key_expiry_timestamp_seconds": lambda at: at == pytest.approx(_expiry(), abs=86_400),
    "jobbot_build_info": lambda one: one == 1,
    "jobbot_round_age_seconds": lambda age: 0 <= age < 60,
    "jobbot_socket_connected": lambda is_open: is_open == 1,
    "jobbot_workspaces": lambda many: many == 1,
}
"""What tells how things are, and what it tells of a bot that is well."""


def _expiry() -> float:
    return (ManualClock().now() + timedelta(days=60)).timestamp()


@pytest.mark.parametrize("event", MOVED, ids=lambda event: event.__name__.strip("_"))
async def test_it_moves_when_it_happens(event: Event) -> None:
    """Each of the samples is more than it was before."""
    async with world(metrics_port="PORT") as made:
        before = await metrics_of(made)
        await event(made)
        after = await metrics_of(made)
    still = [name for name in MOVED[event] if not after[name] > before.get(name, 0.0)]
    assert still == []


async def test_what_is_as_it_is_is_told() -> None:
    """Over the websocket, with a key that says when it expires."""
    async with world("socket", metrics_port="PORT", simplismart_api_token=KEY) as made:
        await made.let_pass(READ_SECONDS, 2)
        after = await metrics_of(made)
    for metric, is_right in ALWAYS.items():
        found = [value for name, value in after.items() if name.partition("{")[0] == metric]
        assert found, metric
        assert all(map(is_right, found)), (metric, found)


def test_every_metric_of_the_documents_is_tried() -> None:
    """A new one needs something that moves it."""
    listed = {name.strip("`") for name, *_ in rows(OPERATING, "Metrics")}
    tried = {name.partition("{")[0].removesuffix("_count") for names in MOVED.values() for name in names}
    assert tried | set(ALWAYS) == listed


async def test_several_processes_tell_the_same_of_the_database() -> None:
    """What waits is no more for being told twice: hence ``max`` in each query, never ``sum``."""
    async with world(metrics_port="PORT") as made:
        await _refused(made)
        async with made.another() as other:
            await made.let_pass(READ_SECONDS, 2)
            here = await metrics_of(made)
            there = await metrics_of(World(made.workspace, made.suite, made.clock, other))
    assert here["jobbot_outbox_parked"] == there["jobbot_outbox_parked"] > 0
    for name in ("jobbot_outbox_oldest_age_seconds", "jobbot_workspaces"):
        assert here[name] == there[name]
