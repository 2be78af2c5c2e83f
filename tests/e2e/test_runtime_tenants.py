"""Tenants that come, change and go while the bot runs; what runs elsewhere goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest_asyncio

from bot.playground.workspace import ME, ML_OPS, TRAINING, Message
from tests.e2e.runtime_tenants import OURS, THEIRS, Tenancy, tenancy
from tests.e2e.world import JOB, World, text_of

_LISTED_SECONDS = 120
"""The longest time from one list to the next."""


@pytest_asyncio.fixture
async def made() -> AsyncIterator[Tenancy]:
    """A fresh process for both."""
    async with tenancy() as opened:
        opened.theirs.suite.set(JOB, experiment_name="their-job")
        yield opened


def _posted(here: World, words: str = "", channel_id: str = TRAINING) -> list[Message]:
    """What everybody in the channel sees with these words."""
    said = here.workspace.messages(channel_id)
    return [one for one in said if words in text_of(one) and one.ephemeral_to is None]


async def _subscribed(here: World, channel_id: str = TRAINING) -> Message:
    await here.slash(f"watch {JOB}", channel_id)
    [card] = await here.soon(lambda: _posted(here, channel_id=channel_id) or None)
    return card


async def test_a_workspace_comes_and_goes(made: Tenancy) -> None:
    """Before and after it gets no answer; the other's subscription and its updates never notice."""
    ours, theirs = made.ours, made.theirs
    await made.write(made.workspace(ours))
    card = await _subscribed(ours)
    assert (await theirs.slash(JOB)).message is None
    await made.write_both()
    assert "their-job" in text_of(await theirs.ask(JOB))
    await _subscribed(theirs)
    await made.write(made.workspace(ours))
    assert (await theirs.slash("list")).message is None
    await ours.let_pass(60, 6)
    theirs.suite.requests.clear()
    ours.suite.set(JOB, status="FAILED", error_message="RuntimeError: only ours")
    await ours.let_pass(_LISTED_SECONDS, 6)
    await ours.changed(card, "only ours")
    assert not theirs.suite.requests


async def test_an_api_key_is_replaced(made: Tenancy) -> None:
    """The old key is dead: people are answered with the new one, and updates go on."""
    theirs = made.theirs
    await made.write_both()
    card = await _subscribed(theirs)
    theirs.suite.token = "third-token"
    await made.write_both()
    theirs.suite.set("new-one", experiment_name="new-one")
    assert "new-one" in text_of(await theirs.ask("new-one"))
    theirs.suite.set(JOB, status="FAILED", error_message="RuntimeError: with the new key")
    await theirs.let_pass(_LISTED_SECONDS, 6)
    await theirs.changed(card, "with the new key")
    assert "support-tone" in text_of(await made.ours.ask(JOB))


async def test_a_slack_token_is_rotated(made: Tenancy) -> None:
    """Slack takes the old one no more; nothing ends, and the next update goes out with the new one."""
    theirs = made.theirs
    await made.write_both()
    card = await _subscribed(theirs)
    theirs.workspace.world.identity = replace(THEIRS, bot_token="xoxb-rotated")
    await made.write_both()
    theirs.suite.set(JOB, status="FAILED", error_message="RuntimeError: with the new token")
    await theirs.let_pass(_LISTED_SECONDS, 6)
    await theirs.changed(card, "with the new token")
    async with theirs.stored() as store:
        assert len(await store.subscriptions.followed(THEIRS.team_id, TRAINING, ME)) == 1


async def test_two_organizations_in_one_workspace(made: Tenancy) -> None:
    """A channel has one of its own; everywhere else people ask the workspace's."""
    ours, theirs = made.ours, made.theirs
    await made.write(made.workspace(ours, made.organization(ours), made.organization(theirs, ML_OPS)))
    for _ in range(2):
        assert "support-tone-llama-8b" in text_of(await ours.ask(JOB))
        assert "their-job" in text_of(await ours.ask(JOB, ML_OPS))
    assert "their-job" not in text_of(await ours.ask("list"))
    await _subscribed(ours)
    await _subscribed(ours, ML_OPS)
    theirs.suite.set(JOB, status="FAILED", error_message="RuntimeError: only in the channel")
    await ours.let_pass(_LISTED_SECONDS, 6)
    await ours.soon(lambda: _posted(ours, "only in the channel", ML_OPS) or None)
    assert _posted(ours, "only in the channel") == []
    assert _posted(ours, "failed") == []


async def test_nothing_is_connected_yet(made: Tenancy) -> None:
    """Whoever asks is told so; what can't be reached costs nobody else anything."""
    ours = made.ours
    await made.write(replace(made.workspace(ours), organizations=()), made.workspace(made.theirs))
    assert "Not set up yet" in text_of(await ours.ask(JOB))
    assert "their-job" in text_of(await made.theirs.ask(JOB))
    await made.write_both()
    assert "support-tone" in text_of(await ours.ask(JOB))


async def test_ready_says_counts_and_no_names(made: Tenancy) -> None:
    """Not while nothing was read; a workspace that Slack refuses makes the process no less ready."""
    ours, theirs = made.ours, made.theirs
    await made.write_both()
    await ours.ask(JOB)
    await theirs.ask(JOB)
    await theirs.workspace.uninstall_app()
    url = f"http://127.0.0.1:{ours.bot.port}/readyz"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        said, body = await answer.text(), await answer.json()
    assert body["counts"] == {
        "workspaces": 2,
        "workspaces_refused": 1,
        "organizations": 2,
        "organizations_refused": 0,
        "tokens_not_refreshed": 0,
    }
    secrets = (OURS.team_id, THEIRS.team_id, ours.suite.org_id, "second-org", "xoxb", "second-token")
    assert not any(each in said for each in secrets)


async def test_without_the_database_tenants_stay(made: Tenancy) -> None:
    """What is known goes on being served."""
    await made.write_both()
    made.written.is_away = True
    await made.write()
    assert "their-job" in text_of(await made.theirs.ask(JOB))
    made.written.is_away = False
    await made.ours.let_pass(60, 30)
    assert (await made.theirs.slash("list")).message is None
