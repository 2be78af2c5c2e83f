"""Tenants that move, leave and are asked about by the operator: nothing of one stays with another."""

from __future__ import annotations

import json
from dataclasses import replace
from http import HTTPStatus

import pytest

from bot import OAUTH_REDIRECT_PATH
from bot.cards.kit import actions
from bot.handlers.entry.gate import MOST_UNKNOWN
from bot.playground.workspace import GRACE, ME
from bot.playground.workspace.dispatch.envelope import Envelope
from bot.playground.workspace.oauth.grants import Approval
from tests.e2e.by_click import ByClick, by_click
from tests.e2e.crossing.attacks import attacker
from tests.e2e.crossing.opening import SCOPES, crossing
from tests.e2e.crossing.places import FIRST, SECOND
from tests.e2e.messages import text_of
from tests.e2e.strangers import Sender
from tests.e2e.world import JOB, Transport
from tests.resting_loop import at_rest

_LISTED_SECONDS = 120
"""The longest time from one list to the next."""


async def test_a_channel_moves_to_another_organization() -> None:
    """What it got of the old one ends, though another workspace asks the same organization on."""
    async with crossing() as made:
        await made.connect(made.channel, made.other, made.channel.channel_id)
        async with made.main.world.stored() as store:
            ended = [await store.subscriptions.subscription(each) for each in made.channel.subscriptions]
            assert await store.feeds.feeds("cedar-org") == []
        assert all(each is not None and each.ended is not None for each in ended)
        await made.connect(made.other, made.channel)
        said = len(made.channel.posted())
        made.channel.suite.set(JOB, status="FAILED", error_message="RuntimeError: cedarwood again")
        await made.main.world.let_pass(_LISTED_SECONDS, 6)
        assert not any("again" in text_of(each) for each in made.channel.posted()[said:])
        for text in ("list", "subscriptions", JOB, "cedar-s"):
            answer = await made.main.world.ask(text, made.channel.channel_id)
            assert "cedarwood" not in text_of(answer)
            assert "cedar-job" not in text_of(answer)


async def test_a_workspace_moves_to_another_organization() -> None:
    """Its channel with one of its own stays as it is; nobody asks the old one again."""
    async with crossing() as made:
        before = await made.kept(made.channel)
        await made.connect(made.main, made.other)
        await made.main.world.let_pass(10, 10)
        made.main.suite.requests.clear()
        await made.main.world.let_pass(2 * _LISTED_SECONDS, 6)
        assert not made.main.suite.requests
        assert await made.kept(made.channel) == before
        assert "amber" not in text_of(await made.main.world.ask("subscriptions"))


async def test_one_is_forgotten_and_exported() -> None:
    """An export has nothing of the others; forgotten, the others have all that they had."""
    async with crossing() as made:
        await made.main.world.bot.stop(grace_seconds=1)
        before = [await made.kept(each) for each in (made.main, made.channel)]
        async with made.main.world.stored() as store:
            exported = json.dumps(await store.stored_data.of_team(SECOND.team_id), default=str)
            assert "birchwood" in exported
            assert not any(each in exported for each in ("amber", "cedar", *made.main.ids))
            trail = await store.audit.entries()
            of_person = await store.stored_data.of_person(made.other.resident)
            assert "amber" not in json.dumps(of_person, default=str)
            await store.upkeep.forget_team(SECOND.team_id)
            left = await store.stored_data.of_team(SECOND.team_id)
        assert "birch" not in json.dumps(left, default=str)
        assert {each.team_id for each in trail} == {FIRST.team_id, SECOND.team_id}
        assert [await made.kept(each) for each in (made.main, made.channel)] == before


async def test_an_uninstalled_workspace_ends_alone() -> None:
    """Also where the event names whose tokens were revoked."""
    async with crossing() as made:
        before = await made.kept(made.main)
        for delivery in await made.other.world.workspace.uninstall_app():
            assert delivery.ok
        async with made.main.world.stored() as store:
            assert {each.owner for each in await store.secrets.secrets()} == {
                FIRST.team_id,
                "amber-org",
                "cedar-org",
            }
        assert await made.kept(made.main) == before


async def test_health_is_the_admins_own() -> None:
    """Each workspace's admin hears how the bot is, and no names."""
    async with crossing() as made:
        for place in (made.main, made.other):
            answer = await place.world.slash("health", place.channel_id, place.resident)
            await at_rest()
            said = json.dumps(
                [answer.body, [text_of(one) for one in place.world.workspace.messages(place.channel_id)]]
            )
            others = [each for each in made.places if each.team_id != place.team_id]
            assert not any(word in said for each in others for word in (each.word, *each.ids))
            denied = await place.world.slash("health", place.channel_id, GRACE)
            assert denied.ok


async def test_whoever_is_unknown_gets_nothing() -> None:
    """Of a workspace that never installed the app; also one that says it is of ours. The trail has it."""
    async with crossing() as made:
        made.main.world.workspace.calls.clear()
        stranger = Sender(made.main.world, "T0NOBODY01", ME, home_id="T0NOBODY01")
        claims = stranger.command(JOB) | {"enterprise_id": "E0OURS0001"}
        for payload in (
            stranger.command(JOB),
            stranger.command("list"),
            claims,
            stranger.event("app_mention"),
        ):
            delivery = await stranger.send(payload)
            await at_rest()
            assert "amber" not in str(delivery.body)
        assert not made.main.world.workspace.calls
        for number in range(2 * MOST_UNKNOWN):
            team_id = f"T0NOBODY{number:02}"
            another = Sender(made.main.world, team_id, ME, home_id=team_id)
            await another.send(another.command(JOB))
        await at_rest()
        async with made.main.world.stored() as store:
            noted = [each for each in await store.audit.entries() if each.team_id.startswith("T0NOBODY")]
        assert {(each.user_id, each.action, each.result) for each in noted} == {(ME, "request", "denied")}
        assert len({each.team_id for each in noted}) == len(noted) == MOST_UNKNOWN


@pytest.mark.parametrize("transport", ["socket"])
async def test_an_envelope_of_an_unknown_workspace_is_acknowledged(transport: Transport) -> None:
    """Over a socket everything comes down one line; nothing is said, and the line stays up."""
    async with by_click(transport) as made:
        sender = Sender(made.world, "T0NOBODY01", ME, home_id="T0NOBODY01")
        delivery = await made.world.workspace.dispatcher.send(Envelope("slash_commands", sender.command(JOB)))
        assert delivery.ok
        assert not delivery.body
        assert await made.install() == HTTPStatus.OK


async def test_an_install_is_the_browsers_that_began_it() -> None:
    """Its state is good once, with its cookie; else nobody is installed."""
    async with by_click() as made:
        asked, cookie = await made.begin()
        await _refused(made, asked["state"], cookie="")
        _, another = await made.begin()
        await _refused(made, asked["state"], cookie=another)
        assert await made.install() == HTTPStatus.OK
        code = made.grants.approve(Approval(FIRST.team_id, ME, SCOPES))
        asked, cookie = await made.begin()
        address = f"{made.address}{OAUTH_REDIRECT_PATH}?code={code}&state={asked['state']}"
        assert await made.come_back(address, cookie) == HTTPStatus.OK
        assert await made.come_back(address, cookie) != HTTPStatus.OK


async def _refused(made: ByClick, state: str, cookie: str) -> None:
    code = made.grants.approve(Approval(FIRST.team_id, ME, SCOPES))
    address = f"{made.address}{OAUTH_REDIRECT_PATH}?code={code}&state={state}"
    assert await made.come_back(address, cookie) != HTTPStatus.OK
    async with made.world.stored() as store:
        assert await store.installations.installations() == []


async def test_a_rotated_token_is_used_nowhere_else() -> None:
    """Slack takes only the new one, and each workspace hears only with its own."""
    async with crossing() as made:
        space = made.other.world.workspace.world
        space.identity = replace(space.identity, bot_token=made.main.world.workspace.identity.bot_token)
        made.main.world.workspace.calls.clear()
        await made.other.world.slash(f"subscribe {JOB} dm", made.other.channel_id, GRACE)
        await made.other.world.let_pass(30, 6)
        errors = {call.answer.get("error") for call in made.other.world.workspace.calls}
        assert "invalid_auth" in errors
        assert not made.main.world.workspace.calls


async def test_a_window_is_about_the_channel_that_it_was_opened_in() -> None:
    """It offers the jobs of that channel's organization."""
    async with crossing() as made:
        sender = attacker(made.channel)
        view = sender.view(actions.PICK) | {"private_metadata": made.channel.window}
        more = {"action_id": actions.PICK, "value": "secret", "view": view}
        delivery = await sender.send(sender.interaction("block_suggestion", responds=False, **more))
        assert "cedar-secret" in str(delivery.body)
        assert "amber" not in str(delivery.body)


async def test_all_of_ones_subscriptions_end_whichever_organization_has_the_jobs() -> None:
    """Typed in another channel, which asks another organization."""
    async with crossing() as made:
        place = made.channel
        made.main.world.workspace.board.channels[made.main.channel_id].members.add(place.resident)
        assert (await made.main.world.slash("unsubscribe all", made.main.channel_id, place.resident)).ok
        await at_rest()
        async with made.main.world.stored() as store:
            assert not await store.subscriptions.followed(place.team_id, place.channel_id, place.resident)
            kept = await store.subscriptions.followed(
                made.main.team_id, made.main.channel_id, made.main.resident
            )
        assert len(kept) == 2
