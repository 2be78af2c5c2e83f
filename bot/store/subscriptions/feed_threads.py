"""The threads that feeds open, and what closes a feed for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, delete, exists, select, update

from bot.domain.job import JobStatus, TrainingJob
from bot.domain.ports import FedJob
from bot.domain.subscriptions.fed_ends import ToldEnd, is_newer_end, told_as_by_looks, told_end
from bot.domain.subscriptions.notifications.notices import ThreadCard
from bot.domain.subscriptions.subscription import AFTER_THE_END, LONGEST, Ending, Spot, Subscription
from bot.domain.subscriptions.watch_state import WatchedState
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect
from bot.store.jobs.listed_jobs import begin_listing, forget_listing_if_unwanted
from bot.store.rows import ending_of, moment_if, seconds_if
from bot.store.subscriptions.alerts import examine
from bot.store.subscriptions.departures import TO_THE_FEED
from bot.store.subscriptions.documents import Documents
from bot.store.subscriptions.subscribe import active_row, hold_watched, new_thread
from bot.store.subscriptions.threads import JobKey, Message, Threads
from bot.store.tables import DROPPED, SENT, feeds, is_waiting, outbox, subscriptions

_Wanted = tuple[FedJob, Sequence[tuple[str, str]]]
"""A job, and the teams and channels in which it is to be posted."""

EXAMINED_AFTER: Final = timedelta(minutes=1)
"""Delay before the first metrics check of a running job that a feed posts: there may be many at once."""
_DELETED: Final = frozenset({Ending.THREAD_GONE, Ending.CARD_GONE})


class FeedThreads:
    """Every method runs in the caller's transaction, and takes locks in the order of `threads`."""

    def __init__(self, database: Dialect) -> None:
        self._database = database
        self._threads = Threads(database)
        self._documents = Documents(database)

    async def open(self, connection: Connected, wanted: Sequence[_Wanted], now: datetime) -> None:
        """A thread for each job in each of its channels, unless one is active there."""
        posts = sorted(wanted, key=lambda each: each[0].row.request_id)
        if not posts:
            return
        org_id = posts[0][0].feeds[0].org_id
        keys = [(org_id, post.row.request_id) for post, _ in posts]
        states = [
            await hold_watched(self._database, connection, key, post.state, post.next_look_at)
            for key, (post, _) in zip(keys, posts, strict=True)
        ]
        documents = {
            key: (post.document, post.state.seen_at) for key, (post, _) in zip(keys, posts, strict=True)
        }
        await self._documents.keep(connection, documents)
        messages: list[Message] = []
        again: list[Row[Any]] = []
        for key, state, (post, places) in zip(keys, states, posts, strict=True):
            told = told_as_by_looks(state, post.document, post.told, now)
            for place in places:
                made = await self._thread(connection, key, state, place, post.document, now)
                if isinstance(made, Message):
                    messages.append(made)
                    messages.append(Message(made.subscription, _thread_card(made, now)))
                    # Where others follow the job, the next look tells every thread what this card shows.
                    messages += [
                        Message(made.subscription, each, is_said=True) for each in (*told.ends, *told.added)
                    ]
                elif made is not None:
                    again.append(made)
                    messages += [Message(made, each) for each in told.ends]
                    messages += [Message(made, each, is_said=True) for each in told.added]
        await self._threads.drop_unwatched(connection, keys)  # where every thread was active, or unwanted
        threads = [*again, *(each.subscription for each in messages)]
        await self._examine(connection, dict(zip(keys, states, strict=True)), threads, now)
        await self._threads.wish_edits(connection, again, now)
        await self._threads.enqueue(connection, messages, now)

    async def _examine(
        self,
        connection: Connected,
        states: Mapping[JobKey, WatchedState],
        threads: Sequence[Row[Any]],
        now: datetime,
    ) -> None:
        """The run doctor checks the jobs that have a thread now: those that run, and those that completed.

        Nobody waited for a look at what the latter logged, so it comes at once: the card then says what is
        wrong with it.
        """
        shown = {(row.org_id, row.request_id) for row in threads}
        delays = {JobStatus.RUNNING: EXAMINED_AFTER, JobStatus.COMPLETED: timedelta()}
        due = {
            key: now + delays[state.job.status]
            for key, state in states.items()
            if key in shown and state.job.status in delays
        }
        await examine(self._database, connection, due)

    async def _thread(  # noqa: PLR0913, PLR0917  (what a thread is made of)
        self,
        connection: Connected,
        key: JobKey,
        state: WatchedState,
        place: tuple[str, str],
        document: TrainingJob,
        now: datetime,
    ) -> Message | Row[Any] | None:
        """The card of a new thread, or one that is opened again; None where there is to be none."""
        if await active_row(connection, Spot(*place, *key)) is not None:
            return None
        earlier = await self._earlier(connection, key, place)
        if earlier is not None and _is_unwanted(earlier):
            return None
        end = {**_end(state, now), **told_columns(document)}
        if earlier is not None and await self._has_card(connection, earlier):
            if not is_newer_end(document, _told(earlier)):
                return None
            return await self._open_again(connection, earlier.id, end, now)
        values = {
            **Spot(*place, *key)._asdict(),
            **TO_THE_FEED,
            "posted_by_feed": True,
            "feed_post_mark": "",
            **end,
        }
        return await new_thread(connection, values, state.job.experiment_name, now)

    async def _has_card(self, connection: Connected, row: Row[Any]) -> bool:
        """Whether its card stands in the channel, or is still to come."""
        waits = exists().where(outbox.c.subscription_id == row.id, is_waiting)
        return row.card_ts is not None or bool(await connection.scalar(select(waits)))

    async def _open_again(
        self, connection: Connected, subscription_id: str, end: dict[str, Any], now: datetime
    ) -> Row[Any]:
        """The job is watched anew: what was told about it long ago may be told again, of another run.

        And for as long as in a new thread, whenever this one was made.
        """
        begun = {"created_at": now.timestamp(), "ended": None, "ended_detail": "", "ended_at": None}
        again = update(subscriptions).where(subscriptions.c.id == subscription_id)
        again = again.values(**begun, **TO_THE_FEED, **end)
        row: Row[Any] = (await connection.execute(again.returning(subscriptions))).one()
        told = outbox.c.subscription_id == subscription_id, outbox.c.state.in_((SENT, DROPPED))
        await connection.execute(delete(outbox).where(*told))
        return row

    async def _earlier(self, connection: Connected, key: JobKey, place: tuple[str, str]) -> Row[Any] | None:
        """The last thread about this job that a feed opened there, with its card or about to."""
        wanted = select(subscriptions).where(
            subscriptions.c.org_id == key[0],
            subscriptions.c.request_id == key[1],
            subscriptions.c.team_id == place[0],
            subscriptions.c.channel_id == place[1],
            subscriptions.c.posted_by_feed,
        )
        return (await connection.execute(wanted.order_by(subscriptions.c.created_at.desc()).limit(1))).first()


def _thread_card(post: Message, now: datetime) -> ThreadCard:
    """The whole card, as a reply to the post."""
    return ThreadCard(once_key="card", at=now, name=post.notification.name)


def _is_unwanted(row: Row[Any]) -> bool:
    """Somebody there deleted the post or stopped it for all: no feed posts that job there again."""
    ending = ending_of(row.ended)
    return ending in _DELETED or (ending is Ending.UNSUBSCRIBED and row.is_fed)


def _end(state: WatchedState, now: datetime) -> dict[str, Any]:
    """Subscriptions to a finished job last for a while, to any other as long as can be."""
    if state.finished_seen_at is None:
        return {"ends_at": (now + LONGEST).timestamp(), "ends_because": Ending.EXPIRED.value}
    ends_at = min(state.finished_seen_at + AFTER_THE_END, now + LONGEST)
    return {"ends_at": ends_at.timestamp(), "ends_because": Ending.FINISHED.value}


def told_columns(job: TrainingJob) -> dict[str, Any]:
    """Which end of the job a thread has told that shows it so; nothing while it goes on."""
    end = told_end(job)
    return {} if end is None else {"told_status": end.status.value, "told_end_at": seconds_if(end.at)}


def _told(row: Row[Any]) -> ToldEnd | None:
    return (
        None if row.told_status is None else ToldEnd(JobStatus(row.told_status), moment_if(row.told_end_at))
    )


async def hold_feed(database: Dialect, connection: Connected, subscription: Subscription) -> None:
    """Before the job of a thread that ends because Slack takes no messages there: see `close_feed`."""
    if subscription.is_fed:
        await begin_listing(database, connection, subscription.org_id)


async def close_feed(
    database: Dialect, connection: Connected, subscription: Subscription, ending: Ending
) -> None:
    """Where Slack takes no messages, the feed goes off with its thread: else every job would be tried."""
    if not subscription.is_fed or ending is not Ending.CANNOT_POST:
        return
    gone = delete(feeds).where(
        feeds.c.team_id == subscription.team_id,
        feeds.c.channel_id == subscription.channel_id,
        feeds.c.org_id == subscription.org_id,
    )
    await connection.execute(gone)
    await forget_listing_if_unwanted(database, connection, subscription.org_id)
