"""Looks at all jobs of an organisation by its list: only the rows that changed, and the jobs that are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import compress, islice
from typing import Final, TypeVar

import structlog

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.errors import RateLimitedError, TrainingApiError, UnreadableError
from bot.domain.listing import ListChanges
from bot.domain.ports import ClaimedJob, ClaimedList, Listed, ListPlan, Look
from bot.domain.subscriptions.polling import next_list_seconds
from bot.watcher import crash_points
from bot.watcher.context import Health, Means
from bot.watcher.feed_pass import FeedPass

FEWEST_JOBS: Final = 2
"""From so many watched jobs on one list is less to ask than each of them."""
REFUSED: Final = timedelta(hours=1)
"""So long a training suite that has no list, or keeps it from us, is not asked for it again."""
UNFIT: Final = timedelta(minutes=5)
"""The same for a list that cannot be read or was not answered `MOST_FAILURES` times in a row, and where
a feed or a digest has nothing but the list."""
MOST_FAILURES: Final = 3

_REFUSALS: Final = frozenset({400, 403, 404, 405, 501})
_CHUNK: Final = 200
"""Jobs in one transaction."""
_MOST_DUE: Final = 1_000
"""So many jobs that need a look of their own are held at once; the others wait for the next list."""

_Value = TypeVar("_Value")
_log = structlog.stdlib.get_logger(__name__)


class ListPass:
    """One pass over an organisation's list. Unless it is ``for_watched`` too, it only serves the feeds."""

    def __init__(self, means: Means, health: Health, *, for_watched: bool = True) -> None:
        self._means = means
        self._health = health
        self._for_watched = for_watched
        self._feeds = FeedPass(means, health, listed=for_watched)
        self.unlisted: frozenset[str] = frozenset()
        """Watched jobs the last list had no row of."""
        self._listed_at: datetime | None = None
        """When this process last asked for the whole list, and had it."""

    async def run(self, plan: ListPlan) -> ListPlan:
        """Ask for the list, if it is due and nobody else does, and take from it what it says.

        Returns the plan as it is then.
        """
        means = self._means
        claim = await means.store.watches.claim_list(means.org_id, means.clock.now(), means.lease_seconds)
        if claim is None:  # somebody else is about it
            soon = means.clock.now() + timedelta(seconds=means.judge.bounds.min_seconds)
            return replace(await means.store.watches.plan(means.org_id), next_list_at=soon)
        means.on_step(crash_points.LIST_CLAIMED)
        until = means.clock.now() + timedelta(seconds=means.lease_seconds)
        known = await means.store.watches.fingerprints(means.org_id) if self._for_watched else {}
        listed = await means.store.feeds.listed(means.org_id) if plan.wants_list else None
        try:
            changes = await self._changes(known, listed)
        except TrainingApiError as error:
            means.on_step(crash_points.LIST_ANSWERED)
            return await self._failed(claim, error, plan)
        del known  # with 100,000 jobs it is large
        means.on_step(crash_points.LIST_ANSWERED)
        await self._health.answered()
        if self._for_watched:
            await self._take(changes, plan.next_look_at)
        is_all = listed is None or await self._feeds.run(claim, listed, changes, until)
        plan = await means.store.watches.plan(means.org_id)
        next_list_at = self._next_list_at(plan, is_cut=changes.is_cut or not is_all)
        means.on_step(crash_points.LIST_JUDGED)
        await means.store.watches.finish_list(claim, next_list_at)
        means.on_step(crash_points.LIST_FINISHED)
        return replace(plan, next_list_at=next_list_at)

    async def _changes(self, known: Mapping[str, int], listed: Listed | None) -> ListChanges:
        means, asked_at = self._means, self._means.clock.now()
        if listed is None:
            return await means.training_api.changes(known)
        since = self._listed_at - CLOCK_SKEW if self._listed_at else await means.looked_back()
        changes = await means.training_api.changes(known, listed.statuses, since)
        self._listed_at = asked_at
        return changes

    async def _take(self, changes: ListChanges, next_look_at: datetime | None) -> None:
        """The jobs that are due first, changed or not; then those that changed or have gone, due or not."""
        means, gone = self._means, changes.missing - self.unlisted
        self.unlisted = changes.missing
        is_due = next_look_at is not None and next_look_at <= means.clock.now() + means.judge.grace
        done = await self._take_due(changes, gone) if is_due else set()
        for request_ids in _chunks(each for each in (*changes.changed, *gone) if each not in done):
            now = means.clock.now()
            claims = await means.store.watches.claim_these(
                means.org_id, request_ids, now, means.lease_seconds
            )
            means.on_step(crash_points.ROWS_CLAIMED)
            await self._finish([self._judged(claim, changes, gone) for claim in claims])

    async def _take_due(self, changes: ListChanges, gone: frozenset[str]) -> set[str]:
        """Returns which were, each once: what falls due while the pass goes on is for the next one.

        Those that stay due are held to the end, so that none is claimed twice.
        """
        means, done, due = self._means, set[str](), list[Look]()
        due_by = means.clock.now() + means.judge.grace
        while len(due) < _MOST_DUE:
            claims = await means.store.watches.claim_jobs(
                means.org_id, means.clock.now(), means.lease_seconds, _CHUNK, due_by=due_by
            )
            means.on_step(crash_points.ROWS_CLAIMED)
            done.update(claim.request_id for claim in claims)
            looks = [self._judged(claim, changes, gone) for claim in claims]
            is_due = [look.next_look_at <= due_by for look in looks]
            due += compress(looks, is_due)
            await self._finish([look for look, stays in zip(looks, is_due, strict=True) if not stays])
            if len(claims) < _CHUNK:
                break
        for chunk in _chunks(due):
            await self._finish(chunk)
        return done

    def _judged(self, claim: ClaimedJob, changes: ListChanges, gone: frozenset[str]) -> Look:
        judge, now = self._means.judge, self._means.clock.now()
        change = changes.changed.get(claim.request_id)
        if change is not None:
            return judge.in_list(claim, change[1], change[0], now)
        if claim.request_id in gone:
            return judge.gone(claim, now)
        if claim.request_id in changes.missing or changes.is_cut:
            return judge.unknown(claim)
        return judge.as_before(claim, now)

    async def _finish(self, looks: Sequence[Look]) -> None:
        if looks:
            self._means.on_step(crash_points.ROWS_JUDGED)
            await self._means.finish(looks)
            self._means.on_step(crash_points.ROWS_FINISHED)

    def _next_list_at(self, plan: ListPlan, *, is_cut: bool) -> datetime:
        judge, now = self._means.judge, self._means.clock.now()
        if is_cut:
            return now + timedelta(seconds=judge.bounds.min_seconds)
        wanted = plan.next_look_at - judge.grace if self._for_watched and plan.next_look_at else None
        return now + timedelta(seconds=next_list_seconds(wanted, now, judge.bounds, judge.jitter()))

    async def _failed(self, claim: ClaimedList, error: TrainingApiError, plan: ListPlan) -> ListPlan:
        """Where there is no list, or none that helps, jobs are looked at one by one for a while."""
        is_refused = error.status in _REFUSALS
        if not is_refused:
            await self._health.failed(error)
        failures = claim.failures + (_counts(error) and not is_refused)
        is_unfit = isinstance(error, UnreadableError) or failures >= MOST_FAILURES
        pause = REFUSED if is_refused and not plan.wants_list else UNFIT if is_refused or is_unfit else None
        _log.warning("no list of jobs", error=error.code, status=error.status, detail=error.detail)
        now = self._means.clock.now()
        next_list_at = now + (pause or self._backoff(failures, error))
        refused_until = next_list_at if pause else None
        self._means.on_step(crash_points.LIST_JUDGED)
        await self._means.store.watches.finish_list(
            claim, next_list_at, failures=0 if pause else failures, refused_until=refused_until
        )
        self._means.on_step(crash_points.LIST_FINISHED)
        return replace(plan, next_list_at=next_list_at, list_refused_until=refused_until)

    def _backoff(self, failures: int, error: TrainingApiError) -> timedelta:
        judge = self._means.judge
        seconds = next_list_seconds(None, self._means.clock.now(), judge.bounds, judge.jitter(), failures)
        wait = error.retry_after_seconds if isinstance(error, RateLimitedError) else None
        return timedelta(seconds=max(seconds, wait or 0.0))


def _counts(error: TrainingApiError) -> bool:
    """Whether the training suite was asked at all: our own queue may have been full."""
    return not isinstance(error, RateLimitedError) or error.status is not None


def _chunks(values: Iterable[_Value]) -> Iterator[list[_Value]]:
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
