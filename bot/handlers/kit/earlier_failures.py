"""Whether another job failed the same way before, with the last answers at hand: no card waits for long."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

import structlog
from cachetools import LRUCache

from bot.domain.errors import StoreError
from bot.domain.history import Earlier, FinishedJob, finished_job
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.ports import Clock, FinishedJobStore
from bot.tasks import Answer, Errands, Lasting, Rules, SingleFlight, aside

REMEMBERED = 1_000
REMEMBERED_SECONDS = 600.0
"""How long an answer is good: what failed before a job that failed changes hardly ever."""
PATIENCE_SECONDS = 0.5
"""How long a card waits for what the database says."""
_PATIENCES_AT_THE_END = 5
"""Wait for questions, then for what is to be remembered, when the bot stops."""
_RECORDED = 10_000

_NONE: Final[Answer[Earlier | None, StoreError]] = Answer(0.0, 0.0, 0.0)
"""Nothing failed, so nothing failed the same way before."""

_log = structlog.stdlib.get_logger(__name__)


class Failure(NamedTuple):
    """One end of one job."""

    org_id: str
    request_id: str
    ended_at: datetime | None


class EarlierFailures:
    """Asks the database once about each failed job that somebody looks at, and has it remembered."""

    def __init__(
        self,
        history: FinishedJobStore,
        clock: Clock,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._history = history
        self._clock = clock
        self._patience_seconds = patience_seconds
        lasting = Lasting(REMEMBERED_SECONDS, REMEMBERED_SECONDS)
        # Where asking fails the next cards need not wait either.
        rules: Rules[Earlier | None, StoreError] = Rules(
            StoreError, lambda _: lasting, lambda _: lasting, most=REMEMBERED
        )
        self._known = SingleFlight("looking for earlier failures", self._ask, rules, clock)
        self._recorded: LRUCache[Failure, bool] = LRUCache(_RECORDED)
        self._errands = Errands("remembering failures")

    def peek(
        self, org_id: str, request_id: str, job: TrainingJob
    ) -> Answer[Earlier | None, StoreError] | None:
        """What is known without asking; None where the database has to be asked. Never waits."""
        return self._known.fresh(_failure(org_id, request_id, job)) if _has_failed(job) else _NONE

    async def soon(self, org_id: str, request_id: str, job: TrainingJob) -> Earlier | None:
        """The last other job that failed the same way; None too where asking fails or takes long.

        However many ask, the database is asked once; what comes late is known next time.
        """
        if not _has_failed(job):
            return None
        answer = await self._known.soon(_failure(org_id, request_id, job), job, self._patience_seconds)
        return None if answer is None else answer.value

    async def aclose(self) -> None:
        """Wait for what the database was asked: it is closed next. What takes too long is given up."""
        seconds = self._patience_seconds * _PATIENCES_AT_THE_END
        await self._known.aclose(seconds)
        await self._errands.aclose(seconds)

    async def _ask(self, failure: Failure, job: TrainingJob) -> Earlier | None:
        # The whole log of many processes takes a while to read.
        ended = await aside(finished_job, failure.org_id, failure.request_id, job, self._clock.now())
        if ended is None or ended.fingerprint is None:
            return None
        try:
            earlier = await self._history.earlier(
                ended.org_id, ended.request_id, ended.fingerprint, ended.finished_at
            )
        except StoreError as error:
            _log.warning("a failure is shown without earlier ones", error=error.code, detail=error.detail)
            raise
        self._errands.start(self._record(failure, ended))
        return earlier

    async def _record(self, failure: Failure, ended: FinishedJob) -> None:
        """Remember it, once: the watcher knows only the jobs with subscriptions.

        Not where nobody knows when it ended: then it did so at another time whenever it is looked at.
        """
        if failure.ended_at is None or failure in self._recorded:
            return
        self._recorded[failure] = True
        try:
            await self._history.record([ended])
        except StoreError as error:
            self._recorded.pop(failure, None)
            _log.warning("a failure is not remembered", error=error.code, detail=error.detail)


def _has_failed(job: TrainingJob) -> bool:
    return job.status is JobStatus.FAILED and bool(job.error_message)


def _failure(org_id: str, request_id: str, job: TrainingJob) -> Failure:
    return Failure(org_id, request_id, job.completed_at or job.updated_at)
