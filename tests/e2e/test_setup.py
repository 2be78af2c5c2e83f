"""`setup`, from the first window to a key that works: who may, what is kept, and what nobody is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from structlog.testing import capture_logs

from bot.cards.kit import actions
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.workspace import DM, GENERAL, GRACE, ME, TRAINING, Delivery, View
from bot.playground.workspace.oauth.grants import Approval
from tests.e2e.by_click import HOME, ByClick, by_click
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import JOB, World, world
from tests.handlers.shown_view import words_of_view


def typed(org_id: str = "", key: str = "") -> dict[str, Any]:
    """As ``state.values``."""
    return {name: {name: {"value": value}} for name, value in (("org", org_id), ("key", key))}


async def opened(made: World, text: str = "setup", user_id: str = ME, channel_id: str = TRAINING) -> View:
    """The window, once it is filled."""
    for view in made.workspace.views_of(user_id):
        await made.workspace.close_view(user_id, view)
    assert (await made.slash(text, channel_id, user_id)).ok
    return await shown(made, "", user_id, is_not="One moment")


async def shown(made: World, words: str, user_id: str = ME, is_not: str = "\0") -> View:
    """The open window with these words."""

    def there() -> View | None:
        views = made.workspace.views_of(user_id)
        fits = (each for each in views if words in words_of_view(each.content))
        return next((each for each in fits if is_not not in words_of_view(each.content)), None)

    return await made.soon(there)


async def sent(made: World, view: View, org_id: str, key: str, user_id: str = ME) -> Delivery:
    """Fill it in and press [Save]."""
    return await made.workspace.submit_view(user_id, view, typed(org_id, key))


async def _trail(made: ByClick) -> list[tuple[str, str, str, str]]:
    async with made.world.stored() as store:
        return [
            (each.user_id, each.action, each.subject, each.result) for each in await store.audit.entries()
        ]


async def test_a_key_is_tried_sealed_and_counts_at_once() -> None:
    """Shown is who set it and when, and nothing of it is anywhere in the open."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        org_id = made.world.suite.org_id
        with capture_logs() as logs:
            view = await opened(made.world)
            assert "No organization is connected" in words_of_view(view.content)
            assert (await sent(made.world, view, org_id, DEFAULT_TOKEN)).ok
            await shown(made.world, "The key works")
            assert "support-tone-llama-8b" in text_of(await made.world.ask(JOB))
            again = words_of_view((await opened(made.world)).content)
        assert "Key set on" in again
        assert f"<@{ME}>" in again
        assert org_id in again
        assert DEFAULT_TOKEN not in str(logs)
        assert all(DEFAULT_TOKEN not in str(call.arguments) for call in made.world.workspace.calls)
        async with made.world.stored() as store:
            (kept,) = await store.connections.connections()
            assert DEFAULT_TOKEN not in str(await store.stored_data.of_team(HOME))
        assert (kept.org_id, kept.team_id, kept.channel_id, kept.set_by) == (org_id, HOME, "", ME)
        assert kept.api_key is not None
        assert DEFAULT_TOKEN not in kept.api_key
        assert (ME, "setup", org_id, "done") in await _trail(made)


async def test_a_key_that_does_not_work_is_not_kept() -> None:
    """The window says why, keeps the organization that was typed, and never shows the key."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        view = await opened(made.world)
        delivery = await sent(made.world, view, made.world.suite.org_id, "not-a-key")
        assert delivery.ok
        again = await shown(made.world, "rejected this key")
        assert made.world.suite.org_id in str(again.content)
        assert "not-a-key" not in str(again.content)
        assert (await sent(made.world, again, "another-org", DEFAULT_TOKEN)).ok
        await made.world.soon(lambda: "another-org" in str(made.world.workspace.views_of(ME)) or None)
        async with made.world.stored() as store:
            assert await store.connections.connections() == []


async def test_what_is_wrong_at_first_sight_is_said_at_once() -> None:
    """Without asking anybody, in the field."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        view = await opened(made.world)
        delivery = await sent(made.world, view, "", DEFAULT_TOKEN)
        assert delivery.body["errors"] == {"org": "Which organization is this key for?"}
        delivery = await sent(made.world, view, "two words", "a key")
        assert set(delivery.body["errors"]) == {"org", "key"}
        delivery = await sent(made.world, view, made.world.suite.org_id, "")
        await shown(made.world, "needs a key of its own")


async def test_a_channel_has_an_organization_of_its_own() -> None:
    """Until it is cleared; other channels stay with the workspace's."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        view = await opened(made.world, "setup channel")
        assert (await sent(made.world, view, made.world.suite.org_id, DEFAULT_TOKEN)).ok
        await shown(made.world, "The key works")
        assert "support-tone-llama-8b" in text_of(await made.world.ask(JOB))
        assert "Not set up yet" in text_of(await made.world.ask(JOB, GENERAL))
        view = await opened(made.world, "setup channel")
        assert (await sent(made.world, view, "", "")).ok
        await shown(made.world, "Saved")
        assert "Not set up yet" in text_of(await made.world.ask(JOB))


async def test_who_may_not_is_told_who_can() -> None:
    """Also with somebody else's window, and each try is recorded."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        denied = await opened(made.world, user_id=GRACE)
        assert "Only an admin of this workspace can set up jobbot." in words_of_view(denied.content)
        await made.world.workspace.close_view(GRACE, denied)
        forged = made.world.workspace.board.open_view(GRACE, (await opened(made.world)).content)
        assert (await sent(made.world, forged, made.world.suite.org_id, DEFAULT_TOKEN, GRACE)).ok
        await shown(made.world, "Only an admin", GRACE)
        async with made.world.stored() as store:
            assert await store.connections.connections() == []
        tries = [each for each in await _trail(made) if each[0] == GRACE]
        assert [each[1:] for each in tries] == [("setup", "", "denied")] * 2


async def test_without_the_scope_it_is_whoever_installed_the_app() -> None:
    """Slack doesn't say then who is an admin."""
    async with by_click() as made:
        assert (
            await made.install_for(Approval(HOME, ME, frozenset({"commands", "chat:write"}))) == HTTPStatus.OK
        )
        view = await opened(made.world)
        assert "No organization is connected" in words_of_view(view.content)
        denied = await opened(made.world, user_id=GRACE)
        assert f"Only <@{ME}> can set up jobbot." in words_of_view(denied.content)


async def test_a_mention_offers_the_window() -> None:
    """No window opens from words: a button does it, and asks again who presses."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        bot = made.world.workspace.identity.bot_user_id
        await made.world.workspace.say(TRAINING, ME, f"<@{bot}> setup channel")
        card = await made.world.told("Set up jobbot for")
        await made.world.choose(card, actions.SETUP)
        view = await shown(made.world, f"<#{TRAINING}>")
        assert "API key" in str(view.content)


async def test_whoever_asks_first_is_told_what_is_missing() -> None:
    """Who may gets the button to the window, which asks again who presses it; others read whom to ask."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        card = await made.world.ask(JOB)
        assert "Connect one here" in text_of(card)
        await made.world.slash(JOB, user_id=GRACE)
        denied = await made.world.told("Not set up yet", GRACE)
        assert f"Ask <@{ME}> to type" in text_of(denied)
        assert not has_button(denied, actions.SETUP)
        await made.world.workspace.click(GRACE, replace(card, ephemeral_to=GRACE), actions.SETUP)
        await shown(made.world, f"Ask <@{ME}>.", GRACE)
        await made.world.choose(card, actions.SETUP)
        await shown(made.world, "No organization is connected")


async def test_what_everybody_reads_offers_setup_to_nobody() -> None:
    """It says what to type; in direct messages with the bot nobody else reads."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        card = await made.world.mention(JOB)
        assert "You can connect one with `/job setup`" in text_of(card)
        assert not has_button(card, actions.SETUP)
        await made.world.workspace.say(DM, ME, JOB)
        assert has_button(await made.world.next_message(DM, 1), actions.SETUP)


async def test_home_and_help_offer_setup_to_whoever_may() -> None:
    """By the same decision, which is made anew when Home is drawn."""
    async with by_click() as made:
        assert await made.install() == HTTPStatus.OK
        homes = made.world.workspace.board.homes
        for user_id, may in ((ME, True), (GRACE, False)):
            await made.world.workspace.open_home(user_id)
            home = await made.world.soon(lambda user_id=user_id: homes.get(user_id))  # type: ignore[misc]
            assert (f'"{actions.SETUP}"' in json.dumps(home.content)) == may
            assert (f"Ask <@{ME}>" in json.dumps(home.content)) != may
            await made.world.slash("help", user_id=user_id)
            help_ = await made.world.told("Ask in your own words", user_id)
            await made.world.workspace.click(user_id, help_, actions.HELP_MORE)
            commands = text_of(await made.world.told("Ask about a training job", user_id))
            assert ("/job setup [channel]" in commands) == may
            assert ("To change how jobbot is set up, ask" in commands) != may


async def test_the_settings_organization_is_shown_and_stays() -> None:
    """With one workspace by token."""
    async with world("http") as made:
        view = await opened(made)
        assert "come from the bot's settings" in words_of_view(view.content)
        assert made.suite.org_id in words_of_view(view.content)
        assert "API key" not in str(view.content)
