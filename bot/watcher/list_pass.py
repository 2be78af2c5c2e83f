"""Looks at all jobs of an organisation by its list: only the rows that changed, and the jobs that are due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import compress, islice
from typing import Final, TypeVar

import structlog

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.errors import TrainingApiError
from bot.domain.listing import ListChanges
from bot.domain.polling.list_outcomes import ListOutcomes, NextList, is_refusal, list_came, list_failed
from bot.domain.ports import ClaimedList, Listed, ListPlan, Look
from bot.watcher import crash_points
from bot.watcher.context import Health, WatcherContext
from bot.watcher.feed_pass import FeedPass

_CHUNK: Final = 200
"""Jobs in one transaction."""
_MOST_DUE: Final = 1_000
"""Jobs that need a poll of their own and are held at once; the others wait for the next list."""

_Value = TypeVar("_Value")
_log = structlog.stdlib.get_logger(__name__)


class ListPass:
    """One pass over an organisation's list. Unless it is ``for_watched`` too, it only serves the feeds."""

    def __init__(self, context: WatcherContext, health: Health, *, for_watched: bool = True) -> None:
        self._context = context
        self._health = health
        self._for_watched = for_watched
        self._feeds = FeedPass(context, health, listed=for_watched)
        self.unlisted: frozenset[str] = frozenset()
        """Watched jobs the last list had no row of."""
        self._listed_at: datetime | None = None
        """When this process last asked for the whole list, and had it."""

    async def run(self, plan: ListPlan) -> ListPlan:
        """Ask for the list, if it is due and nobody else does, and take from it what it says.

        Returns the plan as it is then.
        """
        context = self._context
        claim = await context.store.watches.claim_list(
            context.org_id, context.clock.now(), context.lease_seconds
        )
        if claim is None:  # somebody else is about it
            soon = context.clock.now() + timedelta(seconds=context.policy.bounds.min_seconds)
            return replace(await context.store.watches.plan(context.org_id), next_list_at=soon)
        context.on_crash_point(crash_points.LIST_CLAIMED)
        until = context.clock.now() + timedelta(seconds=context.lease_seconds)
        known = await context.store.watches.fingerprints(context.org_id) if self._for_watched else {}
        listed = await context.store.feeds.listed(context.org_id) if plan.wants_list else None
        try:
            changes = await self._changes(known, listed)
        except TrainingApiError as error:
            context.on_crash_point(crash_points.LIST_ANSWERED)
            return await self._failed(claim, error, plan)
        del known  # with 100,000 jobs it is large
        context.on_crash_point(crash_points.LIST_ANSWERED)
        await self._health.answered()
        if self._for_watched:
            await self._take(changes, plan.next_look_at)
        is_all = listed is None or await self._feeds.run(claim, listed, changes, until)
        plan = await context.store.watches.plan(context.org_id)
        following = list_came(
            context.policy,
            plan,
            context.clock.now(),
            for_watched=self._for_watched,
            is_cut=changes.is_cut or not is_all,
        )
        return await self._release(claim, plan, following)

    async def _changes(self, known: Mapping[str, int], listed: Listed | None) -> ListChanges:
        context, asked_at = self._context, self._context.clock.now()
        if listed is None:
            return await context.training_api.changes(known)
        since = self._listed_at - CLOCK_SKEW if self._listed_at else await context.looked_back()
        changes = await context.training_api.changes(known, listed.statuses, since)
        self._listed_at = asked_at
        return changes

    async def _take(self, changes: ListChanges, next_look_at: datetime | None) -> None:
        """The jobs that changed or have gone first, due or not; then those that are due.

        To go through what is due may take long, and nobody waits for it.
        """
        context, gone = self._context, changes.missing - self.unlisted
        self.unlisted = changes.missing
        is_due = next_look_at is not None and next_look_at <= context.clock.now() + context.policy.grace
        outcomes = ListOutcomes(context.policy, changes, gone)
        done = await self._take_these((*changes.changed, *gone), outcomes)
        if is_due:
            await self._take_due(outcomes, done)

    async def _take_these(self, wanted: Iterable[str], outcomes: ListOutcomes) -> set[str]:
        """Returns which nobody else was about."""
        context, done = self._context, set[str]()
        for request_ids in _chunks(wanted):
            now = context.clock.now()
            claims = await context.store.watches.claim_these(
                context.org_id, request_ids, now, context.lease_seconds
            )
            context.on_crash_point(crash_points.ROWS_CLAIMED)
            done.update(claim.request_id for claim in claims)
            await self._finish([outcomes.of(claim, context.clock.now()) for claim in claims])
        return done

    async def _take_due(self, outcomes: ListOutcomes, done: AbstractSet[str]) -> None:
        """Each once: what falls due while the pass goes on is for the next one, and ``done`` is done.

        Those that stay due are held to the end, so that none is claimed twice.
        """
        context, due = self._context, list[Look]()
        due_by = context.clock.now() + context.policy.grace
        while len(due) < _MOST_DUE:
            claims = await context.store.watches.claim_jobs(
                context.org_id, context.clock.now(), context.lease_seconds, _CHUNK, due_by=due_by
            )
            context.on_crash_point(crash_points.ROWS_CLAIMED)
            looks = [
                context.policy.unknown(claim)
                if claim.request_id in done
                else outcomes.of(claim, context.clock.now())
                for claim in claims
            ]
            is_due = [look.next_look_at <= due_by for look in looks]
            due += compress(looks, is_due)
            await self._finish([look for look, stays in zip(looks, is_due, strict=True) if not stays])
            if len(claims) < _CHUNK:
                break
        for chunk in _chunks(due):
            await self._finish(chunk)

    async def _finish(self, looks: Sequence[Look]) -> None:
        if looks:
            self._context.on_crash_point(crash_points.ROWS_JUDGED)
            await self._context.finish(looks)
            self._context.on_crash_point(crash_points.ROWS_FINISHED)

    async def _failed(self, claim: ClaimedList, error: TrainingApiError, plan: ListPlan) -> ListPlan:
        if not is_refusal(error):
            await self._health.failed(error)
        _log.warning("no list of jobs", error=error.code, status=error.status, detail=error.detail)
        following = list_failed(self._context.policy, claim, plan, error, self._context.clock.now())
        return await self._release(claim, plan, following)

    async def _release(self, claim: ClaimedList, plan: ListPlan, following: NextList) -> ListPlan:
        context = self._context
        context.on_crash_point(crash_points.LIST_JUDGED)
        await context.store.watches.finish_list(
            claim, following.at, failures=following.failures, refused_until=following.refused_until
        )
        context.on_crash_point(crash_points.LIST_FINISHED)
        return replace(plan, next_list_at=following.at, list_refused_until=following.refused_until)


def _chunks(values: Iterable[_Value]) -> Iterator[list[_Value]]:
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
