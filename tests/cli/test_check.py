"""`check`, against a Slack and a training suite that behave like the real ones."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.cards.gallery.gallery import samples
from bot.handlers.entry.registry import Dispatch
from tests.cli.check_report import Around, everything_well

CARDS = len(samples(Dispatch().help))
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
async def around(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> AsyncIterator[Around]:
    """All is well, in Socket Mode."""
    async with everything_well(monkeypatch, capsys, tmp_path) as made:
        yield made


async def test_all_is_well(around: Around) -> None:
    """Status 0 and a line for each thing that serving takes."""
    jobs = len(around.suite.request_ids)
    assert await around.check() == (
        0,
        {
            "settings": "ok Socket Mode",
            "slack auth.test": "ok team T0PLAYGRND, bot user U0JOBBOT01",
            "slack scopes": "ok",
            "slack cards": f"ok {CARDS} of {CARDS} accepted",
            "slack socket mode": "ok",
            "simplismart": f"ok {jobs} jobs in the organization",
            "api key": "ok it does not say when it expires",
            "clock": "ok",
            "database": "ok",
            "running bot": "ok none answers on port 1",
        },
    )


async def test_over_http_no_socket_is_tried(around: Around) -> None:
    """The report says what cannot be tried from here."""
    around.unset("SLACK_APP_TOKEN")
    around.set("SLACK_SIGNING_SECRET", "hunter2")
    status, report = await around.check()
    assert status == 0
    assert "SLACK_SIGNING_SECRET" in report["settings"]
    assert "slack socket mode" not in report


@pytest.mark.parametrize(
    ("spoil", "name", "told"),
    [
        (lambda it: it.workspace.world.scopes.discard("chat:write"), "slack scopes", "lacks chat:write"),
        (lambda it: it.set("SLACK_BOT_TOKEN", "xoxb-hunter2"), "slack auth.test", "SLACK_BOT_TOKEN"),
        (lambda it: it.set("SLACK_APP_TOKEN", "xapp-hunter2"), "slack socket mode", "SLACK_APP_TOKEN"),
        (lambda it: it.set("SLACK_API_URL", NOWHERE), "slack auth.test", "SLACK_API_URL"),
        (
            lambda it: it.workspace.faults.fail_next(1, "rate_limited", retry_after_seconds=40),
            "slack auth.test",
            "in 40 seconds",
        ),
        (lambda it: it.workspace.faults.fail_next(1, "server_error"), "slack auth.test", "did not answer"),
        (lambda it: it.workspace.faults.fail_next(1, "html"), "slack auth.test", "SLACK_API_URL"),
        (
            lambda it: it.workspace.faults.fail_next(1, "lost", method="apps.connections.open"),
            "slack socket mode",
            "did not answer",
        ),
        (lambda it: it.suite.switches.update({"key_expired": True}), "simplismart", "HTTP 401"),
        (lambda it: it.set("SIMPLISMART_ORG_ID", "another"), "simplismart", "SIMPLISMART_ORG_ID"),
        (lambda it: it.suite.switches.update({"down": True}), "simplismart", "network"),
        (lambda it: it.suite.switches.update({"html": True}), "simplismart", "SIMPLISMART_API_URL"),
        (lambda it: it.suite.switches.update({"rate_limited": True}), "simplismart", "try again"),
        (lambda it: it.set("DATABASE_URL", "sqlite:////nowhere/at/all"), "database", "DATABASE_URL"),
        (
            lambda it: it.set("DATABASE_URL", "postgresql://bot:hunter2@127.0.0.1:1/jobs"),
            "database",
            "DATABASE_URL",
        ),
    ],
    ids=[
        "a scope is missing",
        "bad bot token",
        "bad app token",
        "no Slack there",
        "Slack is asked too often",
        "Slack fails",
        "not Slack's Web API",
        "connection lost",
        "expired key",
        "another organisation",
        "training suite down",
        "training suite answers HTML",
        "training suite is asked too often",
        "no such folder",
        "no PostgreSQL there",
    ],
)
async def test_one_thing_is_wrong(
    around: Around, spoil: Callable[[Around], None], name: str, told: str
) -> None:
    """Status 1; the line of what is wrong says so, every other is ok."""
    spoil(around)
    status, report = await around.check()
    assert status == 1
    assert [each for each, text in report.items() if text.startswith("FAIL")] == [name]
    assert told in report[name]


async def test_scopes_that_are_not_needed_are_told(around: Around) -> None:
    """They are no failure."""
    around.workspace.world.scopes.add("files:write")
    status, report = await around.check()
    assert (status, report["slack scopes"]) == (0, "ok not needed: files:write")


async def test_everything_is_wrong_at_once(around: Around) -> None:
    """One failure hides no other."""
    around.set("SLACK_BOT_TOKEN", "xoxb-hunter2")
    around.set("SLACK_APP_TOKEN", "xapp-hunter2")
    around.set("SIMPLISMART_API_TOKEN", "hunter2")
    around.set("DATABASE_URL", "sqlite:////nowhere/at/all")
    status, report = await around.check()
    assert status == 1
    assert [name for name, text in report.items() if text.startswith("FAIL")] == [
        "slack auth.test",
        "slack socket mode",
        "simplismart",
        "database",
    ]


async def test_nothing_answers(around: Around) -> None:
    """Everything is tried once, so that the report comes at once and not after all the retries."""
    async with _overloaded() as (slack_url, slack), _overloaded() as (simplismart_url, simplismart):
        around.set("SLACK_API_URL", slack_url)
        around.set("SIMPLISMART_API_URL", simplismart_url)
        status, _ = await around.check()
    assert status == 1
    assert (len(slack), len(simplismart)) == (1, 1)


@asynccontextmanager
async def _overloaded() -> AsyncIterator[tuple[str, list[bytes]]]:
    """The address of a server that is too busy for anybody, and what it was asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked


async def test_settings_that_are_wrong_end_the_report(around: Around) -> None:
    """Each in a line, by name, and nothing is asked."""
    around.set("PORT", "hunter2")
    around.unset("SLACK_BOT_TOKEN")
    status, report = await around.check()
    assert status == 1
    assert list(report) == ["settings"]
    assert report["settings"].endswith("Set it in the environment or in .env (see .env.example)")
    assert around.suite.counts.total() == 0


async def test_tables_of_another_version_are_told(around: Around, tmp_path: Path) -> None:
    """A database that a newer bot has used is not for this one."""
    around.set("DATABASE_URL", f"sqlite:///{tmp_path}/newer.sqlite3")
    with sqlite3.connect(tmp_path / "newer.sqlite3") as database:
        database.execute("CREATE TABLE alembic_version (version_num TEXT)")
        database.execute("INSERT INTO alembic_version VALUES ('9999')")
    database.close()
    status, report = await around.check()
    assert status == 1
    assert "newer version" in report["database"]


async def test_optional_scopes_may_be_declined(around: Around) -> None:
    """They are named, and no failure."""
    around.workspace.world.scopes.discard("im:history")
    around.workspace.world.scopes.discard("groups:read")
    status, report = await around.check()
    assert (status, report["slack scopes"]) == (0, "ok without the optional groups:read, im:history")


@pytest.fixture
def with_cards(around: Around) -> Around:
    """Where every card is shown to Slack: a socket may be opened once a minute only."""
    around.unset("SLACK_APP_TOKEN")
    around.set("SLACK_SIGNING_SECRET", "hunter2")
    return around


async def test_every_card_is_shown_to_slack(with_cards: Around) -> None:
    """One that it does not take is named."""
    with_cards.workspace.faults.refuse_next(1, "invalid_message", method="blocks.validate")
    status, report = await with_cards.check()
    assert status == 1
    assert "Slack rejects 1: job-" in report["slack cards"]


async def test_a_workspace_without_charts_is_no_failure(with_cards: Around) -> None:
    """It says how many cards have them."""
    with_cards.workspace.faults.takes_charts = False
    status, report = await with_cards.check()
    assert status == 0
    assert re.fullmatch(
        r"ok \d+ of \d+ accepted; \d+ charts and tables are not accepted here; .*", report["slack cards"]
    )


async def test_a_workspace_that_cannot_check_cards_is_no_failure(with_cards: Around) -> None:
    """Nor is it silent."""
    with_cards.workspace.faults.knows_validation = False
    status, report = await with_cards.check()
    assert (status, "can't check them" in report["slack cards"]) == (0, True)
