"""The store: whose Home tab is open, and who draws it when."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.ports import HomeTab, Sent
from bot.store.home_tabs import DRAWN_A_MINUTE, NEWS_SECONDS, OPEN_SECONDS
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, BOB, LEASE, T0, TEAM, at, deliver, follow, look, note

pytestmark = pytest.mark.asyncio(loop_scope="session")
OTHER = "T2"
HOUR = 3_600.0


async def _drawn(
    store: DatabaseStore, user_id: str = ADA, seconds: float = 0, *, team_id: str = TEAM
) -> None:
    """Somebody opened theirs, and it was drawn."""
    tab = await store.home_tabs.open_tab(team_id, user_id, at(seconds), LEASE)
    await store.home_tabs.finish_tab(tab, "before", at(seconds))


async def _told(store: DatabaseStore, seconds: float) -> None:
    """Something about the job of ADA and BOB reaches Slack."""
    await look(store, at(seconds), note(once_key=str(seconds), now=at(seconds)))
    await deliver(store, at(seconds), Sent(f"{seconds}.1", "100.1"))


async def _claimed(store: DatabaseStore, seconds: float) -> list[HomeTab]:
    return list(await store.home_tabs.claim_tabs(at(seconds), LEASE, 1000))


async def _followed(store: DatabaseStore) -> None:
    for each in (ADA, BOB):
        await follow(store, each)
    await deliver(store, T0, Sent("100.1", "100.1"))


async def test_what_is_told_is_drawn_for_who_has_it_open(store: DatabaseStore) -> None:
    """Once in a while, by one process, which knows what is there; of two that ask at once by one too."""
    await _followed(store)
    await _drawn(store)
    assert await store.home_tabs.next_tab_at(T0) is None
    await _told(store, 1)
    await _told(store, 2)
    assert await store.home_tabs.next_tab_at(T0) == at(NEWS_SECONDS)
    assert await _claimed(store, NEWS_SECONDS - 1) == []
    both = await asyncio.gather(*(_claimed(store, NEWS_SECONDS) for _ in range(2)))
    [tab] = [each for found in both for each in found]
    assert (tab.team_id, tab.user_id, tab.shown) == (TEAM, ADA, "before")
    await store.home_tabs.finish_tab(tab, "after", at(NEWS_SECONDS))
    assert await store.home_tabs.next_tab_at(T0) is None
    await _told(store, NEWS_SECONDS * 3)
    assert await store.home_tabs.next_tab_at(T0) == at(NEWS_SECONDS * 3)


async def test_one_that_waits_past_its_day_keeps_nobody_busy(store: DatabaseStore) -> None:
    """It is open when it is put off, and no more when it is looked for: nothing is due then."""
    tab = await store.home_tabs.open_tab(TEAM, ADA, T0, LEASE)
    await store.home_tabs.put_off_tab(tab, at(OPEN_SECONDS - 1))
    assert await store.home_tabs.next_tab_at(at(1)) == at(OPEN_SECONDS - 1)
    assert await store.home_tabs.next_tab_at(at(OPEN_SECONDS + 1)) is None
    assert await _claimed(store, OPEN_SECONDS + 1) == []


async def test_what_happens_while_it_is_drawn_is_drawn(store: DatabaseStore) -> None:
    """It may not be on it."""
    await _followed(store)
    tab = await store.home_tabs.open_tab(TEAM, ADA, T0, LEASE)
    await _told(store, 1)
    await store.home_tabs.finish_tab(tab, "before", at(2))
    assert await store.home_tabs.next_tab_at(T0) == at(2 + NEWS_SECONDS)


async def test_whoever_dies_over_it_leaves_it_to_the_next(store: DatabaseStore) -> None:
    """When the lease is over, whether it was claimed or asked for; what a stale one drew is drawn anew."""
    stale = await store.home_tabs.open_tab(TEAM, ADA, T0, LEASE)
    assert await _claimed(store, LEASE - 1) == []
    [tab] = await _claimed(store, LEASE)
    await store.home_tabs.finish_tab(stale, "old", at(LEASE + 1))
    await store.home_tabs.finish_tab(tab, "new", at(LEASE + 2))
    assert await store.home_tabs.next_tab_at(T0) == at(LEASE + 2 + NEWS_SECONDS)
    await store.home_tabs.finish_tab(stale, "old", at(LEASE + 3))
    [again] = await _claimed(store, LEASE * 2)
    assert again.shown is None


async def test_who_looks_at_it_takes_it_from_whoever_draws(store: DatabaseStore) -> None:
    """What a reader does is drawn at once, for those who have theirs open."""
    first = await store.home_tabs.open_tab(TEAM, ADA, T0, LEASE)
    [mine] = await store.home_tabs.take_tabs(TEAM, [ADA, BOB], at(1), LEASE)
    assert mine.generation > first.generation
    assert await store.home_tabs.take_tabs(OTHER, [ADA], at(1), LEASE) == []
    await store.home_tabs.see(TEAM, BOB, at(1))
    assert [tab.user_id for tab in await store.home_tabs.take_tabs(TEAM, [BOB], at(2), LEASE)] == [BOB]


async def test_a_tab_is_open_for_a_day_after_it_was_seen(store: DatabaseStore) -> None:
    """Then nothing of it is kept."""
    await _followed(store)
    await _drawn(store)
    await store.home_tabs.see(TEAM, ADA, at(1))
    assert await store.home_tabs.take_tabs(TEAM, [ADA], at(OPEN_SECONDS), LEASE) != []
    await _told(store, OPEN_SECONDS + 1)
    assert await _claimed(store, OPEN_SECONDS + LEASE) == []
    await store.upkeep.clean(at(OPEN_SECONDS + LEASE))
    assert (await store.stored_data.of_person(ADA)).keys().isdisjoint({"home_tabs"})


async def test_what_slack_does_not_take_is_tried_later(store: DatabaseStore) -> None:
    """How often it was, is counted; and what is there is not known."""
    tab = await store.home_tabs.open_tab(TEAM, ADA, T0, LEASE)
    await store.home_tabs.put_off_tab(tab, at(5))
    assert await _claimed(store, 4) == []
    [again] = await _claimed(store, 5)
    assert (again.attempts, again.shown) == (1, None)
    await store.home_tabs.finish_tab(again, "there", at(5))
    [mine] = await store.home_tabs.take_tabs(TEAM, [ADA], at(6), LEASE)
    assert (mine.attempts, mine.shown) == (0, "there")


async def test_a_workspace_gets_as_many_as_slack_takes(store: DatabaseStore) -> None:
    """In a minute, over all processes; another workspace has as many of its own."""
    people = [f"U{number:03}" for number in range(DRAWN_A_MINUTE + 5)]
    for team_id, user_ids in ((TEAM, people), (OTHER, [ADA])):
        for each in user_ids:
            tab = await store.home_tabs.open_tab(team_id, each, T0, LEASE)
            await store.home_tabs.put_off_tab(tab, at(1))
    found = [*await _claimed(store, 2), *await _claimed(store, 2)]
    assert sum(tab.team_id == TEAM for tab in found) == DRAWN_A_MINUTE
    assert [tab.user_id for tab in found if tab.team_id == OTHER] == [ADA]
    for tab in found:
        await store.home_tabs.finish_tab(tab, "there", at(3))
    assert await _claimed(store, 62) == []
    assert len(await _claimed(store, 64)) == 5


async def test_what_a_clock_wrote_that_was_ahead_holds_nothing_up(store: DatabaseStore) -> None:
    """It is set back by an hour: nobody waits for it to pass, be it for a lease, news, or Slack's limit."""
    await _followed(store)
    await store.home_tabs.open_tab(TEAM, BOB, at(HOUR), LEASE)  # and its process dies
    for number in range(DRAWN_A_MINUTE):
        await _drawn(store, f"U{number:03}", HOUR)
    await _drawn(store, ADA, HOUR)
    await _told(store, 1)
    for _ in range(2):  # twice does no harm
        await store.home_tabs.rebase_tabs(at(2), at(2 + LEASE))
    assert await store.home_tabs.next_tab_at(T0) == at(2 + LEASE)
    assert {tab.user_id for tab in await _claimed(store, 62 + LEASE)} == {ADA, BOB}
    assert await store.home_tabs.take_tabs(TEAM, ["U001"], at(2 + OPEN_SECONDS), LEASE) == []


async def test_who_is_gone_has_no_tab(store: DatabaseStore) -> None:
    """A person, and everybody where the bot has left."""
    for each in (ADA, BOB):
        await _drawn(store, each)
    await store.subscriptions.forget_user(TEAM, ADA, at(1))
    assert [tab.user_id for tab in await store.home_tabs.take_tabs(TEAM, [ADA, BOB], at(2), LEASE)] == [BOB]
    await store.subscriptions.end_team(TEAM, "app_uninstalled", at(3))
    assert await store.home_tabs.take_tabs(TEAM, [ADA, BOB], at(4), LEASE) == []
