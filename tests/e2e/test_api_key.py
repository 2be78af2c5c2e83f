"""The API key's end, from the key itself to the admin's direct messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import aiohttp

from bot.playground.clock import ManualClock
from bot.playground.training_suite import key_until
from bot.playground.workspace import DM, ME, Message
from tests.e2e.by_click import by_click
from tests.e2e.messages import text_of
from tests.e2e.world import World, world

END = ManualClock().now() + timedelta(days=7, minutes=10)


def _told(made: World) -> Sequence[Message]:
    """What the admin's direct messages say of the key."""
    return [message for message in made.workspace.messages(DM) if "API key" in text_of(message)]


async def test_the_admin_and_the_probe_are_told_before_it_expires() -> None:
    """A direct message and a warning; the bot stays ready, for nothing is wrong yet."""
    key = key_until(END)
    async with world(simplismart_api_token=key, admin_user_id=ME) as made:
        made.suite.token = key
        assert await _warnings(made) == (200, [])
        assert _told(made) == []
        await made.pass_until(lambda: bool(_told(made)), seconds=1200)
        (message,) = _told(made)
        assert "expires on" in text_of(message)
        assert "SIMPLISMART_API_TOKEN" in text_of(message)
        status, warnings = await _warnings(made)
        assert status == 200
        assert "expires in" in warnings[0]
        assert not any(part in text_of(message) + warnings[0] for part in key.split("."))


async def test_who_installed_the_app_is_told_once_that_the_key_of_setup_expires() -> None:
    """Whichever of two processes is first; the new one goes where the old one was entered."""
    key = key_until(END)
    async with by_click() as made, made.world.another():
        made.world.suite.token = key
        assert await made.install() == 200
        await made.connect(made.world.suite.org_id, key)
        assert _told(made.world) == []
        await made.world.pass_until(lambda: bool(_told(made.world)), seconds=9000, step_seconds=10)
        await made.world.let_pass(9000, 900)
        (message,) = _told(made.world)
        assert "/job setup" in text_of(message)
        assert "SIMPLISMART_API_TOKEN" not in text_of(message)


async def _warnings(made: World) -> tuple[int, list[str]]:
    url = f"http://127.0.0.1:{made.bot.port}/readyz"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, (await answer.json())["warnings"]
