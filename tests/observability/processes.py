"""The bot as processes, with what operators see of them switched on."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import aiohttp

from bot.playground.serving import Servers
from bot.playground.training_suite import DEFAULT_TOKEN, TrainingSuite
from bot.playground.workspace import Workspace

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 120.0
"""What a test waits for a process at most, also on a busy machine."""


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def environment(workspace: Workspace, suite: TrainingSuite, servers: Servers, folder: Path) -> dict[str, str]:
    """The settings of a bot in Socket Mode."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{folder}/jobbot.sqlite3",
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


@asynccontextmanager
async def process(
    verb: Literal["serve", "worker"], settings: Mapping[str, str], folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """``python -m bot`` with this verb; killed at the end of the block, if it is still there."""
    begun = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", verb, cwd=folder, env=settings, stderr=asyncio.subprocess.PIPE
    )
    try:
        yield begun
    finally:
        if begun.returncode is None:
            begun.kill()
            await begun.communicate()


async def logged(begun: asyncio.subprocess.Process, words: str) -> str:
    """What it has logged by the time that a line has these words."""
    assert begun.stderr is not None
    said = b""
    async with asyncio.timeout(MOST_SECONDS):
        while words.encode() not in said:
            line = await begun.stderr.readline()
            assert line, said.decode()
            said += line
    return said.decode()


async def left(begun: asyncio.subprocess.Process) -> str:
    """Tell it to leave; its log, once it did."""
    begun.send_signal(signal.SIGTERM)
    async with asyncio.timeout(MOST_SECONDS):
        _, errors = await begun.communicate()
    return errors.decode()


async def page(port: int, path: str = "/metrics") -> tuple[int, str]:
    """What it serves there."""
    url = f"http://127.0.0.1:{port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


def samples(text: str) -> Mapping[str, float]:
    """Every sample of a page, by its name with its labels."""
    return {name: float(value) for name, value in re.findall(r"^([^#]\S*) (\S+)$", text, re.MULTILINE)}
