"""A key that is tried while Simplismart is limited, broken, slow or gone: acknowledged at once, and told."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any

from pydantic import SecretStr

from bot.cards.kit import actions
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.training_suite.switches import Switches
from bot.playground.workspace import GENERAL, GRACE, ME, TRAINING
from tests.e2e.by_click import HOME, by_click
from tests.e2e.messages import text_of
from tests.e2e.test_setup import opened, sent, shown
from tests.e2e.world import JOB
from tests.handlers.shown_view import words_of_view
from tests.tables import each_row

ACK_SECONDS = 3.0
"""Slack waits so long."""
FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"rate_limited": True, "retry_after_seconds": 60}, "is limiting requests"),
    ({"server_error": True}, "has a problem"),
    ({"html": True}, "has a problem"),
    ({"html": True, "html_status": 403}, "rejected this key"),
    ({"html": True, "html_status": 502}, "has a problem"),
    ({"list_bare": True, "soft_errors": True, "server_error": True}, "has a problem"),
    ({"list_refused": True}, "doesn't know this organization"),
    ({"key_expired": True}, "rejected this key"),
    ({"down": True}, "can't be reached"),
    ({"latency_seconds": 60}, "didn't answer in time"),
]


@each_row("switches, words", FAULTS, lambda row: str(row[0]))
async def test_every_way_it_fails_is_told(switches: dict[str, Any], words: str) -> None:
    """In the window, with what to do; nothing is kept, the key is nowhere, and it can be entered again."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        view = await opened(made.world)
        made.world.suite.switches.update(switches)
        began_at = time.monotonic()
        delivery = await sent(made.world, view, made.world.suite.org_id, DEFAULT_TOKEN)
        assert delivery.ok
        assert time.monotonic() - began_at < ACK_SECONDS
        assert "Trying the key" in words_of_view(delivery.body["view"])
        assert "The result appears here" in words_of_view(delivery.body["view"])
        again = await shown(made.world, words)
        assert made.world.suite.org_id in str(again.content)
        assert DEFAULT_TOKEN not in str(again.content)
        async with made.world.stored() as store:
            assert await store.connections.connections() == []
            tries = await store.audit.entries(user_id=ME)
        assert [each.result for each in tries if each.action == "setup"] == ["failed"]
        made.world.suite.switches.update(asdict(Switches()))
        await made.world.let_pass(60)
        assert (await sent(made.world, again, made.world.suite.org_id, DEFAULT_TOKEN)).ok
        await shown(made.world, "The key works")


async def test_a_key_that_ends_later_says_who_can_enter_another() -> None:
    """The settings have none, so they aren't what to look at."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        await made.connect(made.world.suite.org_id, DEFAULT_TOKEN)
        made.world.suite.switches.update({"key_expired": True})
        told = text_of(await made.world.ask(JOB))
        assert "An admin can enter a new one with `/job setup`" in told
        assert "SIMPLISMART_API_TOKEN" not in told


async def test_a_key_of_the_settings_is_not_told_as_one_that_was_entered() -> None:
    """Nobody can enter another in Slack: who set it has to. A channel's own is entered in that channel."""
    token = SecretStr(DEFAULT_TOKEN)
    async with by_click(org_id=None, simplismart_api_token=token, allowed_workspaces=HOME) as made:
        assert await made.install() == HTTPStatus.OK
        view = await opened(made.world, "setup channel", channel_id=GENERAL)
        assert (await sent(made.world, view, made.world.suite.org_id, DEFAULT_TOKEN)).ok
        await shown(made.world, "The key works")
        made.world.suite.switches.update({"key_expired": True})
        told = text_of(await made.world.ask(JOB))
        assert "renew `SIMPLISMART_API_TOKEN`" in told
        assert "setup" not in told
        told = text_of(await made.world.ask(JOB, GENERAL))
        assert "An admin can enter a new one by typing `/job setup channel` in it" in told
        assert "SIMPLISMART_API_TOKEN" not in told


async def test_where_a_channels_own_key_is_gone_its_window_opens() -> None:
    """It says what to type there, and [Set up] is about the channel; elsewhere it is about the workspace."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        view = await opened(made.world, "setup channel")
        assert (await sent(made.world, view, made.world.suite.org_id, DEFAULT_TOKEN)).ok
        await shown(made.world, "The key works")
        async with made.world.stored() as store:
            [kept] = await store.connections.connections()
            await store.connections.connect(replace(kept, api_key=None))
        await made.noticed()
        card = await made.world.ask(JOB)
        assert "with `/job setup channel`" in text_of(card)
        for view in made.world.workspace.views_of(ME):
            await made.world.workspace.close_view(ME, view)
        await made.world.choose(card, actions.SETUP)
        view = await shown(made.world, f"<#{TRAINING}>")
        assert (await sent(made.world, view, made.world.suite.org_id, DEFAULT_TOKEN)).ok
        await shown(made.world, "The key works")
        assert "support-tone-llama-8b" in text_of(await made.world.ask(JOB))
        elsewhere = await made.world.ask(JOB, GENERAL)
        assert "with `/job setup`." in text_of(elsewhere)
        await made.world.slash(JOB, user_id=GRACE)
        await made.world.told("support-tone-llama-8b", GRACE)


async def test_a_change_of_the_window_that_comes_late_hides_no_outcome() -> None:
    """Somebody chose who has a right and sent it at once: the field that came of the choice comes after."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        view = await opened(made.world)
        form = view.content
        made.world.suite.switches.update({"latency_seconds": 2})
        assert (await sent(made.world, view, made.world.suite.org_id, DEFAULT_TOKEN)).ok
        assert "Trying the key" in words_of_view(view.content)
        made.world.workspace.board.update_view(view, form)
        await shown(made.world, "The key works")
