"""Channel feeds: who is told about which jobs, and the threads that come of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, Text, and_, case, delete, exists, insert, null, select, update

from bot.domain.channels.feed import Feed
from bot.domain.commands.query import Query
from bot.domain.commands.stored_query import query_to_json
from bot.domain.job import JobSummary
from bot.domain.job.changes import status_of
from bot.domain.ports import ClaimedList, FedJob, Listed
from bot.domain.subscriptions.subscription import Ending, Mode
from bot.store.database.connection import Connected
from bot.store.database.dialect import packed
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.jobs.listed_jobs import (
    begin_listing,
    forget_listing_if_unwanted,
    keep_listed,
    listed_statuses,
    note_missing,
    refresh_listed,
    wants_list,
)
from bot.store.subscriptions.feed_rows import read_feed, statuses_in
from bot.store.subscriptions.feed_threads import FeedThreads
from bot.store.subscriptions.threads import Threads
from bot.store.tables import feeds, organisations, subscribers, subscriptions

_log = structlog.stdlib.get_logger(__name__)

_Place = tuple[str, str]
"""Team and channel."""


class FeedQueries(StoreQueries):
    """See `FeedStore`. The organisation's row is held first: see `listed_jobs`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)
        self._fed_threads = FeedThreads(database)

    @reads
    async def feed(self, connection: Connected, team_id: str, channel_id: str, org_id: str) -> Feed | None:
        """See the port."""
        wanted = select(feeds).where(_is(team_id, channel_id, org_id))
        row = (await connection.execute(wanted)).first()
        return None if row is None else read_feed(row)

    @reads
    async def feeds(self, connection: Connected, org_id: str) -> Sequence[Feed]:
        """See the port."""
        found = [read_feed(row) for row in await connection.execute(_of(org_id))]
        return [feed for feed in found if feed is not None]

    @reads
    async def listed(self, connection: Connected, org_id: str) -> Listed:
        """See the port."""
        since = select(organisations.c.listed_since).where(organisations.c.org_id == org_id)
        is_whole = await connection.scalar(since) is not None
        return Listed(await listed_statuses(connection, org_id), is_whole)

    @writes
    async def set_feed(
        self,
        connection: Connected,
        feed: Feed,
        jobs: Sequence[JobSummary],
        now: datetime,
        *,
        is_whole: bool = True,
    ) -> bool:
        """See the port. A feed that was on misses nothing by being changed."""
        organisation = await begin_listing(self.database, connection, feed.org_id)
        is_known = organisation.listed_since is not None
        already = await self._ahead(connection, feed.org_id, jobs) if is_known else {}
        mention = feed.mention.as_text() if feed.mention else None
        values = {"user_id": feed.user_id, "query": query_to_json(feed.query), "mention": mention}
        changed = update(feeds).where(_is(feed.team_id, feed.channel_id, feed.org_id)).values(values)
        is_new = not (await connection.execute(changed)).rowcount
        if is_new:
            place = {"team_id": feed.team_id, "channel_id": feed.channel_id, "org_id": feed.org_id}
            more = {"already": json.dumps(already), "created_at": feed.created_at.timestamp()}
            await connection.execute(insert(feeds).values({**place, **values, **more}))
        if not is_known:
            await keep_listed(self.database, connection, feed.org_id, jobs)
        await self._expect_list(connection, feed.org_id, now if is_whole and not is_known else None)
        return is_new

    async def _ahead(
        self, connection: Connected, org_id: str, jobs: Sequence[JobSummary]
    ) -> Mapping[str, str]:
        """What has changed since the last list."""
        known = await listed_statuses(connection, org_id)
        return {job.request_id: status_of(job) for job in jobs if known.get(job.request_id) != status_of(job)}

    async def _expect_list(self, connection: Connected, org_id: str, listed_since: datetime | None) -> None:
        """A list was just had: however it was refused earlier, it is asked for again."""
        refused = organisations.c.list_refused_until.is_not(None)
        values: dict[str, Any] = {
            "next_list_at": case((refused, null()), else_=organisations.c.next_list_at),
            "list_refused_until": None,
        }
        if listed_since is not None:
            values["listed_since"] = listed_since.timestamp()
        await connection.execute(update(organisations).where(organisations.c.org_id == org_id).values(values))

    @writes
    async def drop_feed(
        self, connection: Connected, team_id: str, channel_id: str, org_id: str, now: datetime
    ) -> Feed | None:
        """See the port."""
        await begin_listing(self.database, connection, org_id)
        gone = delete(feeds).where(_is(team_id, channel_id, org_id)).returning(feeds)
        row = (await connection.execute(gone)).first()
        if row is None:
            return None
        fed = select(subscriptions).where(
            subscriptions.c.team_id == team_id,
            subscriptions.c.channel_id == channel_id,
            subscriptions.c.org_id == org_id,
            subscriptions.c.is_fed,
            subscriptions.c.ended.is_(None),
        )
        keys = {(each.org_id, each.request_id) for each in await connection.execute(fed)}
        await self._threads.lock_jobs(connection, keys)
        # Asked again: somebody may have joined or ended one meanwhile.
        threads = (await connection.execute(fed)).all()
        waited_in = await self._leave_to_waiters(connection, threads)
        over = [each for each in threads if each.id not in waited_in]
        await self._threads.wish_edits(connection, [each for each in threads if each.id in waited_in], now)
        await self._threads.end(connection, over, Ending.FEED_OFF, now)
        await forget_listing_if_unwanted(self.database, connection, org_id)
        # What cannot be read can be switched off all the same.
        return read_feed(row) or Feed(team_id, channel_id, org_id, row.user_id, Query(), now)

    async def _leave_to_waiters(self, connection: Connected, rows: Sequence[Row[Any]]) -> set[str]:
        """Those of these threads that have an alert report that, and nothing else."""
        given = self.database.rows(id=Text)
        theirs = update(subscriptions).where(
            subscriptions.c.id.in_(select(given.c.id)),
            exists().where(subscribers.c.subscription_id == subscriptions.c.id),
        )
        left = theirs.values(is_fed=False, mode=Mode.CONDITIONS.value).returning(subscriptions.c.id)
        return set(await connection.scalars(left, packed({"id": row.id} for row in rows)))

    @writes
    async def finish_feed(  # noqa: PLR0913  (the port's)
        self,
        connection: Connected,
        claim: ClaimedList,
        rows: Sequence[JobSummary],
        posts: Sequence[FedJob],
        now: datetime,
        *,
        is_whole: bool = True,
        believed: Collection[str] = (),
    ) -> bool:
        """See the port. Where nobody wants the list any more nothing is kept or told."""
        organisation = await begin_listing(self.database, connection, claim.org_id)
        if organisation.generation != claim.generation:
            return False
        if not await connection.scalar(select(wants_list(claim.org_id))):
            return True
        if is_whole and organisation.listed_since is None:
            mine = organisations.c.org_id == claim.org_id
            await connection.execute(update(organisations).where(mine).values(listed_since=now.timestamp()))
        already = await self._already(connection, claim.org_id, rows)
        await keep_listed(self.database, connection, claim.org_id, rows, believed)
        wanted = [(post, _places(post, already)) for post in posts]
        await self._fed_threads.open(connection, [each for each in wanted if each[1]], now)
        return True

    @writes
    async def refresh_listed(self, connection: Connected, org_id: str, rows: Sequence[JobSummary]) -> None:
        """See the port."""
        await begin_listing(self.database, connection, org_id)
        await refresh_listed(self.database, connection, org_id, rows)

    @writes
    async def note_missing(
        self, connection: Connected, org_id: str, request_ids: Collection[str], now: datetime
    ) -> None:
        """See the port."""
        await begin_listing(self.database, connection, org_id)
        await note_missing(self.database, connection, org_id, request_ids, now)

    async def _already(
        self, connection: Connected, org_id: str, rows: Sequence[JobSummary]
    ) -> Mapping[_Place, Mapping[str, str]]:
        """What is not news to each feed; it is forgotten for the jobs of these rows."""
        news = {row.request_id for row in rows}
        found: dict[_Place, Mapping[str, str]] = {}
        for row in (await connection.execute(_of(org_id))).all():
            already = statuses_in(row.already)
            found[row.team_id, row.channel_id] = already
            if news & already.keys():
                rest = {key: status for key, status in already.items() if key not in news}
                forgotten = update(feeds).where(_is(row.team_id, row.channel_id, org_id))
                await connection.execute(forgotten.values(already=json.dumps(rest)))
        return found


def _places(post: FedJob, already: Mapping[_Place, Mapping[str, str]]) -> Sequence[_Place]:
    """Where it is to be told: the feeds that are still on, and have not begun with it."""
    request_id, status = post.row.request_id, status_of(post.row)
    places = [(feed.team_id, feed.channel_id) for feed in post.feeds]
    return [each for each in places if each in already and already[each].get(request_id) != status]


def _is(team_id: str, channel_id: str, org_id: str) -> ColumnElement[bool]:
    return and_(feeds.c.team_id == team_id, feeds.c.channel_id == channel_id, feeds.c.org_id == org_id)


def _of(org_id: str) -> Any:
    return select(feeds).where(feeds.c.org_id == org_id).order_by(feeds.c.team_id, feeds.c.channel_id)
