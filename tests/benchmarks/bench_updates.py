"""From a status that changes upstream to the message in its thread, with 1 and with 1,000 watched jobs.

A worker process as deployed, on SQLite, that looks about three times a second, so that what is measured is
less the waiting than the way. The made-up Slack has its rates off; each job is followed in its own channel.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any

import orjson

from bot.clock import SystemClock
from bot.domain.job import TrainingJob
from bot.domain.job.stored import kept
from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.domain.subscriptions.watch_state import first_state
from bot.playground.serving import Servers, running
from bot.playground.training_suite import DEFAULT_TOKEN, TrainingSuite
from bot.playground.workspace import ME, Channel, ChannelKind, Workspace
from bot.store.store import open_store
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import ROOT

MANY = 1_000
ROUNDS = 3
SHORTEST_SECONDS, LONGEST_SECONDS = 0.25, 1.0
"""Between two looks: a list then comes about three times a second."""
LANE_SECONDS = 1.2
"""After a message the next one in the channel has to wait for 1 s: that is not what is measured."""
CHANGES = ({"progress": 25}, {"progress": 50}, {"progress": 75}, {"status": "COMPLETED"})
PATIENCE_SECONDS = 60.0


async def measure() -> list[Ratio]:
    """The median delay among many watched jobs, beside that of a job alone."""
    alone = [delay for _ in range(ROUNDS) for delay in await _delays(1, 1)]
    among_many = await _delays(MANY, ROUNDS)
    name = f"change upstream to message, {MANY:,} jobs | 1"
    return [Ratio(name, median(among_many) * 1_000, median(alone) * 1_000, "ms", "<= 3")]


async def _delays(jobs: int, changed: int) -> list[float]:
    """So many jobs are watched, some of them live through `CHANGES`: seconds until each was told."""
    clock = SystemClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock, jobs=())
    workspace.rates.enabled = False
    names = [f"job-{number}" for number in range(jobs)]
    for name in names:
        suite.set(name, status="RUNNING", progress=1)
        channel = Channel(_channel(name), name, ChannelKind.PUBLIC, {workspace.identity.bot_user_id})
        workspace.board.channels[channel.id] = channel
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/bench.sqlite3"
        await _follow(address, suite, workspace, names)
        async with running(workspace, suite) as servers, _worker(address, servers, workspace, suite):
            for name in names:
                await _posted(workspace, name, 1)
            return [
                await _delay(workspace, suite, name, fields, number)
                for name in names[:changed]
                for number, fields in enumerate(CHANGES, 2)
            ]


async def _follow(address: str, suite: TrainingSuite, workspace: Workspace, names: list[str]) -> None:
    """Each job in its channel, as after the first look: that one would fetch 5 documents a second."""
    store, now = open_store(address), datetime.now(UTC)
    for name in names:
        job = kept(TrainingJob.from_json(orjson.dumps(suite.document(name))))
        state = first_state(job, now).model_copy(update={"wants_document": False})
        wish = SubscribeRequest(workspace.identity.team_id, _channel(name), suite.org_id, name, ME)
        await store.subscriptions.subscribe(wish, state, job, now)
    await store.database.close()


@asynccontextmanager
async def _worker(
    address: str, servers: Servers, workspace: Workspace, suite: TrainingSuite
) -> AsyncIterator[None]:
    """``python -m bot worker``."""
    environment = {
        "PATH": os.environ["PATH"],
        "SLACK_BOT_TOKEN": workspace.identity.bot_token,
        "SLACK_SIGNING_SECRET": workspace.identity.signing_secret,
        "SLACK_API_URL": servers.slack_api_url,
        "SIMPLISMART_API_TOKEN": DEFAULT_TOKEN,
        "SIMPLISMART_ORG_ID": suite.org_id,
        "SIMPLISMART_API_URL": servers.training_api_url,
        "DATABASE_URL": address,
        "WATCH_MIN_INTERVAL_SECONDS": str(SHORTEST_SECONDS),
        "WATCH_MAX_INTERVAL_SECONDS": str(LONGEST_SECONDS),
        "LOG_LEVEL": "warning",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "watch", env=environment, cwd=ROOT
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def _delay(
    workspace: Workspace, suite: TrainingSuite, name: str, fields: Mapping[str, Any], number: int
) -> float:
    await asyncio.sleep(LANE_SECONDS)
    suite.set(name, **fields)
    started_at = time.perf_counter()
    await _posted(workspace, name, number)
    return time.perf_counter() - started_at


async def _posted(workspace: Workspace, name: str, number: int) -> None:
    """Return when so many messages are in the job's channel."""
    messages = workspace.board.channel(_channel(name)).messages
    await workspace.wait_for(lambda: len(messages) >= number or None, PATIENCE_SECONDS)


def _channel(name: str) -> str:
    return f"C0{name.replace('-', '').upper()}"
