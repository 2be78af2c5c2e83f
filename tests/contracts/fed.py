"""Feeds, and what a list says, for the contract."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.job import JobSummary
from bot.domain.job.reading import read_status
from bot.domain.ports import ClaimedList, FedJob
from bot.store.store import DatabaseStore
from tests.contracts.facts import ADA, CHANNEL, LEASE, ORG, T0, TEAM, job, state


def feed_of(*words: str, channel_id: str = CHANNEL, team_id: str = TEAM, user_id: str = ADA) -> Feed:
    """As ``feed on`` with these words makes it."""
    return Feed(team_id, channel_id, ORG, user_id, read_feed_query(words), T0)


def row(
    request_id: str, status: str = "RUNNING", updated_at: datetime | None = T0, **more: Any
) -> JobSummary:
    """A row of the list."""
    return JobSummary(request_id, "a run", read_status(status), status, updated_at=updated_at, **more)


def fed(request_id: str, status: str, *feeds: Feed, now: datetime = T0) -> FedJob:
    """A job that reached this status."""
    return FedJob(
        feeds=feeds or (feed_of(),),
        row=row(request_id, status, now),
        state=state(status, request_id, now),
        document=job(status, request_id),
        next_look_at=now,
    )


async def claimed(store: DatabaseStore, now: datetime) -> ClaimedList:
    """The list, which is due."""
    claim = await store.watches.claim_list(ORG, now, LEASE)
    assert claim is not None
    return claim


async def fed_into(store: DatabaseStore, now: datetime, *posts: FedJob) -> None:
    """One pass over the list, in which these jobs have moved."""
    claim = await claimed(store, now)
    assert await store.feeds.finish_feed(claim, [post.row for post in posts], posts, now)
    assert await store.watches.finish_list(claim, now)
