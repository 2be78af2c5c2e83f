"""The bot that is fuzzed, and the log as its operator reads it."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import redirect_stderr

import pytest
import structlog

from bot.logs import configure_logging
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.workspace import LINUS, ML_OPS
from tests.databases import postgresql_url
from tests.e2e.by_click import KEY, ByClick, by_click
from tests.e2e.strangers import OURS
from tests.e2e.world import JOB, World, world
from tests.fuzz.judge import Judge
from tests.resting_loop import at_rest

__all__ = ["postgresql_url"]
MOST_ROWS = 60
"""Of a table, once all is over: what people may have is bounded, and the rest is forgotten."""
_GROW_WITH_TIME = {"deliveries", "audit_trail"}
"""Kept for a while, whatever happened: an hour, and what `AUDIT_RETENTION_DAYS` says."""


@pytest.fixture
def log() -> Iterator[Callable[[], str]]:
    """What was logged since it was last read, as JSON lines."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    with redirect_stderr(written):
        configure_logging("info", "json")

    def read() -> str:
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return text

    yield read
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
async def over_socket(log: Callable[[], str]) -> AsyncIterator[World]:  # noqa: ARG001  (set up before the bot)
    """Of one workspace by token, over Socket Mode."""
    async with world("socket") as made:
        made.workspace.rates.enabled = False
        await _something_stored(made)
        yield made
        await _still_there(made)


@pytest.fixture
async def installed(log: Callable[[], str]) -> AsyncIterator[ByClick]:  # noqa: ARG001  (set up before the bot)
    """Installed by a click, over HTTP: also organizations can be connected."""
    async with by_click(
        "http", org_id=None, simplismart_api_token=DEFAULT_TOKEN, allowed_workspaces=OURS
    ) as made:
        made.world.workspace.rates.enabled = False
        await made.install()
        await _something_stored(made.world)
        yield made
        await _still_there(made.world)


@pytest.fixture
def over_http(installed: ByClick) -> World:
    """The same, without the browser."""
    return installed.world


@pytest.fixture
async def on_postgresql(
    log: Callable[[], str],  # noqa: ARG001  (set up before the bot)
    postgresql_url: str,
) -> AsyncIterator[World]:
    """Of one workspace by token, over HTTP, with a database server."""
    async with world("http", database_url=postgresql_url) as made:
        made.workspace.rates.enabled = False
        await _something_stored(made)
        yield made
        await _still_there(made)


@pytest.fixture(params=["over_http", "over_socket"])
def each(request: pytest.FixtureRequest) -> World:
    """One, then another."""
    made: World = request.getfixturevalue(request.param)
    return made


def judge_of(made: World, log: Callable[[], str]) -> Judge:
    """One that knows every secret of this bot's; what was logged so far doesn't count."""
    identity, grants = made.workspace.identity, made.workspace.grants
    secrets = [
        *(DEFAULT_TOKEN, KEY, identity.bot_token, identity.app_token, identity.signing_secret),
        grants.client_secret,
        *(each.bot_token for each in grants.handed_out),
    ]
    judge = Judge(log, [made.workspace], secrets)
    judge.findings()
    return judge


async def _something_stored(made: World) -> None:
    """What somebody else has, whom nothing that is sent is about."""
    made.workspace.board.channels[ML_OPS].members.add(LINUS)
    assert (await made.slash(f"subscribe {JOB}", ML_OPS, LINUS)).ok
    await made.let_pass(4, 4)


async def _still_there(made: World) -> None:
    await at_rest()
    async with made.stored() as store:
        [kept] = await store.subscriptions.followed(OURS, ML_OPS, LINUS)
        assert kept.subscription.request_id == JOB
        tables = await store.stored_data.of_team(OURS)
    rows = {name: len(each) for name, each in tables.items() if name not in _GROW_WITH_TIME}
    assert {name: count for name, count in rows.items() if count > MOST_ROWS} == {}
