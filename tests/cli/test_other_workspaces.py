"""``export``, ``forget`` and ``audit`` of one workspace: nothing of another one's is in them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final, TypeVar

import pytest

from bot.domain.audit import Action, AuditEntry
from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.job import TrainingJob
from bot.domain.subscriptions.subscription import SubscribeRequest
from bot.domain.subscriptions.watch_state import first_state
from bot.store.store import DatabaseStore, open_store
from tests.command_line import fresh_process, run
from tests.contracts.configured import settings_of
from tests.contracts.every_table import EveryTable
from tests.contracts.facts import T0
from tests.contracts.installed import connected, installed
from tests.databases import KINDS, fresh_database

_T = TypeVar("_T")
OURS, THEIRS, SISTER = "T1AMBER", "T2BIRCH", "T3AMBER"
ORGS: Final = {OURS: "amber-org", THEIRS: "birch-org", SISTER: "amber-org"}
"""A sister asks the same organization, with a key of its own."""
CHANNEL, PERSON, JOB = "C1", "U1", "job-1"
"""The same in each: IDs say nothing of whose something is."""


@pytest.fixture(params=KINDS)
def address(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A process whose only setting is a database with three workspaces."""
    with (
        fresh_database(request.param, tmp_path) as address,
        fresh_process(monkeypatch, tmp_path, {"DATABASE_URL": address}),
    ):
        _ask(address, _filled)
        yield address


def _ask(address: str, question: Callable[[DatabaseStore], Awaitable[_T]]) -> _T:
    async def asked() -> _T:
        store = open_store(address)
        try:
            return await question(store)
        finally:
            await store.database.close()

    return asyncio.run(asked())


async def _filled(store: DatabaseStore) -> None:
    for team_id, org_id in ORGS.items():
        word = org_id.partition("-")[0]
        document = {"request_id": JOB, "experiment_name": f"{word}wood", "status": "RUNNING"}
        job = TrainingJob.from_json(json.dumps(document).encode())
        await store.installations.install(installed(team_id), is_first_only=False)
        await store.connections.connect(connected(team_id, org_id))
        await store.settings.set_settings(settings_of(team_id))
        wish = SubscribeRequest(team_id, CHANNEL, org_id, JOB, PERSON, condition="progress >= 99")
        await store.subscriptions.subscribe(wish, first_state(job, T0), job, T0)
        feed = Feed(team_id, CHANNEL, org_id, PERSON, read_feed_query([]), T0)
        await store.feeds.set_feed(feed, [], T0)
        await store.pauses.pause(team_id, PERSON, CHANNEL, T0)
        await store.audit.append(
            AuditEntry(T0, team_id, CHANNEL, PERSON, Action.FEED_ON, f"{word} {team_id}")
        )


def _kept(address: str, team_id: str) -> str:
    """What is stored of a workspace, and what of it happened, as text."""

    async def asked(store: DatabaseStore) -> str:
        found = await store.stored_data.of_team(team_id)
        trail = await store.audit.entries(team_id=team_id)
        return json.dumps([found, [asdict(each) for each in trail]], sort_keys=True, default=str)

    return _ask(address, asked)


def test_an_export_has_nothing_of_another_workspace(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither its name nor its jobs; of one that asks the same organization, the jobs they share."""
    for team_id, org_id in ORGS.items():
        assert run("export", "--team", team_id) == 0
        printed = capsys.readouterr().out
        assert f"{org_id.partition('-')[0]}wood" in printed
        for other, others_org in ORGS.items():
            if other != team_id:
                assert other not in printed
                assert org_id == others_org or others_org.partition("-")[0] not in printed
    exports = [each for each in _ask(address, lambda store: store.audit.entries()) if each.action == "export"]
    assert [each.team_id for each in exports] == list(ORGS)


def test_to_forget_one_workspace_takes_nothing_of_another(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where a sister asks the same organization about the same job: that is hers too."""
    before = {team_id: _kept(address, team_id) for team_id in (THEIRS, SISTER)}
    assert run("forget", "--team", OURS) == 0
    assert "Subscriptions removed: 1" in capsys.readouterr().out
    assert {team_id: _kept(address, team_id) for team_id in (THEIRS, SISTER)} == before
    assert "amberwood" not in _kept(address, OURS)
    assert run("forget", "--team", SISTER) == 0
    assert _kept(address, THEIRS) == before[THEIRS]
    everything = _ask(address, lambda store: EveryTable(store.database).everything())
    assert "amber" not in repr(everything).replace(f"amber {OURS}", "").replace(f"amber {SISTER}", "").lower()


def test_one_workspaces_trail_is_read_alone(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With a person too, who has the same ID elsewhere; a workspace that never was has none."""
    for more in ((), ("--user", PERSON), ("--json",)):
        assert run("audit", "--team", THEIRS, *more) == 0
        printed = capsys.readouterr().out
        assert "birch" in printed
        assert "amber" not in printed.lower()
    assert address
    assert run("audit", "--team", "T0NOBODY") == 0
    assert capsys.readouterr().out == "No entries.\n"


def test_no_pattern_and_no_part_of_a_name_stands_for_a_workspace(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is refused, or somebody of whom nothing is known."""
    before = {team_id: _kept(address, team_id) for team_id in ORGS}
    for command in ("export", "forget", "audit"):
        for named in ("T1AMBE", "T1AMBER%", "_1AMBER", "T1AMBER' OR '1'='1", "t1amber", "*", "C1"):
            assert run(command, "--team", named) in {0, 2}
            printed = capsys.readouterr().out
            assert not any(word in printed for word in ("amberwood", "birchwood", "feed on")), (
                command,
                named,
            )
    assert {team_id: _kept(address, team_id) for team_id in ORGS} == before
