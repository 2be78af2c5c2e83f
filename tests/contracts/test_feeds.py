"""The store: channel feeds, the statuses kept for them, and what is news to each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.subscriptions.subscription import Spot
from bot.store.jobs.listed_jobs import MISSING_FOR
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    ADA,
    BOB,
    CHANNEL,
    ORG,
    T0,
    TEAM,
    at,
    follow,
)
from tests.contracts.fed import claimed, fed, fed_into, feed_of, row

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_feed_is_switched_on_changed_and_off(store: DatabaseStore) -> None:
    """It stays the same feed: since when it is on does not change."""
    assert not (await store.watches.plan(ORG)).wants_list
    assert await store.feeds.set_feed(feed_of(), [row("a")], T0)
    assert (await store.watches.plan(ORG)).wants_list
    other = feed_of("status:running", "model:llama,qwen", "name:eval", user_id=BOB)
    assert not await store.feeds.set_feed(other, [], at(5))
    stored = await store.feeds.feed(TEAM, CHANNEL, ORG)
    assert stored == other
    assert stored.created_at == T0
    assert await store.feeds.feeds(ORG) == [other]
    assert await store.feeds.feed(TEAM, "C2", ORG) is None
    assert await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(6)) == other
    assert await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(7)) is None
    assert await store.feeds.feeds(ORG) == []
    assert not (await store.watches.plan(ORG)).wants_list


async def test_the_list_is_known_while_somebody_wants_it(store: DatabaseStore) -> None:
    """From the list that the first feed began with, until the last one is gone."""
    await store.feeds.set_feed(feed_of(), [row("a"), row("b", "FAILED")], T0)
    await store.feeds.set_feed(feed_of(channel_id="C2"), [row("a")], T0)
    known = await store.feeds.listed(ORG)
    assert (known.statuses, known.is_whole) == ({"a": "RUNNING", "b": "FAILED"}, True)
    await store.feeds.drop_feed(TEAM, CHANNEL, ORG, T0)
    assert (await store.feeds.listed(ORG)).is_whole
    await store.feeds.drop_feed(TEAM, "C2", ORG, T0)
    known = await store.feeds.listed(ORG)
    assert (known.statuses, known.is_whole) == ({}, False)


async def test_a_part_of_a_list_is_none_to_tell_from(store: DatabaseStore) -> None:
    """The passes that follow bring the rest."""
    await store.feeds.set_feed(feed_of(), [row("a")], T0, is_whole=False)
    assert not (await store.feeds.listed(ORG)).is_whole
    first = await claimed(store, T0)
    assert await store.feeds.finish_feed(first, [row("b")], [], T0, is_whole=False)
    assert not (await store.feeds.listed(ORG)).is_whole
    assert await store.feeds.finish_feed(first, [row("c")], [], T0)
    known = await store.feeds.listed(ORG)
    assert (set(known.statuses), known.is_whole) == ({"a", "b", "c"}, True)


async def test_an_older_row_is_not_believed(store: DatabaseStore) -> None:
    """Servers behind one another: what was kept is newer. Of rows that say no time the last counts."""
    await store.feeds.set_feed(feed_of(), [row("a", "FAILED", at(10)), row("b", "QUEUED", None)], T0)
    first = await claimed(store, T0)
    await store.feeds.finish_feed(first, [row("a", "RUNNING", at(5)), row("b", "RUNNING", at(1))], [], T0)
    assert (await store.feeds.listed(ORG)).statuses == {"a": "FAILED", "b": "RUNNING"}
    await store.feeds.finish_feed(first, [row("a", "QUEUED", at(10)), row("b", "FAILED", None)], [], T0)
    assert (await store.feeds.listed(ORG)).statuses == {"a": "QUEUED", "b": "FAILED"}


async def test_what_the_document_says_too_is_believed_whatever_its_time(store: DatabaseStore) -> None:
    """The suite's clock was put back: else the row would be news in every list for ever."""
    await store.feeds.set_feed(
        feed_of(), [row("a", "RUNNING", at(3_600)), row("b", "RUNNING", at(3_600))], T0
    )
    first = await claimed(store, T0)
    rows = [row("a", "FAILED", at(5)), row("b", "FAILED", at(5))]
    await store.feeds.finish_feed(first, rows, [], T0, believed={"a", "elsewhere"})
    assert (await store.feeds.listed(ORG)).statuses == {"a": "FAILED", "b": "RUNNING"}


async def test_a_row_that_moved_after_the_end_is_read_again(store: DatabaseStore) -> None:
    """Only where it is newer, and the status is as it was."""
    rows = [row(each, "FAILED", at(0)) for each in "abc"] + [row("d", "FAILED", None)]
    await store.feeds.set_feed(feed_of(), rows, T0)
    moved = [row("a", "FAILED", at(5)), row("b", "FAILED", at(-5)), row("c", "COMPLETED", at(5))]
    await store.feeds.refresh_listed(ORG, [*moved, row("d", "FAILED", at(5)), row("new", "FAILED", at(5))])
    known = {
        each.request_id: each.updated_at for each in await store.finished_jobs.unrecorded(ORG, at(-60), 10)
    }
    assert known == {"a": at(5), "b": at(0), "c": at(0)}
    assert "new" not in (await store.feeds.listed(ORG)).statuses


async def test_a_job_that_is_missing_for_long_is_forgotten(store: DatabaseStore) -> None:
    """Not one that comes back, nor one that is missing since yesterday; nor another organisation's."""
    await store.feeds.set_feed(feed_of(), [row(each) for each in ("a", "b", "c", "d")], T0)
    await store.feeds.set_feed(replace(feed_of(), org_id="org-2"), [row("a")], T0)
    await store.feeds.note_missing(ORG, {"a", "b"}, T0)
    await store.feeds.note_missing(ORG, {"a", "c"}, T0 + MISSING_FOR / 2)
    await store.feeds.note_missing(ORG, {"a", "b", "c"}, T0 + MISSING_FOR - timedelta(seconds=1))
    assert len((await store.feeds.listed(ORG)).statuses) == 4
    await store.feeds.note_missing(ORG, {"a", "b", "c"}, T0 + MISSING_FOR)
    assert set((await store.feeds.listed(ORG)).statuses) == {"b", "c", "d"}
    assert set((await store.feeds.listed("org-2")).statuses) == {"a"}
    await store.feeds.note_missing(ORG, set(), T0 + 2 * MISSING_FOR)
    assert set((await store.feeds.listed(ORG)).statuses) == {"b", "c", "d"}


async def test_a_list_that_was_refused_is_asked_for_again(store: DatabaseStore) -> None:
    """A person has just had it."""
    await follow(store)
    held = await claimed(store, T0)
    await store.watches.finish_list(held, at(3_600), refused_until=at(3_600))
    await store.feeds.set_feed(feed_of(), [], at(5))
    plan = await store.watches.plan(ORG)
    assert (plan.next_list_at, plan.list_refused_until) == (None, None)


async def test_what_was_so_when_a_feed_began_is_not_posted_by_it(store: DatabaseStore) -> None:
    """The list that it began with was ahead of what was kept; the other feed posts it, and later both do."""
    first, second = feed_of(), feed_of(channel_id="C2")
    await store.feeds.set_feed(first, [row("a"), row("b")], T0)
    assert await store.feeds.set_feed(second, [row("a", "FAILED"), row("b"), row("new", "FAILED")], at(1))
    posts = [fed(each, "FAILED", first, second) for each in ("a", "b", "new")]
    await fed_into(store, at(2), *posts)
    there = {
        each: await store.subscriptions.active(Spot(TEAM, "C2", ORG, each)) for each in ("a", "b", "new")
    }
    assert {each for each, thread in there.items() if thread} == {"b"}
    assert all([await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, each)) for each in there])
    await fed_into(store, at(3), fed("a", "RUNNING", now=at(3)))
    await fed_into(store, at(4), fed("a", "FAILED", first, second, now=at(4)))
    assert await store.subscriptions.active(Spot(TEAM, "C2", ORG, "a")) is not None


async def test_a_feed_that_went_off_meanwhile_posts_nothing(store: DatabaseStore) -> None:
    """Nor is anything kept where nobody wants the list any more."""
    await store.feeds.set_feed(feed_of(), [row("a")], T0)
    held = await claimed(store, T0)
    await store.feeds.drop_feed(TEAM, CHANNEL, ORG, at(1))
    assert await store.feeds.finish_feed(held, [row("a", "FAILED")], [fed("a", "FAILED")], at(2))
    assert await store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, "a")) is None
    assert (await store.feeds.listed(ORG)).statuses == {}
    assert (await store.watches.plan(ORG)).watched == 0


async def test_feeds_of_people_and_workspaces_that_are_forgotten(store: DatabaseStore) -> None:
    """A person's stay on without a name, a workspace's go with all that was kept for them."""
    await store.feeds.set_feed(feed_of(), [row("a")], T0)
    await store.subscriptions.forget_user(TEAM, ADA, T0)
    assert [feed.user_id for feed in await store.feeds.feeds(ORG)] == [""]
    await store.upkeep.forget_team("T2")
    assert (await store.feeds.listed(ORG)).is_whole
    await store.upkeep.forget_team(TEAM)
    assert await store.feeds.feeds(ORG) == []
    assert (await store.feeds.listed(ORG)).statuses == {}
