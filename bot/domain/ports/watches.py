"""What the watcher asks of the database."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.curves.run_doctor import Finding
from bot.domain.history import FinishedJob
from bot.domain.job import JobSummary, TrainingJob
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending
from bot.domain.subscriptions.watch_state import WatchedState


@dataclass(frozen=True, slots=True)
class ClaimedJob:
    """A watched job that this process may look at until the lease runs out."""

    org_id: str
    request_id: str
    generation: int
    state: WatchedState
    due_at: datetime
    """When it wanted to be looked at."""


@dataclass(frozen=True, slots=True)
class ClaimedList:
    """An organisation whose list this process may fetch until the lease runs out."""

    org_id: str
    generation: int
    failures: int
    """List requests in a row that failed."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a job came to; stored whole or, for a stale lease, not at all."""

    claim: ClaimedJob
    state: WatchedState
    next_look_at: datetime
    notifications: tuple[Notification, ...] = ()
    """For every active subscription of the job, each as `copy_for` says."""
    document: TrainingJob | None = None
    """What the card is drawn from now; None: as before. Every active card is then queued for an edit."""
    row: JobSummary | None = None
    """Or this row of the list is laid over the stored document, by `bot.domain.job.stored.with_row`; every
    active card is then queued for an edit too. Never together with ``document``."""
    is_redrawn: bool = False
    """Every active card is queued for an edit, though drawn from the same as before: time has passed."""
    fingerprint: int | None = None
    """Of the job's row in the list, where this look came from there; None: as before."""
    ends_at: datetime | None = None
    """The job is finished: its subscriptions end then, unless it restarts (None)."""
    ends_now: Ending | None = None
    """Its active subscriptions end with this look, after ``notifications``."""
    examine_at: datetime | None = None
    """Its metrics are checked then, or earlier where that was wanted before; None: as before."""
    finished: FinishedJob | None = None
    """The job ended: to be remembered."""
    findings: tuple[Finding, ...] = ()
    """What the run doctor found before a completion among ``notifications`` is told, the worst first: it says
    the first that nobody silenced, which then counts as told."""


@dataclass(frozen=True, slots=True)
class ListPlan:
    """How the organisation is watched now."""

    watched: int
    """How many jobs of the organisation are watched; beyond 1,000 nobody counts on."""
    next_look_at: datetime | None
    """The earliest look any of them is due for."""
    list_refused_until: datetime | None
    next_list_at: datetime | None
    api_down_since: datetime | None
    wants_list: bool = False
    """A feed or a digest needs the whole list, however few jobs are watched."""


class WatchStore(Protocol):
    """What the watcher asks."""

    async def plan(self, org_id: str) -> ListPlan:
        """How the organisation is to be watched."""
        ...

    async def due_work(self, until: datetime | None, *, by_list: bool = True) -> Mapping[str, datetime]:
        """Every organisation for which a watcher has something to do by then, the most overdue first.

        None: at any time. What somebody holds is due when the lease is over. Without ``by_list`` a list is
        only due for feeds and digests.
        """
        ...

    async def claim_jobs(
        self,
        org_id: str,
        now: datetime,
        lease_seconds: float,
        limit: int,
        *,
        due_by: datetime | None = None,
    ) -> Sequence[ClaimedJob]:
        """Jobs whose look is due now, or by another moment, most overdue first."""
        ...

    async def claim_list(self, org_id: str, now: datetime, lease_seconds: float) -> ClaimedList | None:
        """The organisation's list, if it is due and nobody holds it."""
        ...

    async def fingerprints(self, org_id: str) -> Mapping[str, int]:
        """The fingerprint of every watched job's last row in the list; 0 where none was seen yet."""
        ...

    async def claim_these(
        self, org_id: str, request_ids: Iterable[str], now: datetime, lease_seconds: float
    ) -> Sequence[ClaimedJob]:
        """These jobs, due or not; those that somebody else holds are left out."""
        ...

    async def finish_looks(self, looks: Sequence[Look], now: datetime) -> int:
        """Write state, outbox, card edits and next poll in one transaction. Returns how many counted."""
        ...

    async def finish_list(
        self,
        claim: ClaimedList,
        next_list_at: datetime,
        *,
        failures: int = 0,
        refused_until: datetime | None = None,
    ) -> bool:
        """Release the list. False for a stale lease."""
        ...

    async def api_failed(
        self, org_id: str, now: datetime, told_after_seconds: float, *, longest_gap_seconds: float = math.inf
    ) -> None:
        """Simplismart did not answer: remember since when, and tell every thread once it is time.

        Only time between looks counts: where the last one that failed was longer ago than
        ``longest_gap_seconds``, or by a clock that was ahead, nobody knows what was meanwhile, and the outage
        that is told begins anew.
        """
        ...

    async def api_answered(self, org_id: str, now: datetime) -> None:
        """It answered: tell those who were told that it did not."""
        ...

    async def rebase_looks(self, org_id: str, latest: datetime, latest_rare: datetime) -> None:
        """The clock jumped: nothing that is due by an interval, and no lease, waits longer than until then.

        ``latest_rare`` is for what is done once an hour: metrics checks, and a list that was refused.
        """
        ...

    async def end_overdue(self, now: datetime, limit: int) -> int:
        """End subscriptions whose time is over, with a last word in the outbox. Returns how many."""
        ...
