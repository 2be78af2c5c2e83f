"""Makes the digests that are due: what ended since the last one, and what runs and waits now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from bot.domain.channels.digest import DigestPlan
from bot.domain.channels.digesting import SETTLED, Findings, ended_rows, make_digest, told_ids
from bot.domain.channels.schedule import TOO_LATE, fixed_offset, next_time
from bot.domain.errors import TrainingApiError
from bot.domain.history import is_known
from bot.domain.listing import JobListing
from bot.domain.ports import ClaimedDigest
from bot.domain.subscriptions.notifications.notices import ChannelDigest
from bot.tasks import aside_if_heavy, weight_of
from bot.watcher import crash_points
from bot.watcher.context import WatcherContext
from bot.watcher.due_work import claimed, list_now

RETRY: Final = timedelta(minutes=5)
"""Pause after Simplismart did not answer, before it is asked again."""
PATIENCE: Final = timedelta(hours=2)
"""Wait of a digest for Simplismart; then it reports what is known."""
READING: Final = timedelta(minutes=30)
"""Its wait for the documents of what ended, where the bot was away or the digest is new."""
MOST_UNREAD: Final = 10
"""Jobs reported by their rows, without reason and GPU-hours: some documents never come."""
_LOOK_AGAIN: Final = timedelta(minutes=1)
_MOST_CLAIMED: Final = 20

_log = structlog.stdlib.get_logger(__name__)


class DigestPass:
    """One of the watcher's chores."""

    def __init__(self, context: WatcherContext) -> None:
        self._context = context

    async def run(self) -> float:
        """See `bot.watcher.context.PeriodicTask`."""
        context = self._context
        digests = context.store.digests
        claims = await claimed(
            context,
            digests.next_digest_at,
            digests.claim_digests,
            most=_MOST_CLAIMED,
            crash_point=crash_points.DIGEST_CLAIMED,
        )
        if isinstance(claims, float):
            return claims
        listing = await list_now(context)
        for claim in claims:
            await self._make(claim, None if isinstance(listing, TrainingApiError) else listing)
        return 0.0

    async def _make(self, claim: ClaimedDigest, listing: JobListing | None) -> None:
        context, plan, now = self._context, claim.plan, self._context.clock.now()
        after = replace(plan, next_at=next_time(plan.period, plan.at_minutes, _zone(plan.time_zone), now))
        late = now - plan.next_at
        if late >= TOO_LATE:
            _log.warning("a digest is too late and left out", channel_id=plan.channel_id, late=str(late))
            await context.store.digests.finish_digest(claim, after, None, now)
            return
        if listing is None and late < PATIENCE:
            await context.store.digests.postpone_digest(claim, now + RETRY)
            return
        until = max(plan.since, await self._until(plan, listing))
        found, is_read = await self._found(plan, listing, until)
        if not is_read and late < READING:
            await context.store.digests.postpone_digest(claim, now + _LOOK_AGAIN)
            return
        notification = await aside_if_heavy(
            weight_of(listing, tuple(found.finished)),
            lambda: _notification(plan, until, found, now),
            background=True,
        )
        context.on_crash_point(crash_points.DIGEST_MADE)
        if await context.store.digests.finish_digest(claim, replace(after, since=until), notification, now):
            context.on_crash_point(crash_points.DIGEST_FINISHED)
            if notification is not None:
                context.wake_delivery()

    async def _found(
        self, plan: DigestPlan, listing: JobListing | None, until: datetime
    ) -> tuple[Findings, bool]:
        """What is known of the time until then, and whether enough documents of what ended were read.

        A row that is newer than what is remembered of its job may show another end, or the one that was told
        before with something added: that only the document can tell.
        """
        store, org_id = self._context.store, self._context.org_id
        jobs = None if listing is None else listing.jobs
        rows = list(ended_rows(jobs or (), plan.since, until))
        recorded = (
            await store.finished_jobs.recorded(org_id, [row.request_id for row in rows]) if rows else {}
        )
        found = Findings(await store.finished_jobs.finished(org_id, plan.since, until), jobs, recorded)
        ids = told_ids(found, plan.since, until)
        found = replace(found, standing=await store.metrics_checks.standing_findings(org_id, ids))
        unread = [row for row in rows if not is_known(row, recorded)]
        is_unclear = any(row.request_id in recorded for row in unread)
        return found, len(unread) <= MOST_UNREAD and not is_unclear

    async def _until(self, plan: DigestPlan, listing: JobListing | None) -> datetime:
        """Up to then every end is known: by the list, or because the list was still had later."""
        if listing is not None:
            return listing.fetched_at - SETTLED
        context = self._context
        failed_at = (await context.store.watches.plan(context.org_id)).api_down_since or plan.next_at
        # The last time that it was had is not kept, but it was no longer ago than this.
        interval = timedelta(seconds=context.policy.bounds.max_seconds)
        return min(plan.next_at, failed_at) - interval - SETTLED


def _notification(plan: DigestPlan, until: datetime, found: Findings, now: datetime) -> ChannelDigest | None:
    """The message, if there is something to tell."""
    digest = make_digest(plan.org_id, plan.period, plan.since, until, found)
    if digest is None:
        return None
    return ChannelDigest(once_key=plan.next_at.isoformat(), at=now, digest=digest)


def _zone(name: str) -> tzinfo:
    """The time zone; UTC where this machine no longer knows it."""
    try:
        return fixed_offset(name) or ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        _log.warning("no such time zone, taking UTC", time_zone=name)
        return UTC
