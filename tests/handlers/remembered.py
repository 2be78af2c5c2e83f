"""Jobs that finished, digests, the outbox and the audit trail, in memory and as tests want them to behave."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.domain.audit import AuditEntry
from bot.domain.channels.digest import DigestPlan
from bot.domain.history import Earlier, FinishedJob
from bot.domain.job import JobSummary
from bot.domain.ports import StoredInstallation
from bot.domain.ports.monitoring import Backlog


class History:
    """Remembered jobs. ``fails`` is raised by every call while it is set; ``gate`` holds every call up."""

    def __init__(self) -> None:
        self.all: dict[str, FinishedJob] = {}
        self.asked = 0
        """How often `earlier` was called."""
        self.recorded_times = 0
        self.fails: Exception | None = None
        self.gate = asyncio.Event()
        self.gate.set()

    async def _call(self) -> None:
        await self.gate.wait()
        if self.fails is not None:
            raise self.fails

    async def record(self, jobs: Sequence[FinishedJob]) -> None:
        """As the port says."""
        self.recorded_times += 1
        await self._call()
        self.all.update({each.request_id: each for each in jobs})

    async def earlier(
        self, org_id: str, request_id: str, fingerprint: str, before: datetime
    ) -> Earlier | None:
        """As the port says."""
        self.asked += 1
        await self._call()
        found = [
            each
            for each in self.all.values()
            if (each.org_id, each.fingerprint) == (org_id, fingerprint)
            and each.request_id != request_id
            and each.finished_at < before
        ]
        last = max(found, key=lambda each: each.finished_at, default=None)
        return last and Earlier(request_id=last.request_id, name=last.name, at=last.finished_at)

    async def finished(self, org_id: str, since: datetime, until: datetime) -> Sequence[FinishedJob]:
        """As the port says."""
        await self._call()
        ended = [each for each in self.all.values() if each.org_id == org_id]
        return [each for each in ended if since <= each.finished_at < until]

    async def recorded(self, org_id: str, request_ids: Collection[str]) -> Mapping[str, datetime]:
        """As the port says."""
        await self._call()
        mine = (each for each in self.all.values() if each.org_id == org_id)
        return {each.request_id: each.known_until for each in mine if each.request_id in request_ids}

    async def unrecorded(self, org_id: str, since: datetime, limit: int) -> Sequence[JobSummary]:  # noqa: ARG002  (the port)
        """As the port says; there is no list here."""
        await self._call()
        return []


class Digests:
    """Who has a digest; ``fails`` is raised by every call while it is set."""

    def __init__(self) -> None:
        self.all: dict[tuple[str, str], DigestPlan] = {}
        self.fails: Exception | None = None

    def _call(self) -> None:
        if self.fails is not None:
            raise self.fails

    async def digest(self, team_id: str, channel_id: str, org_id: str) -> DigestPlan | None:  # noqa: ARG002  (the port)
        """As the port says."""
        self._call()
        return self.all.get((team_id, channel_id))

    async def set_digest(self, plan: DigestPlan) -> bool:
        """As the port says."""
        self._call()
        is_new = (plan.team_id, plan.channel_id) not in self.all
        self.all[plan.team_id, plan.channel_id] = plan
        return is_new

    async def drop_digest(self, team_id: str, channel_id: str, org_id: str) -> DigestPlan | None:  # noqa: ARG002  (the port)
        """As the port says."""
        self._call()
        return self.all.pop((team_id, channel_id), None)


class Outbox:
    """How far it is behind; ``fails`` is raised while it is set."""

    def __init__(self) -> None:
        self.found = Backlog(None, 0)
        self.asked_of: tuple[str | None, str | None] | None = None
        self.fails: Exception | None = None

    async def backlog(self, _now: datetime, org_id: str | None = None, team_id: str | None = None) -> Backlog:
        """As the port says."""
        self.asked_of = (team_id, org_id)
        if self.fails is not None:
            raise self.fails
        return self.found


async def _stumble(fails: Exception | None, *, hangs: bool) -> None:
    """As a database does that is down, or slow."""
    if fails is not None:
        raise fails
    if hangs:
        await asyncio.Event().wait()


class Installations:
    """Which of them were uninstalled, and those that are older than when."""

    def __init__(self, audit: Audit) -> None:
        self.uninstalled: list[tuple[str, datetime]] = []
        self.rows: list[StoredInstallation] = []
        self.fails: Exception | None = None
        self.hangs = False
        self.is_empty = False
        """Whether nothing is stored of any: the bot has one token."""
        self._audit = audit

    async def installations(self) -> Sequence[StoredInstallation]:
        """As the port says."""
        return self.rows

    async def uninstall(self, team_id: str, at: datetime, entry: AuditEntry | None = None) -> bool:
        """As the port says."""
        await _stumble(self.fails, hangs=self.hangs)
        is_first = not self.is_empty and team_id not in {each for each, _ in self.uninstalled}
        self.uninstalled.append((team_id, at))
        if is_first and entry is not None:
            self._audit.kept.append(entry)
        return is_first


class Audit:
    """The trail in memory."""

    def __init__(self) -> None:
        self.kept: list[AuditEntry] = []
        self.fails: Exception | None = None
        self.hangs = False

    async def append(self, entry: AuditEntry, *, once_since: datetime | None = None) -> bool:
        """As the port says."""
        await _stumble(self.fails, hangs=self.hangs)
        if once_since and entry.action in [one.action for one in await self.entries(once_since)]:
            return False
        self.kept.append(entry)
        return True

    async def entries(
        self, since: datetime | None = None, user_id: str | None = None, team_id: str | None = None
    ) -> Sequence[AuditEntry]:
        """As the port says."""
        there = [one for one in self.kept if team_id in {None, one.team_id}]
        return [one for one in there if user_id in {None, one.user_id} and (since is None or one.at >= since)]
