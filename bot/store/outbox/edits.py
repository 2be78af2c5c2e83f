"""What delivery asks about cards: the next one to edit, and its outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import structlog
from sqlalchemy import ColumnElement, Row, and_, case, exists, func, select, update

from bot.domain.channels.feed_post import feed_post_mark
from bot.domain.curves.run_doctor import Finding
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.ports import Edit, Lane, Later, Outcome, Over, Sent
from bot.store.database.connection import Connected
from bot.store.database.lazy_database import LazyDatabase
from bot.store.database.transaction import StaleLeaseError, StoreQueries, writes
from bot.store.home_tabs import draw_homes
from bot.store.jobs.finished_jobs import earlier_of
from bot.store.outbox.lanes import hold, release
from bot.store.outbox.post_facts import feed_mentions, finding_of, group_of, hidden_findings
from bot.store.rows import UnreadableRowError, moment, read_document, read_subscription
from bot.store.subscriptions.feed_threads import close_feed, hold_feed
from bot.store.subscriptions.threads import Threads
from bot.store.tables import is_waiting, job_documents, outbox, subscriptions

_NO_WISH: Final[dict[str, Any]] = {"card_wished_at": None, "card_next_try_at": 0, "card_attempts": 0}

_log = structlog.stdlib.get_logger(__name__)


class EditQueries(StoreQueries):
    """See `bot.domain.ports.OutboxStore`. The lane is held last: see `bot.store.subscriptions.threads`."""

    def __init__(self, database: LazyDatabase) -> None:
        super().__init__(database)
        self._threads = Threads(database)

    async def take_edit(self, lane: Lane, now: datetime) -> Edit | None:
        """See the port."""
        try:
            return await self._take_edit(lane, now)
        except StaleLeaseError:
            return None

    async def finish_edit(
        self, lane: Lane, edit: Edit, outcome: Outcome, now: datetime, *, lane_free_at: datetime
    ) -> bool:
        """See the port."""
        try:
            await self._finish_edit(lane, edit, outcome, now, lane_free_at)
        except StaleLeaseError:
            return False
        return True

    @writes
    async def _take_edit(self, connection: Connected, lane: Lane, now: datetime) -> Edit | None:
        wanted = (
            select(subscriptions, job_documents.c.document, job_documents.c.seen_at, job_documents.c.finding)
            .join(job_documents, _is_its_document())
            .where(_is_ready(lane), subscriptions.c.card_next_try_at <= now.timestamp())
            .order_by(subscriptions.c.card_wished_at)
            .limit(1)
        )
        while (row := (await connection.execute(wanted)).first()) is not None:
            try:
                document, group = read_document(row.document), await group_of(connection, row)
                finding = await finding_of(connection, row, row.finding)
                if not _is_as_posted(row, document, finding):
                    break
            except UnreadableRowError as error:
                # The next document is drawn again; until then the card stays as it is.
                _log.error("a card is not brought up to date", id=row.id, reason=error.detail)
            mine = update(subscriptions).where(subscriptions.c.id == row.id)
            await connection.execute(mine.values(_NO_WISH))
        else:
            await hold(connection, lane)
            await release(connection, lane, _next_try_in(lane, now), now=now, free_at=now)
            return None
        tried = update(subscriptions).where(subscriptions.c.id == row.id)
        tried = tried.values(card_attempts=subscriptions.c.card_attempts + 1)
        attempts = await connection.scalar(tried.returning(subscriptions.c.card_attempts))
        await hold(connection, lane)
        edit = Edit(
            subscription=await read_subscription(connection, row),
            version=row.card_version,
            document=document,
            seen_at=moment(row.seen_at),
            attempts=attempts or 1,
            earlier=await earlier_of(connection, row, document),
            finding=finding,
            group=group,
        )
        hidden = await hidden_findings(connection, row) if edit.wants_metrics else frozenset()
        has_failed = edit.subscription.is_feed_post and document.status is JobStatus.FAILED
        mentions = await feed_mentions(connection, row, now, is_card=True) if has_failed else {}
        return replace(edit, hidden_findings=hidden, **mentions)

    @writes
    async def _finish_edit(  # noqa: PLR0913, PLR0917  (the port's)
        self,
        connection: Connected,
        lane: Lane,
        edit: Edit,
        outcome: Outcome,
        now: datetime,
        lane_free_at: datetime,
    ) -> None:
        if isinstance(outcome, Over):
            await hold_feed(self.database, connection, edit.subscription)
            key = edit.subscription.org_id, edit.subscription.request_id
            await self._threads.lock_jobs(connection, [key])
            await self._threads.end_one(
                connection, edit.subscription.id, outcome.ending, outcome.detail, now=now
            )
            await close_feed(self.database, connection, edit.subscription, outcome.ending)
        mine = subscriptions.c.id == edit.subscription.id
        await connection.execute(update(subscriptions).where(mine).values(_written(edit, outcome)))
        await draw_homes(self.database, connection, lane.team_id, edit.subscription.id, now)
        await hold(connection, lane)
        await release(connection, lane, _next_try_in(lane, now), now=now, free_at=lane_free_at)


def _is_as_posted(row: Row[Any], document: TrainingJob, finding: Finding | None) -> bool:
    """Whether a feed's post would look as it does already. A card says more, and is always edited."""
    if row.feed_post_mark is None:
        return False
    mark: str = row.feed_post_mark
    return mark == feed_post_mark(document, finding, is_over=row.ended is not None)


def _written(edit: Edit, outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Later(at=at):
            return {"card_next_try_at": at.timestamp()}
        case Over():
            return {"card_wished_at": None}
        case _:
            # Wished for again meanwhile: it stays due, and its tries are counted anew.
            is_newest = subscriptions.c.card_version == edit.version
            wished_at = case((is_newest, None), else_=subscriptions.c.card_wished_at)
            values: dict[str, Any] = {"card_wished_at": wished_at, "card_next_try_at": 0, "card_attempts": 0}
            if edit.subscription.is_feed_post and isinstance(outcome, Sent):
                is_over = not edit.subscription.is_active
                values["feed_post_mark"] = feed_post_mark(edit.document, edit.finding, is_over=is_over)
            return values


def _is_its_document() -> ColumnElement[bool]:
    return and_(
        job_documents.c.org_id == subscriptions.c.org_id,
        job_documents.c.request_id == subscriptions.c.request_id,
    )


def _is_ready(lane: Lane) -> ColumnElement[bool]:
    """Queued, standing in Slack, and with no message waiting that has to go first."""
    has_messages = exists().where(outbox.c.subscription_id == subscriptions.c.id, is_waiting)
    return and_(
        subscriptions.c.team_id == lane.team_id,
        subscriptions.c.card_wished_at.is_not(None),
        subscriptions.c.card_ts.is_not(None),
        ~has_messages,
    )


def _next_try_in(lane: Lane, now: datetime) -> ColumnElement[float]:
    """What is due is found at once; all of them are looked through only where nothing is.

    Needs the document as `EditQueries.take_edit` does, or the lane would be due for nothing.
    """
    next_try_at = subscriptions.c.card_next_try_at

    def ready(wanted: Any) -> Any:
        return (
            select(wanted).join_from(subscriptions, job_documents, _is_its_document()).where(_is_ready(lane))
        )

    due = ready(next_try_at).where(next_try_at <= now.timestamp())
    due = due.order_by(subscriptions.c.card_wished_at).limit(1)
    return func.coalesce(due.scalar_subquery(), ready(func.min(next_try_at)).scalar_subquery())
