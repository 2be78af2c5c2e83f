"""The audit trail: added to, read, kept for its time, and without names once somebody is forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.audit import KEPT_FOR, MAX_SUBJECT, OPERATOR, Action, AuditEntry, Result
from bot.store.store import DatabaseStore, open_store
from tests.contracts.facts import ADA, BOB, CHANNEL, T0, TEAM, at, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

FEED = AuditEntry(T0, TEAM, CHANNEL, ADA, Action.FEED_ON, "status:failed")
STOP = AuditEntry(at(1), TEAM, CHANNEL, BOB, Action.STOP_FOR_ALL, "job-1")
DENIED = AuditEntry(at(2), "T2", "C2", ADA, Action.STOP, "s1", Result.DENIED)


async def _kept(store: DatabaseStore, *entries: AuditEntry) -> None:
    for each in entries:
        await store.audit.append(each)


async def test_what_was_added_is_read_oldest_first(store: DatabaseStore) -> None:
    """All of it, since a time, of a person, and both."""
    await _kept(store, STOP, DENIED, FEED)
    assert await store.audit.entries() == [FEED, STOP, DENIED]
    assert await store.audit.entries(since=at(1)) == [STOP, DENIED]
    assert await store.audit.entries(user_id=ADA) == [FEED, DENIED]
    assert await store.audit.entries(at(1), ADA) == [DENIED]
    assert await store.audit.entries(at(3)) == []
    assert await store.audit.entries(team_id=FEED.team_id) == [FEED, STOP]
    assert await store.audit.entries(team_id=DENIED.team_id) == [DENIED]
    assert await store.audit.entries(team_id="T-another") == []


async def test_the_same_twice_is_two_entries(store: DatabaseStore) -> None:
    """Nothing is taken together."""
    await _kept(store, FEED, FEED)
    assert await store.audit.entries() == [FEED, FEED]


async def test_other_peoples_words_are_stored_as_far_as_they_can_be(store: DatabaseStore) -> None:
    """No NUL, no half of a character, no endless subject; quotes mean nothing."""
    odd = "a\0b\ud800'; DROP TABLE audit_trail; --" + "x" * 5_000
    await _kept(store, replace(FEED, subject=odd, user_id="U\0", action="of tomorrow"))
    (found,) = await store.audit.entries()
    assert found.subject.startswith("ab?'; DROP TABLE")
    assert len(found.subject) < MAX_SUBJECT
    assert (found.user_id, found.action) == ("U", "of tomorrow")


async def test_entries_go_after_their_time(store: DatabaseStore, sqlite_url: str) -> None:
    """After 400 days, or as many as the setting says."""
    await _kept(store, FEED, STOP)
    await store.upkeep.clean(T0 + KEPT_FOR)
    assert await store.audit.entries() == [FEED, STOP]
    await store.upkeep.clean(at(0.5) + KEPT_FOR)
    assert await store.audit.entries() == [STOP]
    brief = open_store(sqlite_url, audit_kept_for=timedelta(days=1))
    await _kept(brief, FEED)
    await brief.upkeep.clean(at(1) + timedelta(days=1))
    assert await brief.audit.entries() == []
    await brief.database.close()


async def test_a_person_becomes_a_number(store: DatabaseStore) -> None:
    """The same in every entry, of every workspace; what they did and when stays, what others did too."""
    named = replace(STOP, action=Action.EXPORT, user_id=OPERATOR, subject=ADA)
    direct = replace(FEED, channel_id="D1")
    await _kept(store, FEED, STOP, DENIED, named, direct)
    await store.upkeep.forget_person(ADA)
    entries = await store.audit.entries()
    (number,) = {each.user_id for each in entries} - {BOB, OPERATOR}
    assert number[0] == "#"
    assert number[1:].isdecimal()
    there = replace(FEED, user_id=number), replace(direct, user_id=number, channel_id="")
    here = STOP, replace(named, subject=number), replace(DENIED, user_id=number)
    assert sorted(entries, key=repr) == sorted([*there, *here], key=repr)
    await store.upkeep.forget_person(ADA)
    await store.upkeep.forget_person("U-nobody")
    assert await store.audit.entries() == entries


async def test_two_people_stay_two(store: DatabaseStore) -> None:
    """Also where one is forgotten twice."""
    await _kept(store, FEED, STOP)
    for user_id in (ADA, BOB):
        await store.upkeep.forget_person(user_id)
    await _kept(store, FEED)
    await store.upkeep.forget_person(ADA)
    assert len({each.user_id for each in await store.audit.entries()}) == 3


async def test_a_workspace_goes_and_what_was_done_stays(store: DatabaseStore) -> None:
    """Its people become numbers; another workspace's entries stay as they are."""
    named = AuditEntry(at(4), "", "", OPERATOR, Action.ADOPT, TEAM)
    await _kept(store, FEED, STOP, replace(FEED, at=at(3)), DENIED, named)
    await store.upkeep.forget_team(TEAM)
    entries = await store.audit.entries()
    assert [(each.at, each.action) for each in entries] == [
        (T0, "feed on"),
        (at(1), "stop for all"),
        (at(2), "stop"),
        (at(3), "feed on"),
        (at(4), "adopt"),
    ]
    assert entries[2] == DENIED
    rest = [each for each in entries if each != DENIED]
    assert {(each.team_id, each.channel_id, each.subject) for each in rest} == {("", "", "")}
    assert rest[0].user_id == rest[2].user_id != rest[1].user_id
    assert rest[3].user_id == OPERATOR


async def test_it_moves_with_a_workspace(store: DatabaseStore) -> None:
    """As all that is stored for it does."""
    await _kept(store, FEED)
    await store.upkeep.adopt(TEAM, "T9", at(1))
    assert await store.audit.entries() == [replace(FEED, team_id="T9")]


async def test_what_every_process_is_told_of_is_one_entry(database_url: str) -> None:
    """Also at the same moment; of another workspace, another action or another time it is another."""
    stores = [await opened(database_url) for _ in range(3)]
    gone = AuditEntry(at(10), TEAM, "", "", Action.UNINSTALL, "app_uninstalled")
    came = await asyncio.gather(*(each.audit.append(gone, once_since=T0) for each in stores * 3))
    assert sorted(came) == [False] * 8 + [True]
    others = (replace(gone, team_id="T2"), replace(gone, action=Action.INSTALL))
    assert [await stores[0].audit.append(each, once_since=T0) for each in others] == [True, True]
    assert not await stores[1].audit.append(replace(gone, at=at(70)), once_since=at(10))
    assert await stores[1].audit.append(replace(gone, at=at(80)), once_since=at(20))
    assert len(await stores[2].audit.entries(team_id=TEAM)) == 3
    for each in stores:
        await each.database.close()
