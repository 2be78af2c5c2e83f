"""Counts what went wrong in each workspace, and tells its admin once a week, of each organization there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol

import structlog

from bot.domain.errors import JobBotError, SlackError, StoreError
from bot.domain.health.incidents import Happened, Incident, due_week
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import IncidentStore
from bot.tasks import OnRound, working_for

ROUND_SECONDS: Final = 60.0
_REPORT_SECONDS: Final = 3_600.0
"""Between two tries to report."""

_log = structlog.stdlib.get_logger(__name__)


class Home(Protocol):
    """Where the bot is at home."""

    @property
    def team_id(self) -> str:
        """The workspace."""
        ...

    @property
    def enterprise_id(self) -> str:
        """The organization of workspaces; empty where it belongs to none."""
        ...


class DirectMessages(Protocol):
    """What is asked of Slack; see `bot.domain.ports.SlackGateway`."""

    async def identity(self) -> Home:
        """``auth.test``."""
        ...

    async def open_dm(self, user_id: str) -> str:
        """The conversation with one person."""
        ...


class Admin(NamedTuple):
    """Whom a week is reported to: of what went wrong in their workspace, about an organization's jobs."""

    org_id: str
    user_id: str
    slack: DirectMessages
    home_id: str = ""
    """The workspace, or the organization of workspaces; empty while only ``auth.test`` says it."""
    is_alone: bool = False
    """No other workspace is served: what was counted is theirs, also before Slack said where that is."""

    @property
    def team_id(self) -> str:
        """As `bot.domain.health.incidents.Week` has it."""
        return "" if self.is_alone else self.home_id


class _Reported(NamedTuple):
    """A week of a workspace and an organization."""

    team_id: str
    org_id: str
    monday: date


class IncidentCounts:
    """What was counted since it was last written down."""

    def __init__(self) -> None:
        self._counts: Counter[Happened] = Counter()

    def happened(self, team_id: str, org_id: str, incident: Incident) -> None:
        """Count one."""
        self._counts[Happened(team_id, org_id, incident)] += 1

    async def write(self, store: IncidentStore, clock: Clock) -> None:
        """Write it down; what the database does not take is kept.

        Raises:
            StoreError: it does not answer.
        """
        if counts := self._counts.copy():
            await store.add_incidents(counts, clock.now())
            self._counts -= counts


class IncidentReports:
    """Writes the counts down each minute, and reports the last week from Monday morning (UTC) on."""

    def __init__(
        self,
        counts: IncidentCounts,
        store: IncidentStore,
        clock: Clock,
        admins: Callable[[], Sequence[Admin]],
    ) -> None:
        self._counts = counts
        self._store = store
        self._clock = clock
        self._admins = admins
        self._report_at = clock.monotonic()
        self._reported: set[_Reported] = set()

    async def run(self, on_round: OnRound) -> None:
        """Until cancelled; what was counted is then written down a last time."""
        try:
            while True:
                try:
                    await self.round()
                except JobBotError as error:
                    _log.info("incidents wait for the database", error=error.code, detail=error.detail)
                    on_round(error)
                else:
                    on_round(None)
                await self._clock.sleep(ROUND_SECONDS)
        finally:
            try:
                await self._counts.write(self._store, self._clock)
            except StoreError as error:
                _log.info("incidents are not counted", error=error.code, detail=error.detail)

    async def round(self) -> None:
        """Write down what was counted; report where that is due.

        Raises:
            StoreError: the database does not answer.
        """
        await self._counts.write(self._store, self._clock)
        monday = due_week(self._clock.now())
        if monday is None or self._clock.monotonic() < self._report_at:
            return
        self._report_at = self._clock.monotonic() + _REPORT_SECONDS
        self._reported = {each for each in self._reported if each.monday == monday}
        for admin in self._admins():
            if _Reported(admin.team_id, admin.org_id, monday) not in self._reported:
                with working_for(admin.home_id, admin.org_id):
                    await self._report(admin, monday)

    async def _report(self, admin: Admin, monday: date) -> None:
        """Whoever is first puts the message into the outbox; Slack is asked only where there is one."""
        whose = admin.team_id, admin.org_id
        week = await self._store.week(*whose, monday)
        if not week.is_quiet and not await self._store.was_week_reported(*whose, monday):
            try:
                home = await admin.slack.identity()
                channel_id = await admin.slack.open_dm(admin.user_id)
            except SlackError as error:
                _log.warning("cannot report the week to the admin yet", error=error.code, detail=error.detail)
                return
            team_id = home.team_id or home.enterprise_id
            await self._store.report_week(week, team_id, channel_id, self._clock.now())
        self._reported.add(_Reported(*whose, monday))
