"""One installation for the workspaces of an Enterprise Grid organization, each set up for itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from http import HTTPStatus

from bot.cards.kit import actions
from bot.playground.workspace import GENERAL, GRACE, ME, TRAINING
from bot.playground.workspace.oauth.grants import Approval
from tests.e2e.by_click import HOME, ByClick, by_click
from tests.e2e.messages import text_of
from tests.e2e.test_by_click import GRID, SCOPES
from tests.e2e.test_rights import chosen
from tests.e2e.test_setup import opened, shown
from tests.e2e.world import JOB
from tests.handlers.shown_view import words_of_view

OTHER = "T0OTHERONE"


@asynccontextmanager
async def org_wide() -> AsyncIterator[ByClick]:
    """Installed by somebody who is no admin of any of its workspaces."""
    async with by_click() as made:
        workspace = made.world.workspace
        workspace.world.identity = replace(workspace.identity, enterprise_id=GRID)
        assert await made.install_for(Approval(HOME, ME, SCOPES, GRID, is_org_wide=True)) == HTTPStatus.OK
        workspace.board.users[ME] = replace(workspace.board.users[ME], is_admin=False)
        yield made


@contextmanager
def in_the_other_one(made: ByClick) -> Iterator[None]:
    """What people do meanwhile happens in the organization's other workspace."""
    world = made.world.workspace.world
    before, world.identity = world.identity, replace(world.identity, team_id=OTHER)
    yield
    world.identity = before


async def saved(made: ByClick, text: str = "setup", **menus: str) -> str:
    """Through the window; its words."""
    view = await opened(made.world, text)
    said = words_of_view(view.content)
    delivery = await made.world.workspace.submit_view(ME, view, chosen((GRACE,), **menus))
    assert delivery.ok
    await shown(made.world, "Saved")
    return said


async def test_a_setting_counts_in_the_workspace_in_which_it_was_made() -> None:
    """The window says so, whoever installed the app can make one in each, and none reaches the other."""
    async with org_wide() as made:
        said = await saved(made, who_subscribe="people")
        assert "count in this workspace only" in said
        assert f"Only <@{GRACE}> can" in text_of(await made.world.ask(f"subscribe {JOB}", GENERAL))
        with in_the_other_one(made):
            assert "Not set up yet" in text_of(await made.world.ask(f"subscribe {JOB}", GENERAL))
            await saved(made, who_subscribe="everyone", who_channels="people")
            assert f"Only <@{GRACE}> can" in text_of(await made.world.ask("feed on", GENERAL))
        assert f"Only <@{GRACE}> can" in text_of(await made.world.ask(f"subscribe {JOB}", GENERAL))
        async with made.world.stored() as store:
            found = {each.team_id: each.enterprise_id for each in await store.settings.all_settings()}
        assert found == {HOME: GRID, OTHER: GRID}


async def test_a_mention_and_a_button_count_where_they_happen() -> None:
    """As a slash command does."""
    async with org_wide() as made:
        await saved(made, who_channels="people", who_subscribe="people")
        bot = made.world.workspace.identity.bot_user_id
        for line, deed in (("feed on", "turn feeds"), (f"subscribe {JOB}", "subscribe")):
            await made.world.workspace.say(TRAINING, ME, f"<@{bot}> {line}")
            await made.world.told(f"Only <@{GRACE}> can {deed}")
        with in_the_other_one(made):
            asked = await made.world.mention(f"subscribe {JOB}")
            assert "Only" not in text_of(asked)


async def test_a_channels_settings_count_for_all_who_share_it() -> None:
    """Whichever workspace they are in."""
    async with org_wide() as made:
        await saved(made, "setup channel", who_subscribe="people")
        with in_the_other_one(made):
            assert f"Only <@{GRACE}> can" in text_of(await made.world.ask(f"subscribe {JOB}", TRAINING))
            assert "Not set up yet" in text_of(await made.world.ask(f"subscribe {JOB}", GENERAL))


async def test_a_window_keeps_to_the_workspace_in_which_it_was_opened() -> None:
    """Also where it is sent from another."""
    async with org_wide() as made:
        view = await opened(made.world)
        with in_the_other_one(made):
            assert (await made.world.workspace.submit_view(ME, view, chosen(who_cost="everyone"))).ok
            await shown(made.world, "Saved")
        async with made.world.stored() as store:
            (found,) = await store.settings.all_settings()
        assert found.team_id == HOME


async def test_an_admin_of_another_workspace_is_none_of_this_one() -> None:
    """Who was one where the window was opened can't send it from where they still are."""
    async with org_wide() as made:
        users = made.world.workspace.board.users
        users[GRACE] = replace(users[GRACE], is_admin=True)
        view = await opened(made.world, user_id=GRACE)
        with in_the_other_one(made):
            assert (await made.world.workspace.submit_view(GRACE, view, chosen(who_cost="everyone"))).ok
            await shown(made.world, "Only an admin of this workspace", GRACE)
        async with made.world.stored() as store:
            assert await store.settings.all_settings() == []


async def test_home_offers_setup_in_the_workspace_in_which_it_is_opened() -> None:
    """To its admin, also once they press [Refresh]; opened in another one it says whom to ask."""
    async with org_wide() as made:
        workspace = made.world.workspace
        workspace.board.users[GRACE] = replace(workspace.board.users[GRACE], is_admin=True)
        looked = await workspace.open_home(GRACE)
        await made.world.soon(lambda: f'"{actions.SETUP}"' in _home(made, GRACE) or None)
        assert looked.envelope is not None
        elsewhere = json.loads(json.dumps(looked.envelope.payload).replace(HOME, OTHER))
        assert (await workspace.deliver_event(elsewhere | {"event_id": "Ev0ELSEWHERE"})).ok
        await made.world.soon(lambda: f'"{actions.SETUP}"' not in _home(made, GRACE) or None)
        assert "Ask" in _home(made, GRACE)
        assert (await workspace.click(GRACE, workspace.board.homes[GRACE], actions.REFRESH_HOME)).ok
        await made.world.soon(lambda: f'"{actions.SETUP}"' in _home(made, GRACE) or None)


def _home(made: ByClick, user_id: str) -> str:
    home = made.world.workspace.board.homes.get(user_id)
    return "" if home is None else json.dumps(home.content)
