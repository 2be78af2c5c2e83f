"""The bot as a process, as an operator starts and stops it."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.playground.clock import ManualClock
from bot.playground.serving import Servers, running
from bot.playground.training_suite import DEFAULT_TOKEN, TrainingSuite
from bot.playground.workspace import ME, TRAINING, Workspace
from tests.e2e.messages import text_of
from tests.e2e.world import JOB

ROOT = Path(__file__).parents[2]
START_SECONDS = 2.0
ATTEMPTS = 3
"""A busy machine makes a start dearer, never cheaper."""


class _Process:
    """``python -m bot serve`` as an operator starts it."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
        self._folder = folder

    async def __aenter__(self) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "serve",
            cwd=self._folder,
            env=self._environment,
            stderr=asyncio.subprocess.PIPE,
        )
        return self._process

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.kill()
            await self._process.communicate()


def _environment(workspace: Workspace, suite: TrainingSuite, servers: Servers) -> Mapping[str, str]:
    return {
        "SLACK_BOT_TOKEN": workspace.identity.bot_token,
        "SLACK_APP_TOKEN": workspace.identity.app_token,
        "SLACK_API_URL": servers.slack_api_url,
        "SIMPLISMART_API_TOKEN": DEFAULT_TOKEN,
        "SIMPLISMART_ORG_ID": suite.org_id,
        "SIMPLISMART_API_URL": servers.training_api_url,
        "HOST": "127.0.0.1",
        "PORT": "0",
        "LOG_FORMAT": "json",
    }


async def test_the_start_takes_little(tmp_path: Path) -> None:
    """In the processor's time, up to the connection and its end: the wall's clock tells of others too."""
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    async with running(workspace, suite) as servers:
        for _ in range(ATTEMPTS):
            before = _children_seconds()
            async with _Process(_environment(workspace, suite, servers), tmp_path) as process:
                await workspace.wait_for(lambda: workspace.socket.connections or None, 30)
                process.send_signal(signal.SIGTERM)
                await process.communicate()
            assert process.returncode == 0
            await workspace.wait_for(lambda: not workspace.socket.connections)
            taken = _children_seconds() - before
            if taken < START_SECONDS:
                return
            clock.advance(60)  # Slack gives out so many addresses for a connection in a minute
    pytest.fail(f"it took {taken:.2f} s each time")


def _children_seconds() -> float:
    """What the processes that ended took of the processor."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


async def test_sigterm_finishes_what_is_running(tmp_path: Path) -> None:
    """A question that is being answered is answered; then the process leaves with 0."""
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    async with running(workspace, suite) as servers:
        async with _Process(_environment(workspace, suite, servers), tmp_path) as process:
            await workspace.wait_for(lambda: workspace.socket.connections or None, 30)
            suite.switches.update({"latency_seconds": 5})
            await workspace.slash(TRAINING, ME, JOB)
            while not suite.counts["/job/get/"]:  # noqa: ASYNC110  (another process asks)
                await asyncio.sleep(0)
            process.send_signal(signal.SIGTERM)
            await workspace.wait_for(lambda: not workspace.socket.connections)
            assert workspace.messages(TRAINING) == []
            clock.advance(6)
            _, errors = await process.communicate()
        assert process.returncode == 0, errors
        (card,) = workspace.messages(TRAINING)
        assert "support-tone-llama-8b" in text_of(card)
        lines = [json.loads(line) for line in errors.decode().splitlines()]
        assert [line["event"] for line in lines if line["logger"] == "bot.app"] == ["serving", "stopping"]
