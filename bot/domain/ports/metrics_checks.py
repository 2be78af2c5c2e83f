"""What is asked of the database about metrics checks: looks at the metrics of jobs that run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.curves.run_doctor import Finding
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult, MetricsFinding
from bot.domain.subscriptions.watch_state import WatchedState


@dataclass(frozen=True, slots=True)
class AlertSubscriber:
    """The subscriber an alert is for."""

    id: str
    subscription_id: str
    user_id: str
    condition: str
    """As `bot.domain.commands.conditions.condition` writes it."""
    since: datetime
    """When it was asked for (aware, UTC)."""


@dataclass(frozen=True, slots=True)
class ClaimedMetricsCheck:
    """A job whose metrics this process may check until the lease runs out."""

    org_id: str
    request_id: str
    generation: int
    state: WatchedState
    """As the last look left it."""
    due_at: datetime
    failures: int
    """Metrics checks in a row for which Simplismart had no answer."""
    silenced: frozenset[str]
    """Findings nobody wants to be told about any more."""
    tells_findings: bool
    """Some active subscription of the job is told about findings."""
    waiters: tuple[AlertSubscriber, ...]


@dataclass(frozen=True, slots=True)
class MetricsCheckOutcome:
    """What a metrics check came to."""

    claim: ClaimedMetricsCheck
    next_at: datetime | None
    """When the next one is due; None: there is nothing more to check until the job starts again."""
    failures: int = 0
    findings: tuple[MetricsFinding, ...] = ()
    """For every active subscription of the job, each as `copy_for` says."""
    standing: tuple[Finding, ...] | None = None
    """All that the run doctor finds now, silenced or not, the worst first: cards show the first that nobody
    silenced. None where it did not look."""
    answers: tuple[tuple[AlertSubscriber, AlertResult], ...] = ()
    """For those who waited: each is told once and waits no longer."""


class MetricsCheckStore(Protocol):
    """What the watcher asks, and what the button that silences a finding records."""

    async def next_metrics_check_at(self, org_id: str) -> datetime | None:
        """When the first job is due; None where none is."""
        ...

    async def claim_metrics_checks(
        self, org_id: str, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedMetricsCheck]:
        """Jobs that are due, most overdue first."""
        ...

    async def finish_metrics_checks(self, examined: Sequence[MetricsCheckOutcome], now: datetime) -> int:
        """What they came to, in one transaction; a silenced finding is not told. Returns how many counted."""
        ...

    async def silence(self, org_id: str, request_id: str, finding: str, now: datetime) -> None:
        """No one gets updates on this finding in this job again; what waits to be sent of it is dropped."""
        ...

    async def silenced_findings(self, org_id: str, request_id: str) -> frozenset[str]:
        """The findings in this job that somebody silenced."""
        ...

    async def standing_findings(self, org_id: str, request_ids: Collection[str]) -> Mapping[str, Finding]:
        """What the cards of these jobs show of their metrics, by request ID: no finding that is silenced.

        Known of jobs with subscriptions alone, and a day longer.
        """
        ...

    async def was_told(self, org_id: str, request_id: str, finding: str) -> bool:
        """Whether some thread was told about this finding in this job, or may have been."""
        ...
