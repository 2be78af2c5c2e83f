"""What a Home tab shows: read from the database and from Simplismart as of one moment."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import structlog

from bot.cards.home.home import home_view, shown_jobs
from bot.cards.kit.card import Card
from bot.domain.errors import StoreError, TrainingApiError
from bot.domain.job import JobStatus
from bot.domain.listing import JobListing
from bot.domain.one_moment import as_one
from bot.domain.subscriptions.subscription import SubscribedJob
from bot.handlers.jobs.job_rows import facts_of_rows
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.tasks import aside_if_heavy, weight_of

NOWHERE: Final = ""
"""For the list of subscriptions: no conversation is asked about."""
_SHOWN: Final = frozenset({JobStatus.RUNNING, JobStatus.QUEUED, JobStatus.FAILED, JobStatus.COMPLETED})

_log = structlog.stdlib.get_logger(__name__)


class Page(NamedTuple):
    """What is to be shown."""

    followed: Sequence[SubscribedJob] | Card
    listing: JobListing | Card
    paused_until: datetime | None
    heavy: int
    """How much there is to read, see `bot.tasks.weight_of`."""
    digest: str
    """Another one where the page is: how long jobs have been running does not count."""


async def page_of(context: Context, team_id: str, user_id: str, *, background: bool) -> Page:
    """What this person's tab is to show now."""
    followed = await _followed(context, team_id, user_id)
    listing = await _listing(context, background=background)
    paused = await _paused_until(context, team_id, user_id)
    heavy = weight_of(listing)
    return await aside_if_heavy(
        heavy, lambda: _page(followed, listing, paused, heavy, context.org_id), background=background
    )


async def view_of(context: Context, page: Page, *, background: bool) -> Mapping[str, Any]:
    """The tab, as Slack takes it."""
    heavy = page.heavy
    now, slash_command = context.clock.now(), context.slash_command
    jobs = await aside_if_heavy(
        heavy, lambda: shown_jobs(page.followed, page.listing, now, context.org_id), background=background
    )
    facts = await facts_of_rows(context, jobs)
    return await aside_if_heavy(
        heavy,
        lambda: home_view(
            page.followed,
            page.listing,
            now=now,
            slash_command=slash_command,
            org_id=context.org_id,
            paused_until=page.paused_until,
            settings=context.card_settings,
            facts=facts,
        ),
        background=background,
    )


async def _followed(context: Context, team_id: str, user_id: str) -> Sequence[SubscribedJob] | Card:
    try:
        return await context.subscriptions.followed(team_id, NOWHERE, user_id)
    except StoreError as error:
        return failure_card(context, error)


async def _listing(context: Context, *, background: bool) -> JobListing | Card:
    try:
        return await context.training_api.jobs(background=background)
    except TrainingApiError as error:
        return failure_card(context, error)


async def _paused_until(context: Context, team_id: str, user_id: str) -> datetime | None:
    """None too where the database does not say it."""
    try:
        return await context.pauses.paused_until(team_id, user_id, context.clock.now())
    except StoreError as error:
        _log.warning("Home does not show whether there is a pause", error=error.code, detail=error.detail)
        return None


def _page(
    followed: Sequence[SubscribedJob] | Card,
    listing: JobListing | Card,
    paused_until: datetime | None,
    heavy: int,
    org_id: str,
) -> Page:
    """Both as of one moment, and a digest of what they show."""
    if not isinstance(followed, Card) and not isinstance(listing, Card):
        followed, listing = as_one(followed, listing, org_id)
    jobs = (
        listing
        if isinstance(listing, Card)
        else [(job.request_id, job.status, job.progress) for job in listing.jobs if job.status in _SHOWN]
    )
    return Page(followed, listing, paused_until, heavy, _digest(repr((followed, jobs, paused_until))))


def _digest(words: str) -> str:
    """The same in every process."""
    return hashlib.blake2b(words.encode(), digest_size=16).hexdigest()
