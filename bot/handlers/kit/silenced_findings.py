"""Findings that somebody hid, with the last answers at hand: a card need not wait for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

import structlog

from bot.domain.errors import StoreError
from bot.domain.ports import Clock, MetricsCheckStore
from bot.tasks import Answer, Lasting, Rules, SingleFlight

REMEMBERED: Final = 1_000
FRESH_SECONDS: Final = 60.0
"""How old an answer may be. What is hidden by this process counts at once."""
PATIENCE_SECONDS: Final = 0.5
"""How long a card waits for what the database says."""
_PATIENCES_AT_THE_END: Final = 5

_log = structlog.stdlib.get_logger(__name__)


class Job(NamedTuple):
    """One job of one organization."""

    org_id: str
    request_id: str


class SilencedFindings:
    """Asks the database only about jobs in which something was found."""

    def __init__(
        self, store: MetricsCheckStore, clock: Clock, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._store = store
        self._patience_seconds = patience_seconds
        lasting = Lasting(FRESH_SECONDS, FRESH_SECONDS)
        rules: Rules[Collection[str], StoreError] = Rules(
            StoreError, lambda _: lasting, lambda _: lasting, most=REMEMBERED
        )
        self._known = SingleFlight("asking which findings are silenced", self._ask, rules, clock)

    def peek(self, org_id: str, request_id: str) -> Answer[Collection[str], StoreError] | None:
        """What is known without asking; None where the database has to be asked. Never waits."""
        return self._known.fresh(Job(org_id, request_id))

    async def soon(self, org_id: str, request_id: str) -> Collection[str]:
        """The classes of findings; none where the database does not say it in time: better told twice."""
        answer = await self._known.soon(Job(org_id, request_id), None, self._patience_seconds)
        return () if answer is None or answer.value is None else answer.value

    async def silence(self, org_id: str, request_id: str, finding: str, now: datetime) -> None:
        """As `bot.domain.ports.MetricsCheckStore` says."""
        try:
            await self._store.silence(org_id, request_id, finding, now)
        finally:
            self._known.forget(Job(org_id, request_id))

    async def aclose(self) -> None:
        """Wait for what the database was asked: it is closed next. What takes too long is given up."""
        await self._known.aclose(self._patience_seconds * _PATIENCES_AT_THE_END)

    async def _ask(self, key: Job, _question: None) -> Collection[str]:
        try:
            return await self._store.silenced_findings(*key)
        except StoreError as error:
            _log.warning("a card may say what was silenced", error=error.code, detail=error.detail)
            raise
