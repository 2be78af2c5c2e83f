"""The whole playground: the real bot between the made-up servers, and the way it starts."""

from __future__ import annotations

import asyncio
import json
import signal
import socket

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.playground.server import playground, run_playground
from bot.playground.serving import serving
from bot.playground.training_suite import IDS
from bot.playground.workspace import BOT, TRAINING


async def test_a_command_typed_in_the_page_gets_its_card() -> None:
    """From the page's POST through the real bot to the page's stream."""
    async with playground() as address, aiohttp.ClientSession(address) as session:
        body = {"channel_id": TRAINING, "text": f"/job {IDS['running']}"}
        async with session.get("/playground/events") as stream:
            async with session.post("/playground/command", json=body) as response:
                assert await response.json() == {"ok": True}
            async for line in stream.content:
                event = json.loads(line.removeprefix(b"data: ")) if line.startswith(b"data: ") else {}
                if event.get("type") == "message":
                    break
    card = event["message"]
    assert (card["user_id"], card["ephemeral"]) == (BOT, True)
    assert "support-tone-llama-8b" in card["text"]
    assert card["blocks"][0]["type"] == "section"


async def test_the_next_free_port_is_taken() -> None:
    """Where the wanted one is in use; without leave to look further, that is an error."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with serving(web.Application(), port=port, ports_to_try=50) as address:
            assert port < int(address.rpartition(":")[2]) < port + 50
        with pytest.raises(OSError, match="in use"):
            async with serving(web.Application(), port=port):
                pass


async def test_a_taken_port_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Who asked for it would look for the page there."""
    with socket.create_server(("127.0.0.1", 0)) as taken, capture_logs():
        port = taken.getsockname()[1]
        running = asyncio.create_task(run_playground(port=port))
        lines: list[str] = []
        async with asyncio.timeout(60):
            while not any(line.startswith("Playground: ") for line in lines):
                await asyncio.sleep(0.01)
                lines += capsys.readouterr().out.splitlines()
        signal.raise_signal(signal.SIGTERM)
        await running
    assert lines[0] == f"Port {port} is taken; using the next one that is free."


async def test_jobs_wait_for_the_first_action() -> None:
    """Looking is none; asking is."""
    async with playground() as address, aiohttp.ClientSession(address) as session:

        async def is_waiting() -> bool:
            async with session.get("/playground/state") as response:
                return bool((await response.json())["switches"]["is_waiting"])

        assert await is_waiting()
        await session.post("/playground/home", json={})
        assert await is_waiting()
        await session.post("/playground/command", json={"channel_id": TRAINING, "text": "/job help"})
        assert not await is_waiting()
        await session.post("/playground/reset", json={})
        assert await is_waiting()
