"""Looks at groups that are due: one list for all of them, and what their members' ends came to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from types import MappingProxyType
from typing import Final

import structlog

from bot.domain.errors import JobNotFoundError, TrainingApiError
from bot.domain.groups.group import Group
from bot.domain.groups.learning import Learned, Wanted, learn, wanted
from bot.domain.groups.looking import look
from bot.domain.groups.rounds import GroupRound, conclude
from bot.domain.job import JobSummary, MetricPoint, TrainingJob
from bot.domain.listing import JobListing
from bot.domain.polling.group_alerts import answered, measured_after
from bot.domain.polling.list_outcomes import is_refusal
from bot.domain.ports import ClaimedGroup, GroupLook
from bot.domain.subscriptions.notifications.group_updates import notifications_of
from bot.domain.subscriptions.subscription import Ending
from bot.tasks import aside_if_heavy, weight_of
from bot.watcher import crash_points
from bot.watcher.context import WatcherContext
from bot.watcher.due_work import claimed, list_now

ASKED_AT_ONCE: Final = 8
"""Members of a group that are asked about side by side; the others' turn comes with the next look."""
RETRY: Final = timedelta(seconds=30)
"""Pause after Simplismart did not answer, before it is asked again."""
REFUSED: Final = timedelta(minutes=10)
"""The same where it refuses the list."""
PATIENCE: Final = timedelta(hours=1)
"""Time for which a group whose end has come waits for Simplismart; then it ends with what is known."""
NOTHING_LEARNED: Final[Mapping[str, Learned]] = MappingProxyType({})
_MOST_CLAIMED: Final = 20

_log = structlog.stdlib.get_logger(__name__)


class GroupPass:
    """One of the watcher's chores."""

    def __init__(self, context: WatcherContext) -> None:
        self._context = context

    async def run(self) -> float:
        """See `bot.watcher.context.PeriodicTask`."""
        context = self._context
        groups = context.store.groups
        # When half of the lease is over the rest is for the next round, or for somebody else.
        until = context.clock.now() + timedelta(seconds=context.lease_seconds / 2)
        claims = await claimed(
            context,
            groups.next_group_at,
            groups.claim_groups,
            most=_MOST_CLAIMED,
            crash_point=crash_points.GROUP_CLAIMED,
        )
        if isinstance(claims, float):
            return claims
        listing = await list_now(context)
        for claim in claims:
            await self._look(claim, listing, until)
        return 0.0

    async def _look(
        self, claim: ClaimedGroup, listing: JobListing | TrainingApiError, until: datetime
    ) -> None:
        context, now = self._context, self._context.clock.now()
        if now >= until:
            await context.store.groups.postpone_group(claim, now)
            return
        if isinstance(listing, TrainingApiError):
            if not _is_too_late(claim.group, now):
                pause = REFUSED if is_refusal(listing) else RETRY
                await context.store.groups.postpone_group(claim, now + pause)
                return
            await self._finish(claim, conclude(claim.group, claim.group, now))
            return
        seen = await aside_if_heavy(
            weight_of(listing), lambda: look(claim.group, listing.jobs, now), background=True
        )
        measured = measured_after(seen, claim.waiters, now)
        learned = await self._ask(wanted(seen, now, measured), until)
        context.on_crash_point(crash_points.GROUP_ANSWERED)
        now = context.clock.now()
        found = await aside_if_heavy(
            weight_of(*(each.points for each in learned.values())),
            lambda: conclude(claim.group, learn(seen, learned, now), now, measured),
            background=True,
        )
        await self._finish(claim, found, learned, listing.jobs)

    async def _finish(
        self,
        claim: ClaimedGroup,
        found: GroupRound,
        learned: Mapping[str, Learned] = NOTHING_LEARNED,
        rows: Sequence[JobSummary] = (),
    ) -> None:
        context, now = self._context, self._context.clock.now()
        answers = await aside_if_heavy(
            weight_of(*(each.points for each in learned.values())),
            lambda: answered(
                found.group,
                claim.waiters,
                learned,
                subject=claim.subject,
                now=now,
                prices=context.prices,
                is_over=found.result is not None,
            ),
            background=True,
        )
        notifications = tuple(notifications_of(found, claim.subject))
        ending = None if found.result is None else Ending.FINISHED
        context.on_crash_point(crash_points.GROUP_JUDGED)
        failed = {each.request_id for each in found.failed}
        told = {row.request_id: row for row in rows if row.request_id in failed} if failed else {}
        result = GroupLook(
            claim, found.group, found.next_at, notifications, found.is_changed, ending, answers, told
        )
        if await context.store.groups.finish_group(result, context.clock.now()):
            context.on_crash_point(crash_points.GROUP_FINISHED)
            if notifications or answers or found.is_changed:
                context.wake_delivery()

    async def _ask(self, wants: Sequence[Wanted], until: datetime) -> Mapping[str, Learned]:
        """A few members at a time: the list, which covers all of them, is not kept waiting."""
        learned: dict[str, Learned] = {}
        few = wants[: self._context.few(ASKED_AT_ONCE)]
        queue = takewhile(lambda _: self._context.clock.now() < until, few)

        async def work(queue: Iterator[Wanted]) -> None:
            for want in queue:
                learned[want.request_id] = await self._learned(want)

        async with asyncio.TaskGroup() as tasks:
            for _ in few:
                tasks.create_task(work(queue))
        return learned

    async def _learned(self, want: Wanted) -> Learned:
        job, points = None, None
        try:
            if want.document:
                job = await self._document(want.request_id)
            if want.metrics:
                points = await self._points(want.request_id)
        except JobNotFoundError:
            return Learned(is_gone=True)
        return Learned(job, points=points)

    async def _document(self, request_id: str) -> TrainingJob | None:
        try:
            return (await self._context.training_api.look(request_id)).job
        except JobNotFoundError:
            raise
        except TrainingApiError as error:
            _log.info("a member's document did not come", request_id=request_id, error=error.code)
            return None

    async def _points(self, request_id: str) -> Sequence[MetricPoint] | None:
        """What it has logged; nothing where Simplismart knows of no metrics."""
        try:
            snapshot = await self._context.training_api.metrics(request_id, background=True)
        except JobNotFoundError:
            return ()
        except TrainingApiError as error:
            _log.info("a member's metrics did not come", request_id=request_id, error=error.code)
            return None
        return None if snapshot.failure else snapshot.points


def _is_too_late(group: Group, now: datetime) -> bool:
    return group.ends_at is not None and now >= group.ends_at + PATIENCE
