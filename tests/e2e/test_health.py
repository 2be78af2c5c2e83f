"""``/job health`` while something outside is wrong: what people run into is what the admin is told."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.playground.workspace import ME
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World, world


async def _readyz(made: World) -> Any:
    url = f"http://127.0.0.1:{made.bot.port}/readyz"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, (await answer.json())["warnings"]


@pytest.mark.parametrize(
    ("switch", "said"),
    [("down", "Simplismart doesn't answer"), ("key_expired", "Simplismart refuses the API key")],
)
async def test_simplismart_is_part_of_it(switch: str, said: str) -> None:
    """As the last request found it, whoever asked; restarting helps nothing, so the bot stays ready."""
    async with world(admin_user_id=ME) as made:
        await made.ask(JOB)
        assert "jobbot is well." in text_of(await made.ask("health"))
        made.suite.switches.update({switch: True})
        await made.ask("status 00000000-0000-4000-8000-000000000000")
        shown = text_of(await made.ask("health"))
        assert "1 thing to look at." in shown
        assert said in shown
        assert await _readyz(made) == (200, [said])
        made.suite.switches.update({switch: False})
        await made.ask("status 00000000-0000-4000-8000-000000000000")
        assert "jobbot is well." in text_of(await made.ask("health"))
        assert await _readyz(made) == (200, [])
