"""A card in direct messages may be about a job of a channel's own organization: its buttons ask that one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.cards.kit import actions
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card import button
from bot.cards.subscriptions.finding import Unhelpful
from bot.playground.workspace.faults import Fault
from bot.playground.workspace.model import Message, User
from tests.e2e.crossing import opening
from tests.e2e.crossing.places import Crossing, Place
from tests.e2e.world import JOB

REFUSED = "Only members of"
ADA = "U0ADA00001"
_VALUES = {**dict.fromkeys(actions.ABOUT_JOBS, JOB), actions.NOT_HELPFUL: Unhelpful(JOB, "plateau").value()}
JOBS = dict(sorted(_VALUES.items(), key=lambda each: (each[0] == actions.SHARE, each)))
"""[Share] takes the card away."""


@asynccontextmanager
async def crossing(**settings: object) -> AsyncIterator[Crossing]:
    """With somebody who is in the workspace's channel, and in the one that has an organization of its own."""
    async with opening.crossing(**settings) as made:
        board = made.main.world.workspace.board
        board.users[ADA] = User(ADA, "ada", "ada")
        for place in (made.main, made.channel):
            board.channels[place.channel_id].members.add(ADA)
        yield made


def direct(place: Place) -> str:
    """Ada's direct messages with the bot."""
    return place.world.workspace.board.direct_messages(ADA).id


async def card_of(place: Place, about: str) -> Message:
    """The card of what its resident subscribes to in direct messages, asked for in the place's channel."""
    world, before = place.world, len(place.world.workspace.messages(direct(place)))
    assert (await world.slash(f"subscribe {about} dm", place.channel_id, ADA)).ok
    card = await world.next_message(direct(place), before)
    await world.let_pass(4, 4)
    return card


async def press(made: Crossing, place: Place, message: Message, action_id: str, value: str) -> str:
    """All that came of it: calls and answers."""
    workspace = place.world.workspace
    for each in made.places:
        each.suite.requests.clear()
    workspace.calls.clear()
    workspace.world.answers.clear()
    shown = replace(message, blocks=[row_of([button("Press", action_id, value)])])
    assert (await workspace.click(ADA, shown, action_id)).ok
    await place.world.let_pass(2, 2)
    calls = [(each.method, each.arguments) for each in workspace.calls if each.method != "views.publish"]
    return json.dumps([calls, list(workspace.world.answers)], default=str, ensure_ascii=False)


def asked_of(place: Place) -> list[str]:
    """What the organization was asked about this one job."""
    return [each.path for each in place.suite.requests if each.query.get("request_id") == JOB]


async def leaves(place: Place) -> None:
    """Its resident is no member of the channel anymore."""
    place.world.workspace.board.channels[place.channel_id].members.discard(ADA)


async def same_of_both(made: Crossing) -> tuple[Message, Message]:
    """The resident's cards of the job of that ID in each organization, one after the other."""
    return await card_of(made.channel, JOB), await card_of(made.main, JOB)


async def test_every_button_about_a_job_asks_its_organization() -> None:
    """Also once its subscription has ended, and beside a card of the workspace's job of that ID."""
    async with crossing() as made:
        main, channel = made.main, made.channel
        theirs, ours = await same_of_both(made)
        for action_id, value in JOBS.items():
            for card, place, other in ((theirs, channel, main), (ours, main, channel)):
                got = await press(made, channel, card, action_id, value)
                assert f"{other.word}-job" not in got, (action_id, got)
                assert asked_of(other) == [], action_id
                if action_id != actions.NOT_HELPFUL:  # says nothing of the job
                    assert f"{place.word}-job" in got, (action_id, got)
        async with main.world.stored() as store:
            left = await store.subscriptions.followed(main.team_id, direct(channel), ADA)
        assert [each for each in left if each.subscription.channel_id == direct(channel)] == []


async def test_a_button_in_what_only_the_presser_sees() -> None:
    """[Subscribe] there opens a window, and what is sent in it is about that organization's job too."""
    async with crossing() as made:
        main, channel = made.main, made.channel
        card = await card_of(channel, JOB)
        await press(made, channel, card, actions.UNSUBSCRIBE, JOB)
        private = replace(card, ephemeral_to=ADA)
        channel.world.workspace.board.channels[direct(channel)].messages[card.ts].ephemeral_to = ADA
        assert "cedar-job" in await press(made, channel, private, actions.SUBSCRIBE, JOB)
        [view] = [
            each
            for each in channel.world.workspace.views_of(ADA)
            if each.content.get("callback_id") == actions.SUBSCRIBE
        ]
        chosen = {"which": {"which": {"selected_option": {"value": "final"}}}}
        assert (await channel.world.workspace.submit_view(ADA, view, chosen)).ok
        await channel.world.let_pass(4, 4)
        async with main.world.stored() as store:
            found = await store.subscriptions.followed(main.team_id, direct(channel), ADA)
        [again] = [each for each in found if each.subscription.channel_id == direct(channel)]
        assert again.subscription.org_id == channel.suite.org_id


_GROUPS: dict[str, Callable[[str], str]] = {
    action_id: (lambda _id: "cedar-sweep-0 cedar-sweep-1")
    if action_id == actions.GROUP_COMPARE
    else (lambda subscription_id: subscription_id)
    for action_id in actions.ABOUT_GROUPS
}


async def _group(made: Crossing) -> tuple[Message, str]:
    """A card of the group in direct messages, and the subscription's ID."""
    place = made.channel
    card = await card_of(place, f"name:{place.word}-sweep-*")
    async with made.main.world.stored() as store:
        found = await store.subscriptions.followed(place.team_id, direct(place), ADA)
    [one] = [each.subscription.id for each in found if each.subscription.channel_id == direct(place)]
    return card, one


@pytest.mark.parametrize("action_id", sorted(actions.ABOUT_GROUPS))
async def test_every_button_of_a_groups_card(action_id: str) -> None:
    """Its jobs as they are now, side by side, and what somebody gets."""
    async with crossing() as made:
        place = made.channel
        card, one = await _group(made)
        value = _GROUPS[action_id](one)
        started = place.world.clock.now().isoformat()
        place.suite.set("new", experiment_name="cedar-sweep-new", status="RUNNING", created_at=started)
        await place.world.let_pass(60, 6)
        got = await press(made, place, card, action_id, value)
        assert "cedar-sweep" in got
        assert not [each for each in made.main.suite.requests if "sweep" in each.query.get("request_id", "")]
        if action_id == actions.GROUP_REFRESH:
            assert "3 running" in got
        await leaves(place)
        refused = await press(made, place, card, action_id, value)
        assert REFUSED in refused
        assert "cedar-sweep" not in refused


async def test_what_is_chosen_in_a_groups_window() -> None:
    """It changes that group, and begins none of that name in the workspace's organization."""
    async with crossing() as made:
        place = made.channel
        card, one = await _group(made)
        await press(made, place, card, actions.GROUP_CHANGE, one)
        workspace = place.world.workspace
        [view] = [
            each for each in workspace.views_of(ADA) if each.content.get("callback_id") == actions.SUBSCRIBE
        ]
        chosen = {"which": {"which": {"selected_option": {"value": "final"}}}}
        assert (await workspace.submit_view(ADA, view, chosen)).ok
        await place.world.let_pass(4, 4)
        async with made.main.world.stored() as store:
            found = await store.subscriptions.followed(place.team_id, direct(place), ADA)
        there = [each.subscription for each in found if each.subscription.channel_id == direct(place)]
        assert [(each.id, each.mode.value) for each in there] == [(one, "final")]


async def test_who_is_no_member_anymore_is_told_so_and_can_leave() -> None:
    """Every action asks anew; nothing of the job is shown, and updates can be ended all the same."""
    async with crossing() as made:
        main, channel = made.main, made.channel
        card = await card_of(channel, JOB)
        await leaves(channel)
        for action_id, value in JOBS.items():
            got = await press(made, channel, card, action_id, value)
            assert asked_of(channel) == asked_of(main) == [], action_id
            if action_id == actions.UNSUBSCRIBE:  # the card says that updates ended
                assert "unsubscribed" in got.lower()
            else:
                assert REFUSED in got, (action_id, got)
                assert "cedar-job" not in got, action_id
        async with main.world.stored() as store:
            left = await store.subscriptions.followed(main.team_id, direct(channel), ADA)
            trail = await store.audit.entries(user_id=ADA)
        assert [each for each in left if each.subscription.channel_id == direct(channel)] == []
        denied = [each for each in trail if each.result == "denied"]
        assert {each.subject for each in denied} >= set(JOBS) - {actions.UNSUBSCRIBE}


async def test_without_the_permission_to_see_members_it_is_said() -> None:
    """Nobody knows who may see it, and so nobody does."""
    async with crossing() as made:
        place = made.channel
        card = await card_of(place, JOB)
        method = "conversations.members"
        place.world.workspace.faults.standing = Fault("refused", method, code="missing_scope")
        got = await press(made, place, card, actions.METRICS, JOB)
        assert "channels:read" in got
        assert "cedar-job" not in got


async def test_an_organization_that_is_connected_to_no_channel_anymore() -> None:
    """Where another one is connected to the channel, nobody can ask about the job."""
    async with crossing() as made:
        place = made.channel
        card = await card_of(place, JOB)
        async with made.main.world.stored() as store:
            [connected] = [
                each for each in await store.connections.connections() if each.channel_id == place.channel_id
            ]
            await store.connections.connect(replace(connected, api_key=None))
        await place.world.let_pass(4, 4)
        got = await press(made, place, card, actions.METRICS, JOB)
        assert "isn't connected" in got
        assert asked_of(made.main) == []
