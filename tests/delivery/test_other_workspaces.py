"""A token that is another workspace's, or nobody's yet: Slack's answers to it say nothing of our channels."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from structlog.testing import capture_logs

from bot.domain.ports import NotInstalled
from bot.domain.subscriptions.subscription import Ending
from bot.logs import attributed
from bot.playground.clock import ManualClock
from bot.playground.serving import serving
from bot.playground.workspace import ML_OPS, TRAINING, Workspace
from bot.playground.workspace.identity import Identity
from bot.slack.gateway import SlackWebGateway, open_session
from bot.slack.login import Login
from bot.slack.workspaces import Workspaces
from bot.tasks import tenant_at_work
from tests.delivery.world import ORG, World

HOUR = 3600.0
GONE = "channel_not_found"
POST, EDIT = "chat.postMessage", "chat.update"


@asynccontextmanager
async def logging_in(here: World, workspace: Workspace, clock: ManualClock) -> AsyncIterator[Login]:
    """A process with this workspace's token, which tries again to log in when its clock is moved."""
    async with serving(workspace.app()) as url, open_session() as session:
        token = workspace.identity.bot_token
        login = Login(SlackWebGateway(session, f"{url}/api/", token, here.clock), clock, token)
        running = asyncio.create_task(login.run())
        try:
            yield login
        finally:
            running.cancel()


@asynccontextmanager
async def logged_in(here: World, workspace: Workspace) -> AsyncIterator[Workspaces]:
    """The way into this workspace alone."""
    async with logging_in(here, workspace, ManualClock()) as login:
        await login.known()
        yield Workspaces([login])


async def test_with_another_workspaces_token_everything_waits(here: World) -> None:
    """For hours nothing is sent, ended or forgotten, and the log says why; with the right one it goes on."""
    subscription, quiet = await here.opened(), await here.opened("job-2", ML_OPS)
    theirs = Workspace(here.clock, identity=Identity(team_id="T0ELSEWHERE", bot_token="xoxb-elsewhere"))
    theirs.board.channels.pop(TRAINING)
    await here.tell("one")
    await here.move("job-2", progress=10)
    with capture_logs() as logs:
        async with logged_in(here, theirs) as gateways:
            await here.run_for(2 * HOUR, here.another(gateways=gateways))
    assert {call.method for call in theirs.calls} == {"auth.test"}
    assert (await here.now(subscription)).is_active
    assert (await here.now(quiet)).is_active
    told = [log for log in logs if log["log_level"] == "error"]
    assert 2 <= len(told) <= 3, "once an hour"
    assert all(log["team_id"] == subscription.team_id and "T0ELSEWHERE" in log["reason"] for log in told)
    async with logged_in(here, here.workspace) as gateways:
        await here.run_for(90, here.another(gateways=gateways))
    assert here.thread(subscription) == ["one"]
    assert here.card(quiet).edited
    assert await here.waiting() == []


async def test_until_slack_has_said_whose_the_token_is_nothing_is_sent(here: World) -> None:
    """A token that is refused at the start ends nothing: whose it is nobody knows."""
    subscription = await here.opened()
    await here.tell("one")
    here.workspace.faults.account_error = "account_inactive"
    clock = ManualClock()
    async with logging_in(here, here.workspace, clock) as login:
        gateways = Workspaces([login])
        found = await gateways.for_team(subscription.team_id)
        assert isinstance(found, NotInstalled)
        assert "account_inactive" in found.reason
        here.workspace.calls.clear()
        await here.run_for(600, here.another(gateways=gateways))
        assert not here.workspace.calls_of(POST)
        here.workspace.faults.account_error = None
        clock.advance(1)
        await login.known()
        await here.run_for(90, here.another(gateways=gateways))
    assert (await here.now(subscription)).is_active
    assert here.thread(subscription) == ["one"]


@pytest.mark.parametrize("method", [POST, EDIT])
@pytest.mark.parametrize(
    ("said", "is_ended"),
    [
        ("there", False),
        ("not known just now", False),
        ("gone", True),
        ("not to be asked", True),
    ],
)
async def test_a_channel_is_gone_once_slack_says_so_twice(
    here: World, method: str, said: str, *, is_ended: bool
) -> None:
    """Where the scope to ask is missing, once is enough, as the token is this workspace's for sure."""
    subscription = await here.opened()
    here.workspace.faults.refuse_next(1, GONE, method=method, channel_id=TRAINING)
    info = "conversations.info"
    if said == "not known just now":
        here.workspace.faults.fail_next(10, "rate_limited", method=info, retry_after_seconds=60)
    elif said == "gone":
        here.workspace.faults.refuse_next(1, GONE, method=info)
    elif said == "not to be asked":
        here.workspace.scopes.discard("channels:read")
    if method == POST:
        await here.tell("one")
    else:
        await here.move(progress=10)
    await here.run_for(60)
    ended = await here.now(subscription)
    assert (ended.ended, ended.ended_detail) == ((Ending.CANNOT_POST, GONE) if is_ended else (None, ""))
    if not is_ended:
        assert here.thread(subscription) == (["one"] if method == POST else [])
        assert here.card(subscription).edited == (method == EDIT)


@pytest.mark.parametrize("method", [POST, EDIT])
async def test_the_lines_of_a_lane_say_whose_they_are(here: World, method: str) -> None:
    """The workspace and the organization; no line after it does."""
    subscription = await here.opened()
    here.workspace.faults.refuse_next(1, "invalid_blocks", method=method)
    if method == POST:
        await here.tell("one")
    else:
        await here.move(progress=10)
    with capture_logs(processors=[attributed]) as logs:
        await here.run_for(5)
    [refused] = [log for log in logs if "was refused" in log["event"]]
    assert (refused["team_id"], refused["org_id"]) == (subscription.team_id, ORG)
    assert tenant_at_work() == ("", "")
