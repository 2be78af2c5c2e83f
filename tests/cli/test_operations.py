"""What an operator does with the database: migrate it, look into the outbox, forget somebody."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.domain.job import TrainingJob
from bot.domain.ports import Lane, Later, Parked
from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.domain.subscriptions.watch_state import first_state
from bot.store.store import DatabaseStore, open_store
from tests.command_line import fresh_process, refused, run

_T = TypeVar("_T")
NOW = datetime.now(UTC)
JOB = TrainingJob.from_json(b'{"request_id": "job-1", "status": "RUNNING", "progress": 10}')


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A process whose only setting is a database that is not there yet."""
    address = f"sqlite:///{tmp_path}/jobbot.sqlite3"
    with fresh_process(monkeypatch, tmp_path, {"DATABASE_URL": address}):
        yield address


def _ask(address: str, question: Callable[[DatabaseStore], Awaitable[_T]]) -> _T:
    async def asked() -> _T:
        store = open_store(address)
        try:
            return await question(store)
        finally:
            await store.database.close()

    return asyncio.run(asked())


async def _failed_card(store: DatabaseStore) -> None:
    """Two people follow a job, in two channels; one card is parked, the other waits."""
    for channel_id, user_id in (("C1", "U1"), ("C2", "U2")):
        wish = SubscribeRequest("T1", channel_id, "org", "job-1", user_id)
        await store.subscriptions.subscribe(wish, first_state(JOB, NOW), JOB, NOW)
        lane = await store.outbox.claim_lane("T1", channel_id, NOW, 60)
        assert isinstance(lane, Lane)
        post = await store.outbox.take_post(lane, NOW)
        assert post is not None
        later = Later(NOW + timedelta(hours=1), "chat.postMessage: internal_error")
        outcome = Parked("chat.postMessage: fatal_error") if user_id == "U1" else later
        await store.outbox.finish_post(lane, post, outcome, NOW, lane_free_at=NOW)


def test_migrate_makes_the_tables_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """The second time there is nothing to do."""
    assert run("migrate") == 0
    assert "were made" in capsys.readouterr().out
    assert run("migrate") == 0
    assert "up to date" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["migrate", "outbox", "forget --user U1"])
def test_tables_of_a_newer_version_are_left_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    """One plain line, and status 2."""
    run("migrate")
    with sqlite3.connect(tmp_path / "jobbot.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    capsys.readouterr()
    (told,) = refused(capsys, *command.split())
    assert "newer" in told


def test_the_outbox_lists_what_could_not_be_sent(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, with where, which job, since when, how often, and why; --retry puts parked ones back."""
    assert run("outbox") == 0
    assert "Outbox is empty" in capsys.readouterr().out
    _ask(address, _failed_card)
    assert run("outbox") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    parked = next(line for line in lines if line.startswith("parked"))
    assert "T1/C1" in parked
    assert "job-1" in parked
    assert parked.endswith("1 tries: chat.postMessage: fatal_error")
    assert any("T1/C2" in line and "next try" in line for line in lines)


async def _untried_card(store: DatabaseStore) -> None:
    """Somebody subscribed, and nobody delivers."""
    wish = SubscribeRequest("T1", "C3", "org", "job-1", "U3")
    await store.subscriptions.subscribe(wish, first_state(JOB, NOW), JOB, NOW)


def test_the_outbox_is_not_empty_while_a_message_waits_for_its_first_try(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where no process delivers: it says since when, beside what is parked."""
    run("migrate")
    _ask(address, _untried_card)
    capsys.readouterr()
    assert run("outbox") == 0
    told = capsys.readouterr().out
    assert f"Since {NOW:%Y-%m-%d %H:%M:%S}Z a message waits for its first try" in told
    assert "empty" not in told


def test_a_person_and_a_workspace_are_forgotten(
    address: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Nothing in the database names them afterwards."""
    _ask(address, _failed_card)
    assert run("forget", "--user", "U1") == 0
    assert capsys.readouterr().out == "U1 is forgotten. Subscriptions they were in: 1\n"
    assert "U1" not in _everything_in(tmp_path)
    assert "U2" in _everything_in(tmp_path)
    assert run("forget", "--team", "T1") == 0
    assert "T1 is forgotten" in capsys.readouterr().out
    assert not {"T1", "C1", "C2", "U2"} & set(_everything_in(tmp_path))


@pytest.mark.parametrize("command", ["forget", "export"])
@pytest.mark.parametrize("line", ["", "--user", "--user=", "--user U1 --team T1", "--user <@U1>"])
def test_nobody_in_particular_is_refused(capsys: pytest.CaptureFixture[str], command: str, line: str) -> None:
    """Neither both, nor none, nor anything but an id."""
    refused(capsys, command, *line.split())


def test_what_is_stored_is_printed_as_json(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By table; of somebody unknown nothing. The audit trail says that it was, until they are forgotten."""
    _ask(address, _failed_card)
    assert run("export", "--user", "U1") == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"subscribers", "subscriptions"}
    assert [row["channel_id"] for row in found["subscriptions"]] == ["C1"]
    assert run("export", "--team", "T1") == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["channel_id"] for row in found["subscriptions"]} == {"C1", "C2"}
    assert run("export", "--user", "U9") == 0
    assert json.loads(capsys.readouterr().out) == {}
    assert run("forget", "--user", "U1") == 0
    capsys.readouterr()
    assert run("audit", "--json") == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["user_id"] for each in told} == {"operator"}
    assert [(each["action"], each["team_id"], each["subject"]) for each in told] == [
        ("export", "", "#1"),
        ("export", "T1", ""),
        ("export", "", "U9"),
        ("forget", "", "a person"),
    ]


def _everything_in(folder: Path) -> list[str]:
    """Every value of every table, as text."""
    with sqlite3.connect(folder / "jobbot.sqlite3") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for name in tables for row in database.execute(f"SELECT * FROM {name}")]  # noqa: S608  (our own tables)
    database.close()
    return [str(value) for row in rows for value in row]


def test_what_is_one_workspaces_is_moved_to_another(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And says how much that was."""
    assert run("migrate") == 0
    _ask(address, _failed_card)
    capsys.readouterr()
    assert run("adopt", "T1", "T2") == 0
    assert capsys.readouterr().out == "Moved from T1 to T2: 2 subscriptions, feeds and digests\n"
    assert run("outbox") == 0
    told = capsys.readouterr().out
    assert told.count("T2/C") == len(told.splitlines()) == 2
