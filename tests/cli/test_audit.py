"""``python -m bot audit``: who did what, for people and as JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.audit import Action, AuditEntry, Result
from bot.store.store import open_store
from tests.command_line import fresh_process, refused, run

NOW = datetime.now(UTC)
OLD = datetime(2026, 1, 1, 9, tzinfo=UTC)
ENTRIES = (
    AuditEntry(OLD, "T1", "C1", "U1", Action.FEED_ON, "status:failed"),
    AuditEntry(NOW, "T1", "C1", "U2", Action.STOP, "s1\n\x1b[2Jforged", Result.DENIED),
    AuditEntry(NOW + timedelta(seconds=1), "", "", "operator", Action.FORGET),
)


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A process whose only setting is a database with a few entries."""
    address = f"sqlite:///{tmp_path}/jobbot.sqlite3"

    async def filled() -> None:
        store = open_store(address)
        for each in ENTRIES:
            await store.audit.append(each)
        await store.database.close()

    with fresh_process(monkeypatch, tmp_path, {"DATABASE_URL": address}):
        asyncio.run(filled())
        yield


def test_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """Oldest first; a subject neither breaks a line nor moves the cursor."""
    assert run("audit") == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == "2026-01-01 09:00:00Z  done    U1  T1/C1  feed on status:failed"
    assert second.endswith("denied  U2  T1/C1  stop s1??[2Jforged")
    assert third.endswith("done    operator  -  forget")


def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """An object each, with every field."""
    assert run("audit", "--json", "--user", "U1") == 0
    assert json.loads(capsys.readouterr().out) == {
        "at": "2026-01-01T09:00:00+00:00",
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "action": "feed on",
        "subject": "status:failed",
        "result": "done",
    }


def test_since(capsys: pytest.CaptureFixture[str]) -> None:
    """From then on; where there is nothing that is said, but not amid JSON."""
    assert run("audit", "--since", "1d") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert run("audit", "--since", "2199-01-01") == 0
    assert capsys.readouterr().out == "No entries.\n"
    assert run("audit", "--since", "2199-01-01", "--json") == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("line", ["--since never", "--since 99999999d", "--user <@U1>"])
def test_what_cannot_be_meant_is_refused(capsys: pytest.CaptureFixture[str], line: str) -> None:
    """In one line, before the database is opened."""
    refused(capsys, "audit", *line.split())
