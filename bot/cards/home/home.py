"""The Home tab: its reader's subscriptions, what runs now, what failed this week.

Source: https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from bot.cards.jobs.job_row import job_row
from bot.cards.kit import actions
from bot.cards.kit.card import Block, Card, button, can_ask_for, context, header, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import code, date
from bot.cards.subscriptions.subscription_list import followed_words
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing
from bot.domain.subscriptions.subscription import Followed

FAILED_DAYS: Final = 7
_MOST_FOLLOWED: Final = 20
_MOST_LISTED: Final = 20
"""Jobs of each other kind; 88 blocks in all, of the 100 that a view may have."""
_COMMAND_CHARACTERS: Final = 200


def home_view(
    followed: Sequence[Followed] | Card, listing: JobListing | Card, *, now: datetime, slash_command: str
) -> dict[str, Any]:
    """The tab as one person sees it.

    Args:
        followed: their subscriptions; the card of a failure where that is not known.
        listing: the organisation's jobs; the card of a failure where they are not known.
        now: the present moment (aware, UTC).
        slash_command: as people type it here.
    """
    blocks = [row_of([button("Refresh", actions.REFRESH_HOME, "home")]), *_followed(followed, slash_command)]
    if isinstance(listing, Card):
        blocks += [header("Jobs"), *_without_buttons(listing)]
    else:
        blocks += _listed(listing, now)
    drawn = f"Updated {date(now)}."
    return {"type": "home", "blocks": [*blocks, context([drawn])]}


def _followed(followed: Sequence[Followed] | Card, slash_command: str) -> list[Block]:
    title = header("Your subscriptions")
    if isinstance(followed, Card):
        return [title, *_without_buttons(followed)]
    if not followed:
        command = code(f"{slash_command} subscribe <job>", _COMMAND_CHARACTERS)
        return [
            title,
            section(f"None. To subscribe, press *Subscribe* on a job's card, or type {command}."),
        ]
    jobs = {(each.experiment_name, each.subscription.request_id) for each in followed}
    names = Counter(name for name, _ in jobs)
    blocks = [title]
    for each in followed[:_MOST_FOLLOWED]:
        stop = button("Stop", actions.STOP, each.subscription.id)
        opening = _open(each.subscription.request_id)
        buttons = [opening, stop] if opening else [stop]
        blocks += [section(followed_words(each, names, is_elsewhere=True)), row_of(buttons)]
    return blocks + _more(len(followed) - _MOST_FOLLOWED)


def _listed(listing: JobListing, now: datetime) -> list[Block]:
    running = [job for job in listing.jobs if job.status is JobStatus.RUNNING]
    since = now - timedelta(days=FAILED_DAYS)
    failed = [job for job in listing.jobs if job.status is JobStatus.FAILED and _is_after(job, since)]
    blocks = [*_jobs("Running now", running, now), *_jobs("Failed this week", failed, now)]
    if listing.failure is not None:
        blocks.append(section(stale_warning(listing.failure, listing.fetched_at, now)))
    return blocks


def _is_after(job: JobSummary, since: datetime) -> bool:
    """A job without any time is shown rather than missed."""
    moment = job.updated_at or job.created_at
    return moment is None or moment >= since


def _jobs(title: str, jobs: Sequence[JobSummary], now: datetime) -> list[Block]:
    if not jobs:
        return [header(title), section("None.")]
    names = Counter(job.experiment_name for job in jobs)
    blocks = [header(title)]
    for job in jobs[:_MOST_LISTED]:
        words = job_row(job, now, with_id=names[job.experiment_name] > 1)
        blocks.append(section(words, _open(job.request_id)))
    return blocks + _more(len(jobs) - _MOST_LISTED)


def _more(many: int) -> list[Block]:
    return [context([f"and {many:,} more"])] if many > 0 else []


def _open(request_id: str) -> dict[str, Any] | None:
    """The button that shows the job in a window; none for an id that cannot be asked for."""
    return button("Open", actions.DETAILS, request_id) if can_ask_for(request_id) else None


def _without_buttons(card: Card) -> list[Block]:
    """A failure's card; its buttons belong in a conversation."""
    return [block for block in card.blocks if block["type"] != "actions"]
