"""Two tenants in one process, over one database: neither sees or touches what is the other's.

Both have the same conversations, the same people and a job of the same ID, so that whatever forgets whose
something is mixes them up.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest_asyncio
from pydantic import SecretStr
from structlog.testing import capture_logs

from bot import EVENTS_PATH
from bot.app import Application
from bot.cards.kit import actions
from bot.playground.clock import ManualClock
from bot.playground.serving import running
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import ME, ML_OPS, TRAINING, Message, Workspace
from bot.playground.workspace.identity import Identity
from bot.services import access_of
from tests.e2e.strangers import Sender
from tests.e2e.world import JOB, World, empty_database, settings_for, text_of
from tests.sqlite_file import memory_folder

OURS, THEIRS = Identity(), Identity(team_id="T0SECOND01", team_domain="second", bot_token="xoxb-second")
ERROR = "RuntimeError: stack expects each tensor to be equal size, but got [{}] at entry 0"
_LISTED_SECONDS = 120
"""The longest time from one list to the next."""

Two = tuple[World, World]


@asynccontextmanager
async def two_tenants() -> AsyncIterator[Two]:
    """One bot for both; each world is one tenant's."""
    clock = ManualClock()
    workspaces = [Workspace(clock, identity=identity) for identity in (OURS, THEIRS)]
    suites = [
        TrainingSuite(clock),
        TrainingSuite(clock, token="second-token", org_id="second-org"),
    ]
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(memory_folder())
        url = await empty_database(folder)
        settings = []
        for workspace, suite in zip(workspaces, suites, strict=True):
            servers = await stack.enter_async_context(running(workspace, suite))
            settings.append(
                settings_for(
                    workspace,
                    "http",
                    slack_api_url=servers.slack_api_url,
                    simplismart_api_url=servers.training_api_url,
                    simplismart_org_id=suite.org_id,
                    simplismart_api_token=SecretStr(suite.token),
                    database_url=url,
                )
            )
        bot = Application(settings[0], accesses=[access_of(each) for each in settings], clock=clock)
        await bot.start()
        stack.push_async_callback(bot.stop, grace_seconds=1)
        for workspace in workspaces:
            workspace.request_url = f"http://127.0.0.1:{bot.port}{EVENTS_PATH}"
            await workspace.wait_for(lambda workspace=workspace: workspace.calls_of("auth.test") or None)
        ours, theirs = (
            World(workspace, suite, clock, bot, values)
            for workspace, suite, values in zip(workspaces, suites, settings, strict=True)
        )
        theirs.suite.set(JOB, experiment_name="their-job")
        yield ours, theirs


@pytest_asyncio.fixture
async def two() -> AsyncIterator[Two]:
    """A fresh process for both."""
    async with two_tenants() as made:
        yield made


def _posted(here: World, words: str = "", channel_id: str = TRAINING) -> list[Message]:
    """What everybody in the channel sees with these words."""
    said = here.workspace.messages(channel_id)
    return [one for one in said if words in text_of(one) and one.ephemeral_to is None]


async def test_each_sees_its_own_jobs(two: Two) -> None:
    """By ID from the cache and anew, by name, by the first characters, and in the list."""
    ours, theirs = two
    ours.suite.set("0aaa1111-0000-4000-8000-000000000001", experiment_name="only-ours", status="RUNNING")
    for _ in range(2):
        assert "support-tone-llama-8b" in text_of(await ours.ask(JOB))
        assert "their-job" in text_of(await theirs.ask(JOB))
    for words in ("only-ours", "0aaa1111"):
        assert "only-ours" in text_of(await ours.ask(words))
        assert "only-ours" not in text_of(await theirs.ask(words)).replace("`only-ours`", "")
    assert "their-job" in text_of(await theirs.ask("list"))
    assert "their-job" not in text_of(await ours.ask("list"))
    asked = {request.query["org_id"] for request in theirs.suite.requests}
    assert asked == {"second-org"}


async def test_threads_and_subscriptions(two: Two) -> None:
    """One follows a job of that ID in that channel; the other may, and hears of its own alone."""
    ours, theirs = two
    await ours.slash(f"watch {JOB}")
    [card] = await ours.soon(lambda: _posted(ours, "support-tone") or None)
    assert JOB not in text_of(await theirs.ask("subscriptions"))
    await theirs.slash(f"unwatch {JOB}")
    assert "support-tone" in text_of(await ours.ask("subscriptions"))
    assert _posted(theirs) == []
    await theirs.slash(f"watch {JOB}")
    await theirs.soon(lambda: _posted(theirs, "their-job") or None)
    ours.suite.set(JOB, status="FAILED", error_message="RuntimeError: only ours")
    await ours.let_pass(_LISTED_SECONDS, 4)
    await ours.changed(card, "only ours")
    assert len(_posted(ours, "failed")) >= 1
    assert not any("only ours" in text_of(each) for each in _posted(theirs))


async def test_a_press_of_one_means_nothing_to_the_other(two: Two) -> None:
    """[Stop] with the ID of another workspace's subscription."""
    ours, theirs = two
    await ours.slash(f"watch {JOB}")
    await ours.soon(lambda: _posted(ours, "support-tone") or None)
    async with ours.stored() as store:
        [followed] = await store.subscriptions.followed(OURS.team_id, TRAINING, ME)
        sender = Sender(theirs, THEIRS.team_id, ME)
        for action_id in (actions.STOP, actions.STOP_FOR_ALL):
            press = sender.press(action_id)
            press["actions"][0]["value"] = followed.subscription.id
            press["message"]["team"] = THEIRS.team_id
            assert (await sender.send(press)).ok
        await theirs.let_pass(5, 5)
        found = await store.subscriptions.subscription(followed.subscription.id)
    assert found is not None
    assert found.subscribers == (ME,)


async def test_feeds_and_digests(two: Two) -> None:
    """Both are switched on by one: the other has none, and nothing of it comes to them."""
    ours, theirs = two
    await ours.slash("feed on", ML_OPS)
    await ours.soon(lambda: _posted(ours, "turned on the feed", ML_OPS) or None)
    await ours.slash("digest daily", ML_OPS)
    await ours.soon(lambda: _posted(ours, "turned on the digest", ML_OPS) or None)
    await theirs.slash("feed off", ML_OPS)
    await theirs.slash("digest off", ML_OPS)
    await theirs.told("No digest", channel_id=ML_OPS)
    theirs.suite.set("their-new", experiment_name="their-new", status="FAILED")
    ours.suite.set("our-new", experiment_name="our-new", status="FAILED")
    for _ in range(4):
        await ours.let_pass(_LISTED_SECONDS, 4)
    await ours.soon(lambda: _posted(ours, "our-new", ML_OPS) or None)
    assert _posted(theirs, channel_id=ML_OPS) == []
    assert _posted(ours, "their-new", ML_OPS) == []


async def test_home(two: Two) -> None:
    """Each person's tab shows their workspace's organization, whoever else has their ID."""
    ours, theirs = two
    await ours.slash(f"watch {JOB}")
    for here in two:
        await here.workspace.open_home(ME)
    mine = await ours.soon(lambda: ours.workspace.board.homes.get(ME))
    other = await theirs.soon(lambda: theirs.workspace.board.homes.get(ME))
    assert "support-tone-llama-8b" in json.dumps(mine.content)
    assert "their-job" not in json.dumps(mine.content)
    assert "their-job" in json.dumps(other.content)
    assert "You have no subscriptions" in json.dumps(other.content)


async def test_earlier_failures(two: Two) -> None:
    """The same error in both: each names its own earlier job."""
    ours, theirs = two
    for here, number in ((ours, 1), (theirs, 2), (theirs, 3)):
        request_id = f"2b1f0c9e-0000-4000-8000-00000000000{number}"
        here.suite.set(
            request_id, status="FAILED", error_message=ERROR.format(number), experiment_name=f"tone-{number}"
        )
        card = await here.ask(request_id)
        assert ("tone-1" in text_of(card)) == (number == 1)
        assert ("tone-2" in text_of(card)) == (number > 1), "itself, and then the one before"
        await here.let_pass(7_500)


async def test_one_is_uninstalled(two: Two) -> None:
    """All that is told there ends; the other goes on."""
    ours, theirs = two
    for here in two:
        await here.slash(f"watch {JOB}")
        await here.soon(lambda here=here: _posted(here, JOB[:8]) or _posted(here) or None)
    for delivery in await theirs.workspace.uninstall_app():
        assert delivery.ok
    async with ours.stored() as store:
        left = [await store.subscriptions.followed(each.team_id, TRAINING, ME) for each in (OURS, THEIRS)]
    assert [len(each) for each in left] == [1, 0]
    assert "support-tone" in text_of(await ours.ask("subscriptions"))


async def test_with_another_workspaces_token_nothing_ends(two: Two) -> None:
    """One process starts with a wrong SLACK_BOT_TOKEN over our database; later the right one goes on."""
    ours, theirs = two
    await ours.slash(f"watch {JOB}")
    await ours.soon(lambda: _posted(ours, "support-tone") or None)
    await ours.slash("feed on", ML_OPS)
    await ours.soon(lambda: _posted(ours, "turned on the feed", ML_OPS) or None)
    await ours.bot.stop(grace_seconds=1)
    assert ours.settings is not None
    assert theirs.settings is not None
    wrong = ours.settings.model_copy(
        update={
            "slack_bot_token": theirs.settings.slack_bot_token,
            "slack_api_url": theirs.settings.slack_api_url,
        }
    )
    theirs.workspace.board.channels.pop(TRAINING)
    theirs.workspace.board.channels.pop(ML_OPS)
    with capture_logs() as logs:
        bot = Application(wrong, clock=ours.clock)
        await bot.start()
        ours.suite.set(JOB, status="FAILED", error_message="RuntimeError: at last")
        ours.suite.set("our-new", experiment_name="our-new", status="FAILED")
        await ours.let_pass(2 * 3600, 60)
        await bot.stop(grace_seconds=1)
    assert any(log["log_level"] == "error" and log.get("team_id") == OURS.team_id for log in logs)
    async with ours.stored() as store:
        assert len(await store.feeds.feeds(ours.suite.org_id)) == 1
    bot = Application(ours.settings, clock=ours.clock)
    await bot.start()
    try:
        await ours.let_pass(180, 30)
        assert _posted(ours, "at last")
        assert _posted(ours, "our-new", ML_OPS)
    finally:
        await bot.stop(grace_seconds=1)
