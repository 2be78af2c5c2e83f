"""The page's switch for the bot, with the real bot behind it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp

from bot.playground.server import playground
from bot.playground.training_suite import IDS
from bot.playground.workspace import TRAINING

ASK = {"channel_id": TRAINING, "text": f"/job {IDS['completed']}"}


async def _events(stream: aiohttp.ClientResponse) -> AsyncIterator[dict[str, object]]:
    async for line in stream.content:
        if line.startswith(b"data: "):
            event = dict(json.loads(line.removeprefix(b"data: ")))
            if event["type"] not in {"jobs", "switches"}:
                yield event


async def test_a_stopped_bot_does_not_answer_and_a_started_one_does() -> None:
    """Slack says that the command failed; afterwards all is as before."""
    async with (
        playground() as address,
        aiohttp.ClientSession(address) as session,
        session.get("/playground/events") as stream,
    ):
        events = _events(stream)
        for running, told in ((False, "note"), (True, "message")):
            await session.post("/playground/bot", json={"running": running})
            await session.post("/playground/command", json=ASK)
            assert await anext(events) == {"type": "bot", "is_running": running}
            answer = await anext(events)
            assert answer["type"] == told
            shown = answer[told]
            assert isinstance(shown, dict)
            assert ("failed" in shown["text"]) is not running
        await session.post("/playground/bot", json={"running": True})
        assert await anext(events) == {"type": "bot", "is_running": True}
        await session.post("/playground/reset", json={})
        async with session.get("/playground/state") as response:
            assert (await response.json())["bot"]["is_running"]
