"""What handlers reach through their ports, in memory and as tests want it to behave."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from bot.cards.kit.card import Card
from bot.domain.errors import JobNotFoundError, UpstreamFailedError
from bot.domain.health.readiness import Readiness
from bot.domain.job import JobSummary, MetricPoint, TrainingJob
from bot.domain.listing import JobListing, ListChanges, MetricsSnapshot, Statuses
from bot.domain.ports import (
    DigestStore,
    FeedStore,
    InstallationStore,
    MetricsCheckStore,
    SlackGateway,
    Snapshot,
    TrainingApi,
)
from bot.handlers.entry.registry import Dispatch
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.earlier_failures import EarlierFailures
from bot.handlers.kit.silenced_findings import SilencedFindings
from bot.handlers.kit.subscription_cache import Followings
from bot.playground.clock import ManualClock
from bot.tenants.connecting import NothingToConnect
from tests.handlers.configured import Settings
from tests.handlers.fed import Feeds
from tests.handlers.logged_in import Login
from tests.handlers.remembered import Audit, Digests, History, Installations, Outbox
from tests.handlers.slack import Slack
from tests.handlers.stored import Deliverer, MetricsChecks, Subscriptions

HERE = Place("T1", "C1", "U01")
ADMIN = "U0ADMIN"


class Jobs:
    """A training suite whose answers are what a test gave it."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.known: dict[str, Snapshot] = {}
        self.next: dict[str, Snapshot] = {}
        """What asking anew brings."""
        self.in_vain = 0
        """So often asking anew brings the old answer, as it does right after another question."""
        self.points: dict[str, Sequence[MetricPoint]] = {}
        """What was logged, by job; nothing at all is a 404, as there."""
        self.listing: JobListing | None = None
        """The list; None where it cannot be had."""
        self.lists_asked = 0

    def list_of(self, *jobs: JobSummary) -> None:
        """These are the organisation's jobs; each can be asked for."""
        self.listing = JobListing(jobs, self._clock.now())
        for each in jobs:
            self.next[each.request_id] = Snapshot(
                TrainingJob.model_validate(
                    {
                        "request_id": each.request_id,
                        "experiment_name": each.experiment_name,
                        "status": each.status_text,
                        "progress": each.progress,
                    }
                ),
                self._clock.now(),
            )

    def give(self, request_id: str, *, anew: bool = False, **document: object) -> None:
        """This job is known; with ``anew`` only to who asks anew."""
        job = TrainingJob.from_json(json.dumps({"request_id": request_id, **document}).encode())
        (self.next if anew else self.known)[request_id] = Snapshot(job, self._clock.now())

    async def job(self, request_id: str, *, refresh: bool = False) -> Snapshot:
        """As the port says."""
        is_vain = refresh and request_id in self.known and self.in_vain > 0
        self.in_vain -= is_vain
        if request_id in self.next and not is_vain and (refresh or request_id not in self.known):
            self.known[request_id] = self.next[request_id]
        if request_id not in self.known:
            raise JobNotFoundError
        return self.known[request_id]

    async def metrics(self, request_id: str, *, background: bool = False) -> MetricsSnapshot:  # noqa: ARG002  (the port)
        """As the port says."""
        if request_id not in self.points:
            raise JobNotFoundError
        return MetricsSnapshot(tuple(self.points[request_id]), self._clock.now())

    def recall_metrics(self, request_id: str) -> MetricsSnapshot | None:
        """As the port says; the same points are the same answer."""
        points = self.points.get(request_id)
        return None if points is None else MetricsSnapshot(tuple(points), self._clock.now())

    def peek(self, request_id: str) -> Snapshot | None:
        """As the port says."""
        return self.known.get(request_id)

    recall = peek

    async def jobs(self, *, background: bool = False) -> JobListing:  # noqa: ARG002  (the port)
        """As the port says."""
        self.lists_asked += 1
        if self.listing is None:
            raise UpstreamFailedError
        return self.listing

    async def changes(
        self,
        known: Mapping[str, int],
        statuses: Statuses | None = None,
        since: datetime | None = None,  # noqa: ARG002  (the port)
    ) -> ListChanges:
        """As the port says."""
        listing = await self.jobs()
        moved = [job for job in listing.jobs if (statuses or {}).get(job.request_id) != job.status_text]
        return ListChanges({}, frozenset(known), moved=tuple(moved))

    def peek_jobs(self) -> JobListing | None:
        """As the port says."""
        return self.listing

    recall_jobs = peek_jobs


class Bell:
    """Counts how often it was rung."""

    def __init__(self) -> None:
        self.rung = 0

    def __call__(self) -> None:
        """Ring."""
        self.rung += 1


class Pauses:
    """Who paused what, and until when."""

    def __init__(self) -> None:
        self.until: dict[tuple[str, str], tuple[str, datetime]] = {}

    async def pause(self, team_id: str, user_id: str, channel_id: str, until: datetime) -> None:
        """As the port says."""
        self.until[team_id, user_id] = channel_id, until

    async def resume(self, team_id: str, user_id: str) -> bool:
        """As the port says."""
        return self.until.pop((team_id, user_id), None) is not None

    async def paused_until(self, team_id: str, user_id: str, now: datetime) -> datetime | None:
        """As the port says."""
        _, until = self.until.get((team_id, user_id), ("", now))
        return until if until > now else None


class Neighbourhood:
    """All of them, and the context over them."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.jobs, self.slack, self.stored = Jobs(self.clock), Slack(), Subscriptions()
        self.deliverer, self.watcher, self.history = Deliverer(self.stored), Bell(), History()
        self.digests, self.pauses = Digests(), Pauses()
        self.audit = Audit()
        self.installations = Installations(self.audit)
        self.outbox, self.ready = Outbox(), Readiness({})
        self.metrics_checks, self.feeds = MetricsChecks(), Feeds()
        self.login, self.settings = Login(), Settings()
        self.dispatch, self.new_places = Dispatch(), set[str]()  # answered for the first time
        self.context = Context(
            training_api=cast("TrainingApi", self.jobs),
            slack=cast("SlackGateway", self.slack),
            clock=self.clock,
            slash_command="/job",
            help=self.dispatch.help,
            backlog=self.outbox,
            readiness=self._readiness,
            admin_user_id=ADMIN,
            new_reference=lambda: "ab12cd34",
            org_id="org",
            subscriptions=Followings(self.stored, self.clock, patience_seconds=0.02),
            earlier_failures=EarlierFailures(self.history, self.clock, patience_seconds=0.02),
            audit=self.audit,
            installations=cast("InstallationStore", self.installations),
            connecting=NothingToConnect(),
            settings=self.settings,
            feeds=cast("FeedStore", self.feeds),
            digests=cast("DigestStore", self.digests),
            pauses=self.pauses,
            metrics_checks=cast("MetricsCheckStore", self.metrics_checks),
            silenced_findings=SilencedFindings(
                cast("MetricsCheckStore", self.metrics_checks), self.clock, patience_seconds=0.02
            ),
            history=self.history,
            deliverer=self.deliverer,
            wake_watcher=self.watcher,
            login=self.login,
            is_first_answer=self.is_first_answer,
        )

    async def _readiness(self) -> Readiness:
        return self.ready

    async def is_first_answer(self, _team_id: str, place: str) -> bool:
        """As `bot.handlers.home.introductions.Introductions` has it."""
        is_first = place in self.new_places
        self.new_places.discard(place)
        return is_first

    def question(self, text: str, place: Place = HERE, *, is_private: bool = True) -> Question:
        """What somebody asks; privately, by the slash command."""
        return self.dispatch.ask(text, place, is_private=is_private)

    async def ask(self, text: str, place: Place = HERE, *, is_private: bool = True) -> list[str]:
        """Everything the answers show."""
        question = self.question(text, place, is_private=is_private)
        return [shown(card) async for card in self.dispatch.answer(self.context, question)]


def shown(card: Card) -> str:
    """All of a card, as JSON."""
    return json.dumps(card.message(), ensure_ascii=False)
