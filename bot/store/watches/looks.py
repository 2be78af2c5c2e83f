"""What polls of jobs come to: state, messages, queued edits and endings in one transaction."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Double,
    Executable,
    FromClause,
    Row,
    Text,
    and_,
    case,
    func,
    select,
    tuple_,
    update,
)

from bot.domain.job import TrainingJob
from bot.domain.job.stored import with_row
from bot.domain.ports import Look
from bot.domain.subscriptions.notifications.job_updates import JobEnd
from bot.domain.subscriptions.subscription import LONGEST, Ending
from bot.store.database.connection import Connected
from bot.store.database.dialect import packed
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StoreQueries, writes
from bot.store.jobs.finished_jobs import remember
from bot.store.rows import seconds_if
from bot.store.subscriptions.alerts import examine, silenced
from bot.store.subscriptions.documents import Documents
from bot.store.subscriptions.feed_threads import told_columns
from bot.store.subscriptions.threads import EDITS, JobKey, Threads
from bot.store.tables import subscriptions, watched_jobs
from bot.store.watches.messages import findings_of_polls, messages_of_poll

_LONGEST_SECONDS: Final = LONGEST.total_seconds()


class LookQueries(StoreQueries):
    """See `bot.domain.ports.WatchStore.finish_looks`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)
        self._documents = Documents(database)

    @writes
    async def finish_looks(self, connection: Connected, looks: Sequence[Look], now: datetime) -> int:
        """See the port. Writing the jobs' rows holds them: who subscribes now sees these states."""
        if not looks:
            return 0
        keys = await self._write_states(connection, looks)
        winners = [look for look in looks if _key(look) in keys]
        await self._write_documents(connection, winners)
        hidden = await silenced(self.database, connection, {_key(look) for look in winners if look.findings})
        await self._documents.note_findings(connection, findings_of_polls(winners, hidden))
        await self._wish_edits(connection, winners, now)
        await self._move_ends(connection, winners)
        await self._note_told(connection, winners)
        await remember(self.database, connection, [each.finished for each in winners if each.finished])
        wishes = {_key(look): look.examine_at for look in winners if look.examine_at}
        await examine(self.database, connection, wishes)
        telling = [look for look in winners if look.notifications or look.ends_now]
        followers = await self._followers(connection, telling) if telling else {}
        messages = [
            message
            for look in telling
            for message in messages_of_poll(
                look, followers.get(_key(look), ()), hidden.get(_key(look), ()), now
            )
        ]
        await self._end(connection, telling, followers, now)
        await self._threads.enqueue(connection, messages, now)
        return len(winners)

    async def _write_states(self, connection: Connected, looks: Sequence[Look]) -> set[JobKey]:
        """Release the jobs, with their new states; those of stale leases are left out."""
        given = self.database.rows(
            org_id=Text,
            request_id=Text,
            generation=BigInteger,
            state=Text,
            next_look_at=Double,
            fingerprint=BigInteger,
        )
        rows = await connection.execute(_released(given), packed(map(_row, looks)))
        return {(row.org_id, row.request_id) for row in rows}

    async def _write_documents(self, connection: Connected, looks: Sequence[Look]) -> None:
        """Keep what cards are drawn from."""
        shown = [look for look in looks if look.document or look.row]
        if not shown:
            return
        known = await self._documents.read(connection, {_key(look) for look in shown if look.row})
        kept = {_key(look): (_document(look, known), look.state.seen_at) for look in shown}
        await self._documents.keep(connection, kept)

    async def _wish_edits(self, connection: Connected, looks: Sequence[Look], now: datetime) -> None:
        """Queue edits of the cards of active subscriptions."""
        changed = [look for look in looks if look.document or look.row or look.is_redrawn]
        if not changed:
            return
        given = self.database.rows(org_id=Text, request_id=Text)
        wished = (
            update(subscriptions)
            .where(_follows(given))
            .values(
                card_version=subscriptions.c.card_version + 1,
                card_wished_at=func.coalesce(subscriptions.c.card_wished_at, now.timestamp()),
            )
            .returning(subscriptions.c.team_id)
        )
        teams = await connection.scalars(wished, _packed_keys(changed))
        await self._threads.make_due(connection, {(team, EDITS) for team in teams}, now)

    async def _move_ends(self, connection: Connected, looks: Sequence[Look]) -> None:
        """A finished job's subscriptions end earlier; those of one that restarted as before."""
        rows = [
            {
                "org_id": look.claim.org_id,
                "request_id": look.claim.request_id,
                "ends_at": seconds_if(look.ends_at),
            }
            for look in looks
            if look.ends_at or _was_finished(look)
        ]
        if not rows:
            return
        given = self.database.rows(org_id=Text, request_id=Text, ends_at=Double)
        longest = subscriptions.c.created_at + _LONGEST_SECONDS
        is_finished = and_(given.c.ends_at.is_not(None), given.c.ends_at < longest)
        ends_at = case((is_finished, given.c.ends_at), else_=longest)
        because = case((is_finished, Ending.FINISHED.value), else_=Ending.EXPIRED.value)
        moved = update(subscriptions).where(_follows(given), subscriptions.c.ends_at != ends_at)
        await connection.execute(moved.values(ends_at=ends_at, ends_because=because), packed(rows))

    async def _note_told(self, connection: Connected, looks: Sequence[Look]) -> None:
        """Which end the threads that feeds opened have told: those are not opened again for it."""
        ended = [look for look in looks if any(isinstance(each, JobEnd) for each in look.notifications)]
        if not ended:
            return
        given = self.database.rows(org_id=Text, request_id=Text, told_status=Text, told_end_at=Double)
        told = update(subscriptions).where(_follows(given), subscriptions.c.posted_by_feed)
        told = told.values(told_status=given.c.told_status, told_end_at=given.c.told_end_at)
        rows = [
            {"org_id": look.claim.org_id, "request_id": look.claim.request_id, **told_columns(look.state.job)}
            for look in ended
        ]
        await connection.execute(told, packed(rows))

    async def _followers(
        self, connection: Connected, looks: Sequence[Look]
    ) -> Mapping[JobKey, Sequence[Row[Any]]]:
        given = self.database.rows(org_id=Text, request_id=Text)
        mine = select(given.c.org_id, given.c.request_id)
        wanted = select(subscriptions).where(
            tuple_(subscriptions.c.org_id, subscriptions.c.request_id).in_(mine),
            subscriptions.c.ended.is_(None),
        )
        followers: dict[JobKey, list[Row[Any]]] = defaultdict(list)
        for row in await connection.execute(wanted, _packed_keys(looks)):
            followers[row.org_id, row.request_id].append(row)
        return followers

    async def _end(
        self,
        connection: Connected,
        looks: Sequence[Look],
        followers: Mapping[JobKey, Sequence[Row[Any]]],
        now: datetime,
    ) -> None:
        for ending in {look.ends_now for look in looks}:
            over = [row for look in looks if look.ends_now is ending for row in followers.get(_key(look), ())]
            if ending is not None:
                await self._threads.end(connection, over, ending, now)


@functools.cache
def _released(given: FromClause) -> Executable:
    """The jobs with what is given, where the generation is still the same; returns their keys."""
    return (
        update(watched_jobs)
        .where(
            watched_jobs.c.org_id == given.c.org_id,
            watched_jobs.c.request_id == given.c.request_id,
            watched_jobs.c.generation == given.c.generation,
        )
        .values(
            state=given.c.state,
            next_look_at=given.c.next_look_at,
            due_at=given.c.next_look_at,
            fingerprint=func.coalesce(given.c.fingerprint, watched_jobs.c.fingerprint),
            lease_until=0,
            # Released counts as a new generation too: nothing is finished twice.
            generation=watched_jobs.c.generation + 1,
        )
        .returning(watched_jobs.c.org_id, watched_jobs.c.request_id)
    )


def _key(look: Look) -> JobKey:
    return look.claim.org_id, look.claim.request_id


def _row(look: Look) -> dict[str, Any]:
    return {
        "org_id": look.claim.org_id,
        "request_id": look.claim.request_id,
        "generation": look.claim.generation,
        "state": look.state.to_json(),
        "next_look_at": look.next_look_at.timestamp(),
        "fingerprint": look.fingerprint,
    }


def _packed_keys(looks: Sequence[Look]) -> dict[str, str]:
    return packed({"org_id": org_id, "request_id": request_id} for org_id, request_id in map(_key, looks))


def _document(look: Look, known: Mapping[JobKey, TrainingJob]) -> TrainingJob:
    """What the card is drawn from now: the whole document, or the row laid over what was known."""
    if look.document is not None:
        return look.document
    before = known.get(_key(look), look.state.job)
    return before if look.row is None else with_row(before, look.row)


def _was_finished(look: Look) -> bool:
    """Only then a job can have restarted: all other looks leave the ends where they are."""
    before = look.claim.state
    return before.finished_seen_at is not None or before.job.status.is_finished


def _follows(given: Any) -> Any:
    return and_(
        subscriptions.c.org_id == given.c.org_id,
        subscriptions.c.request_id == given.c.request_id,
        subscriptions.c.ended.is_(None),
    )
