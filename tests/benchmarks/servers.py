"""Servers as processes of their own on loopback, ended with the block that started them."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.load import SIGNING_SECRET, drive, signed_request

ROOT = Path(__file__).resolve().parents[2]
AS_SHIPPED = Path(__file__).resolve().parent / "as_shipped"
"""Hides what only developers have installed, from both sides."""
REQUEST_ID = "3fe92c25-6f0c-4e4e-9d5e-0a6f6b1c2d3e"
"""A job that the fake training suite has, as it has every other."""
START_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Server:
    """A running process."""

    port: int
    fakes_port: int
    pid: int
    started_at: float
    """On `time.perf_counter`."""

    def resident_megabytes(self) -> float:
        """Its memory now (VmRSS)."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        (line,) = [line for line in lines if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(fakes_port: int, port: int, database: str) -> dict[str, str]:
    """The environment both sides are run with; everything outside is the fakes."""
    passed_on = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return passed_on | {
        "SLACK_BOT_TOKEN": "xoxb-benchmark-token",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{fakes_port}/api/",
        "SIMPLISMART_API_TOKEN": "benchmark-key",
        "SIMPLISMART_ORG_ID": "benchmark-org",
        "SIMPLISMART_API_URL": f"http://127.0.0.1:{fakes_port}",
        "DATABASE_URL": f"sqlite:///{database}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PYTHONPATH": str(AS_SHIPPED),
        "LOG_LEVEL": "warning",
    }


@asynccontextmanager
async def running(
    arguments: Sequence[str], fakes_port: int = 0, *, extra: dict[str, str] | None = None
) -> AsyncIterator[Server]:
    """``python -m arguments`` for as long as the block lasts; ``{port}`` in them is its port."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = settings(fakes_port, port, f"{folder}/bench.sqlite3") | (extra or {})
        started_at = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *(argument.format(port=port) for argument in arguments),
            env=environment,
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            yield Server(port, fakes_port, process.pid, started_at)
        finally:
            if process.returncode is None:
                process.terminate()
            try:
                async with asyncio.timeout(15):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()


OURS = ("bot", "serve")
HELLO = ("tests.benchmarks.bolt_hello", "{port}")
FAKES = ("tests.benchmarks.fakes", "{port}")


async def first_answer(server: Server, text: str) -> float:
    """Seconds from the start of the process to its first 200 to a signed command."""
    response_url = f"http://127.0.0.1:{server.fakes_port}/api/response"
    while time.perf_counter() - server.started_at < START_SECONDS:
        try:
            await drive(server.port, [signed_request(text, response_url)])
        except OSError:
            await asyncio.sleep(0.002)
        else:
            return time.perf_counter() - server.started_at
    msg = f"no answer within {START_SECONDS} s"
    raise TimeoutError(msg)


async def listening(server: Server) -> None:
    """Return when something listens on the server's port."""
    while time.perf_counter() - server.started_at < START_SECONDS:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        except OSError:
            await asyncio.sleep(0.01)
        else:
            writer.close()
            return
    msg = f"not listening within {START_SECONDS} s"
    raise TimeoutError(msg)


@asynccontextmanager
async def fakes() -> AsyncIterator[Server]:
    """Slack and the training suite, ready."""
    async with running(FAKES) as server:
        await listening(server)
        yield server
