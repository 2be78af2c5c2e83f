"""What is asked of the database about channel feeds and the list they are made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.channels.feed import Feed
from bot.domain.job import JobSummary, TrainingJob
from bot.domain.ports.watches import ClaimedList
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.watch_state import WatchedState


@dataclass(frozen=True, slots=True)
class Listed:
    """What is known of the organisation's list."""

    statuses: Mapping[str, str]
    """By request id, as the list last said it; see `bot.domain.job.changes.status_of`."""
    is_whole: bool
    """Every job is among them: one that is not is new. Else nobody is told about anything yet."""


@dataclass(frozen=True, slots=True)
class FedJob:
    """A job to be posted in some channels."""

    feeds: tuple[Feed, ...]
    row: JobSummary
    """Its row in the list."""
    state: WatchedState
    document: TrainingJob
    """From which its card is drawn; see `bot.domain.job.stored.kept`."""
    next_look_at: datetime
    """Where nobody watched it before."""
    told: tuple[Notification, ...] = ()
    """How it ended: told in a thread that is opened again, where nobody would see the card change, and only
    there."""


class FeedStore(Protocol):
    """What the command and the watcher ask."""

    async def feed(self, team_id: str, channel_id: str, org_id: str) -> Feed | None:
        """The channel's feed; None where there is none."""
        ...

    async def set_feed(
        self, feed: Feed, jobs: Sequence[JobSummary], now: datetime, *, is_whole: bool = True
    ) -> bool:
        """Switch it on, or change what it posts. Returns whether it is new.

        ``jobs`` is the list as it is, or with ``is_whole`` unset a part of it: nothing in it is posted by a
        new feed before its status changes.
        """
        ...

    async def drop_feed(self, team_id: str, channel_id: str, org_id: str, now: datetime) -> Feed | None:
        """Switch it off. The threads it opened end, but for those that somebody joined.

        Returns what it was; None where none was on.
        """
        ...

    async def feeds(self, org_id: str) -> Sequence[Feed]:
        """Every feed of the organisation."""
        ...

    async def listed(self, org_id: str) -> Listed:
        """What is known of the organisation's list."""
        ...

    async def finish_feed(  # noqa: PLR0913  (all that one pass has to say)
        self,
        claim: ClaimedList,
        rows: Sequence[JobSummary],
        posts: Sequence[FedJob],
        now: datetime,
        *,
        is_whole: bool = True,
        believed: Collection[str] = (),
    ) -> bool:
        """Keep what these rows of the list say, and open a thread for each job in its feeds' channels.

        ``is_whole``: with these rows all of the list is known. Those of the ``believed`` are kept though they
        are older than what was known: Simplismart's clock may have been put back. One transaction.
        False for a stale lease.
        Where a thread about the job is active in a channel, none is opened. One that the feed opened
        earlier is opened again, unless people have stopped it or deleted its card, or it has told this end.
        """
        ...

    async def refresh_listed(self, org_id: str, rows: Sequence[JobSummary]) -> None:
        """Keep when these rows were updated, whose jobs are finished as they were."""
        ...

    async def note_missing(self, org_id: str, request_ids: Collection[str], now: datetime) -> None:
        """Of the jobs that are kept the list has all but these; one that is missing for long is forgotten."""
        ...
