"""Cards in direct messages where one installation serves several workspaces."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from pydantic import SecretStr

from bot.cards.kit import actions
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card import button
from bot.domain.ports import Connection, SecretKind
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.workspace import DM, ME, ML_OPS, TRAINING
from bot.playground.workspace.model import Message
from bot.tenants.sealing import Sealer
from tests.e2e.by_click import HOME, KEY, ByClick
from tests.e2e.messages import text_of
from tests.e2e.test_by_click import GRID
from tests.e2e.test_grid import OTHER, in_the_other_one, org_wide
from tests.e2e.world import JOB

NAME = "support-tone-llama-8b"
WHOLE = ((HOME, "", "org-home"), (OTHER, "", "org-other"))
"""The workspaces' own organizations, which nothing here may be asked of."""


async def _connect(made: ByClick, *places: tuple[str, str, str]) -> None:
    async with made.world.stored() as store:
        for team_id, channel_id, org_id in places:
            key = Sealer([KEY]).seal(SecretKind.API_KEY, org_id, SecretStr(DEFAULT_TOKEN))
            now = made.world.clock.now()
            await store.connections.connect(Connection(team_id, channel_id, GRID, org_id, key, ME, now))
    await made.noticed()


@asynccontextmanager
async def grid() -> AsyncIterator[tuple[ByClick, Message]]:
    """Channels of both workspaces have the same organization; and a card of a job of one of them."""
    async with org_wide() as made:
        theirs = made.world.suite.org_id
        await _connect(made, *WHOLE, (OTHER, TRAINING, theirs), (HOME, ML_OPS, theirs))
        made.world.workspace.board.channels[ML_OPS].members.add(ME)
        yield made, await _card(made, ML_OPS)


async def _card(made: ByClick, channel_id: str) -> Message:
    """In direct messages, asked for in the channel."""
    world = made.world
    before = len(world.workspace.messages(DM))
    assert (await world.slash(f"subscribe {JOB} dm", channel_id)).ok
    await world.let_pass(4, 4)
    return world.workspace.messages(DM)[before]


async def _press(made: ByClick, card: Message, action_id: str) -> str:
    """What came of it, and with whom."""
    world = made.world
    world.suite.requests.clear()
    world.workspace.world.answers.clear()
    world.workspace.calls.clear()
    shown = replace(card, blocks=[row_of([button("Press", action_id, JOB)])])
    assert (await world.workspace.click(ME, shown, action_id)).ok
    await world.let_pass(2, 2)
    return str(world.workspace.world.answers)


def _asked(made: ByClick) -> set[str]:
    return {each.query["org_id"] for each in made.world.suite.requests}


async def _left(made: ByClick) -> list[str]:
    async with made.world.stored() as store:
        return [
            each.subscription.id
            for team_id in (HOME, OTHER, GRID)
            for each in await store.subscriptions.followed(team_id, DM, ME)
            if each.is_mine
        ]


async def test_a_press_asks_the_cards_organization() -> None:
    """Also where it comes as that of another workspace of the same installation."""
    async with grid() as (made, card):
        theirs = made.world.suite.org_id
        assert NAME in await _press(made, card, actions.REFRESH)
        assert _asked(made) == {theirs}
        with in_the_other_one(made):
            assert NAME in await _press(made, card, actions.REFRESH)
            assert _asked(made) == {theirs}


async def test_unsubscribing_there() -> None:
    """By the button, from either workspace."""
    for is_elsewhere in (False, True):
        async with grid() as (made, card):
            assert await _left(made)
            if is_elsewhere:
                with in_the_other_one(made):
                    await _press(made, card, actions.UNSUBSCRIBE)
            else:
                await _press(made, card, actions.UNSUBSCRIBE)
            assert await _left(made) == [], is_elsewhere


async def test_a_member_of_the_other_workspaces_channel_alone() -> None:
    """The organization is that channel's too; who is in neither is told so, and can leave."""
    async with grid() as (made, card):
        channels = made.world.workspace.board.channels
        channels[ML_OPS].members.discard(ME)
        assert NAME in await _press(made, card, actions.REFRESH)
        assert _asked(made) == {made.world.suite.org_id}
        channels[TRAINING].members.discard(ME)
        with in_the_other_one(made):
            assert "Only members of" in await _press(made, card, actions.REFRESH)
            assert _asked(made) == set()
            await _press(made, card, actions.UNSUBSCRIBE)
        assert await _left(made) == []


async def test_a_channel_that_has_another_organization_in_each_workspace() -> None:
    """Each workspace set it for itself: never is the other one's asked."""
    async with org_wide() as made:
        theirs = made.world.suite.org_id
        await _connect(made, *WHOLE, (OTHER, ML_OPS, theirs), (HOME, ML_OPS, "org-fourth"))
        made.world.workspace.board.channels[ML_OPS].members.add(ME)
        with in_the_other_one(made):
            card = await _card(made, ML_OPS)
            assert NAME in await _press(made, card, actions.REFRESH)
            assert _asked(made) == {theirs}
        assert NAME in await _press(made, card, actions.REFRESH)
        assert _asked(made) == {theirs}


async def test_what_is_another_workspaces_own_is_not_asked_of_this_one() -> None:
    """It is said where it belongs, in that card's thread too; it can be left from everywhere."""
    async with org_wide() as made:
        world = made.world
        await _connect(made, (HOME, "", world.suite.org_id), (OTHER, "", "org-other"))
        card = await _card(made, TRAINING)
        with in_the_other_one(made):
            assert "another workspace" in await _press(made, card, actions.REFRESH)
            assert _asked(made) == set()
            await world.workspace.say(DM, ME, "status", card.ts)
            await world.let_pass(4, 4)
            assert "another workspace" in text_of(world.workspace.messages(DM)[-1])
            await _press(made, card, actions.UNSUBSCRIBE)
            assert "another workspace" in await _press(made, card, actions.REFRESH)
            assert _asked(made) == set()
        assert await _left(made) == []
