"""The window of `setup` as it changes: each right with its own people and group, and what lets nobody in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.permissions.policies import PlaceSettings, Right, Who
from bot.domain.ports.tenants import StoredSettings
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.workspace import GRACE, LINUS, ME, View
from tests.e2e.by_click import by_click
from tests.e2e.messages import text_of
from tests.e2e.test_rights import chosen
from tests.e2e.test_setup import opened, sent, shown
from tests.e2e.world import JOB, World, world
from tests.handlers.shown_view import words_of_view


def fields_of(view: View) -> dict[str, dict[str, Any]]:
    """The fields of the window, by name."""
    return {each["block_id"]: each["element"] for each in view.content["blocks"] if each["type"] == "input"}


async def choose(made: World, view: View, right: Right, who: str, values: Mapping[str, Any]) -> None:
    """Choose in a menu of the open window, in which these values stand."""
    name = f"who.{right.value}"
    view.values = {**values, name: {name: {"selected_option": {"value": who}}}}
    delivery = await made.workspace.click(view.user_id, view, name, value=who)
    assert delivery.ok


async def grown(made: World, view: View, field: str) -> dict[str, dict[str, Any]]:
    """The fields, as soon as this one is there."""
    return await made.soon(lambda: found if field in (found := fields_of(view)) else None)


async def kept(made: World, settings: PlaceSettings) -> None:
    """As another admin set it."""
    async with made.stored() as store:
        team_id = made.workspace.identity.team_id
        await store.settings.set_settings(StoredSettings(team_id, "", settings, LINUS, made.clock.now()))


async def stored(made: World) -> PlaceSettings:
    """What is set."""
    async with made.stored() as store:
        (found,) = await store.settings.all_settings()
        return found.settings


async def test_a_choice_brings_its_own_field() -> None:
    """What is chosen elsewhere in the window stays, each right keeps its own, and it's shown again."""
    async with world("http") as made:
        made.workspace.board.groups |= {"S0ONCALL": {GRACE}, "S0RESEARCH": {ME}}
        made.workspace.board.group_handles["S0ONCALL"] = "ml-oncall"
        view = await opened(made)
        assert not [each for each in fields_of(view) if each.startswith(("people", "group"))]
        await choose(made, view, Right.SUBSCRIBE, "people", {})
        await grown(made, view, "people.subscribe")
        values = chosen((GRACE,), who_subscribe="people")
        await choose(made, view, Right.COST, "group", values)
        fields = await grown(made, view, "group.cost")
        assert fields["people.subscribe"]["initial_users"] == [GRACE]
        options = [each["text"]["text"] for each in fields["group.cost"]["options"]]
        assert options == ["@ml-oncall", "@s0research"]
        group = {"group.cost": {"group.cost": {"selected_option": {"value": "S0ONCALL"}}}}
        who = chosen((GRACE,), who_subscribe="people", who_cost="group")
        assert (await made.workspace.submit_view(ME, view, who | group)).ok
        await shown(made, "Saved")
        settings = await stored(made)
        assert settings.people == {Right.SUBSCRIBE: (GRACE,)}
        assert settings.groups == {Right.COST: "S0ONCALL"}
        fields = fields_of(await opened(made))
        assert fields["people.subscribe"]["initial_users"] == [GRACE]
        assert fields["group.cost"]["initial_option"]["value"] == "S0ONCALL"
        assert "people.cost" not in fields


async def test_a_list_is_kept_while_somebody_else_has_the_right() -> None:
    """It comes back with the choice."""
    async with world("http") as made:
        people = {Right.SUBSCRIBE: (GRACE,)}
        await kept(made, PlaceSettings({Right.SUBSCRIBE: Who.PEOPLE}, people))
        view = await opened(made)
        assert (await made.workspace.submit_view(ME, view, chosen(who_subscribe="everyone"))).ok
        await shown(made, "Saved")
        assert (await stored(made)).who[Right.SUBSCRIBE] is Who.EVERYONE
        view = await opened(made)
        await choose(made, view, Right.SUBSCRIBE, "people", {})
        fields = await grown(made, view, "people.subscribe")
        assert fields["people.subscribe"]["initial_users"] == [GRACE]


async def test_a_choice_whose_field_did_not_come_is_asked_for() -> None:
    """The window was sent before it had grown: nothing is saved, and it comes back with the field."""
    async with world("http") as made:
        view = await opened(made)
        who = {"who.cost": {"who.cost": {"selected_option": {"value": "people"}}}}
        assert (await made.workspace.submit_view(ME, view, who)).ok
        again = await shown(made, "choose who")
        assert "people.cost" in fields_of(again)
        async with made.stored() as store:
            assert await store.settings.all_settings() == []


async def test_without_the_scope_for_groups_the_window_says_so() -> None:
    """It can be set all the same, and lets nobody in; whoever tries is told why."""
    async with world("http") as made:
        made.workspace.scopes.discard("usergroups:read")
        view = await opened(made)
        await choose(made, view, Right.SUBSCRIBE, "group", {})
        fields = await grown(made, view, "group.subscribe")
        assert fields["group.subscribe"]["type"] == "plain_text_input"
        assert "`usergroups:read`" in words_of_view(view.content)
        group = {"group.subscribe": {"group.subscribe": {"value": "S0ONCALL"}}}
        assert (await made.workspace.submit_view(ME, view, chosen(who_subscribe="group") | group)).ok
        await shown(made, "Saved")
        assert "lacks the permission `usergroups:read`" in text_of(await made.ask(f"subscribe {JOB}"))


async def test_a_deleted_group_lets_nobody_in() -> None:
    """Whoever tries is told so, and the window has it."""
    async with world("http") as made:
        made.workspace.board.groups["S0OTHER"] = {ME}
        await kept(made, PlaceSettings({Right.SUBSCRIBE: Who.GROUP}, groups={Right.SUBSCRIBE: "S0GONE"}))
        await made.let_pass(4, steps=4)
        denied = text_of(await made.ask(f"subscribe {JOB}"))
        assert "Nobody can subscribe to jobs in this channel" in denied
        assert "doesn't exist anymore" in denied
        view = await opened(made)
        assert "doesn't exist anymore" in words_of_view(view.content)
        assert "initial_option" not in fields_of(view)["group.subscribe"]


async def test_a_hundred_people_are_one_list_and_five_hundred_none() -> None:
    """It says what to do instead, and cuts nobody off."""
    async with world("http") as made:
        view = await opened(made)
        many = tuple(f"U0{number:05d}" for number in range(500))
        refused = await made.workspace.submit_view(ME, view, chosen(many, who_cost="people"))
        assert refused.body["errors"] == {"people.cost": "At most 100 people: use a user group for more."}
        await kept(made, PlaceSettings({Right.SUBSCRIBE: Who.PEOPLE}, {Right.SUBSCRIBE: many}))
        await made.let_pass(4, steps=4)
        assert "and 480 more" in text_of(await made.ask(f"subscribe {JOB}"))
        await opened(made)


async def test_rights_are_asked_again_while_the_window_is_open() -> None:
    """A choice shows nothing to somebody who was an admin when it opened, and saves nothing."""
    async with world("http") as made:
        view = await opened(made)
        users = made.workspace.board.users
        await kept(made, PlaceSettings(people={Right.COST: (LINUS,)}))
        before = users[ME]
        users[ME] = type(before)(before.id, before.name, before.real_name)
        await choose(made, view, Right.COST, "people", {})
        denied = await shown(made, "can set up jobbot")
        assert LINUS not in str(denied.content["blocks"]).replace(f"Ask <@{LINUS}>", "")
        assert (await made.workspace.submit_view(ME, denied, chosen(who_cost="everyone"))).ok
        assert (await stored(made)).who == {}
        async with made.stored() as store:
            tries = await store.audit.entries(user_id=ME)
        assert {each.result for each in tries} == {"denied"}


async def test_a_key_that_is_typed_stays_where_it_is() -> None:
    """The window that comes with a choice has no key, and no call of the bot's does."""
    async with by_click() as made:
        await made.install()
        view = await opened(made.world)
        key = {"key": {"key": {"value": DEFAULT_TOKEN}}}
        await choose(made.world, view, Right.COST, "people", key)
        await grown(made.world, view, "people.cost")
        assert all(DEFAULT_TOKEN not in str(call.arguments) for call in made.world.workspace.calls)


async def test_a_window_that_is_sent_twice_counts_once() -> None:
    """Slack repeats what it thinks was lost; somebody whose click seemed to be lost clicks again."""
    async with by_click() as made:
        await made.install()
        view = await opened(made.world)
        content = view.content
        first = await sent(made.world, view, made.world.suite.org_id, DEFAULT_TOKEN)
        again = await made.world.workspace.send_again(first)
        assert again.body == first.body
        await shown(made.world, "The key works")
        view.content = content
        await sent(made.world, view, made.world.suite.org_id, DEFAULT_TOKEN)
        await shown(made.world, "The key works")
        async with made.world.stored() as store:
            assert len(await store.connections.connections()) == 1
            done = [each for each in await store.audit.entries() if each.action == "setup"]
        assert len(done) == 2
