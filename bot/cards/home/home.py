"""The Home tab: a search, what failed this week, its reader's subscriptions, and what else runs now.

Source: https://docs.slack.dev/surfaces/app-home
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from bot.cards.jobs.job_row import job_row
from bot.cards.kit import actions
from bot.cards.kit.card import (
    OPTION_CHARACTERS,
    Block,
    Card,
    button,
    can_ask_for,
    context,
    header,
    plain_text,
    section,
)
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import code, date
from bot.cards.subscriptions.pause import pause_line
from bot.cards.subscriptions.subscription_list import followed_words
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing
from bot.domain.subscriptions.subscription import SubscribedJob

FAILED_DAYS: Final = 7
_MOST_FOLLOWED: Final = 20
_MOST_LISTED: Final = 20
"""Jobs of each other kind; 88 blocks in all, of the 100 that a view may have."""
_COMMAND_CHARACTERS: Final = 200
_SEARCH: Final = {
    "type": "external_select",
    "action_id": actions.PICK,
    "placeholder": plain_text("Find a job by name or ID", OPTION_CHARACTERS),
    "min_query_length": 2,
}
"""What is typed is looked for as in the window of the slash command alone; what is chosen opens."""


def home_view(
    followed: Sequence[SubscribedJob] | Card,
    listing: JobListing | Card,
    *,
    now: datetime,
    slash_command: str,
    paused_until: datetime | None = None,
) -> dict[str, Any]:
    """The tab as one person sees it.

    Args:
        followed: their subscriptions; the card of a failure where that is not known.
        listing: the organisation's jobs; the card of a failure where they are not known.
        now: the present moment (aware, UTC).
        slash_command: as people type it here.
        paused_until: when their pause ends; None where there is none.
    """
    jobs = _Jobs.of(followed, listing, now)
    blocks = [row_of([_SEARCH, button("Refresh", actions.REFRESH_HOME, "home")])]
    blocks += [] if paused_until is None else [pause_line(paused_until)]
    blocks += _attention(jobs, now)
    blocks += _without_buttons_below("Your subscriptions", followed) or _followed(jobs.others, slash_command)
    blocks += _without_buttons_below("Jobs", listing) or _jobs("Running now", jobs.running, now)
    if isinstance(listing, JobListing) and listing.failure is not None:
        blocks.append(section(stale_warning(listing.failure, listing.fetched_at, now)))
    drawn = f"Updated {date(now)}."
    return {"type": "home", "blocks": [*blocks, context([drawn])]}


class _Jobs(NamedTuple):
    """What the tab shows, each job once: where it needs attention, where it has a subscription, or else."""

    failed: Sequence[SubscribedJob]
    """Subscriptions to jobs that failed this week."""
    failed_too: Sequence[JobSummary]
    """The other jobs that did."""
    others: Sequence[SubscribedJob]
    running: Sequence[JobSummary]

    @classmethod
    def of(cls, followed: Sequence[SubscribedJob] | Card, listing: JobListing | Card, now: datetime) -> _Jobs:
        """As far as both are known."""
        subscriptions = () if isinstance(followed, Card) else followed
        rows = () if isinstance(listing, Card) else listing.jobs
        since = now - timedelta(days=FAILED_DAYS)
        failed = {job.request_id: job for job in rows if _has_failed(job) and _is_after(job, since)}
        mine = {each.subscription.request_id for each in subscriptions}
        return cls(
            [each for each in subscriptions if each.subscription.request_id in failed],
            [job for request_id, job in failed.items() if request_id not in mine],
            [each for each in subscriptions if each.subscription.request_id not in failed],
            [job for job in rows if job.status is JobStatus.RUNNING and job.request_id not in mine],
        )


def _has_failed(job: JobSummary) -> bool:
    return job.status is JobStatus.FAILED


def _attention(jobs: _Jobs, now: datetime) -> list[Block]:
    """The jobs that failed this week, those with a subscription first; nothing where none did."""
    if not (jobs.failed or jobs.failed_too):
        return []
    room = max(0, _MOST_LISTED - len(jobs.failed))
    blocks = [header("Needs attention"), *_subscriptions(jobs.failed)]
    return blocks + _rows(jobs.failed_too[:room], now) + _more(len(jobs.failed_too) - room)


def _followed(followed: Sequence[SubscribedJob], slash_command: str) -> list[Block]:
    title = header("Your subscriptions")
    if followed:
        return [title, *_subscriptions(followed)]
    command = code(f"{slash_command} subscribe <job>", _COMMAND_CHARACTERS)
    return [title, section(f"None. To subscribe, press *Subscribe* on a job's card, or type {command}.")]


def _subscriptions(followed: Sequence[SubscribedJob]) -> list[Block]:
    jobs = {(each.experiment_name, each.subscription.request_id) for each in followed}
    names = Counter(name for name, _ in jobs)
    blocks: list[Block] = []
    for each in followed[:_MOST_FOLLOWED]:
        stop = button("Stop", actions.STOP, each.subscription.id)
        opening = None if each.group is not None else _open(each.subscription.request_id)
        buttons = [opening, stop] if opening else [stop]
        blocks += [section(followed_words(each, names, is_elsewhere=True)), row_of(buttons)]
    return blocks + _more(len(followed) - _MOST_FOLLOWED)


def _is_after(job: JobSummary, since: datetime) -> bool:
    """A job without any time is shown rather than missed."""
    moment = job.updated_at or job.created_at
    return moment is None or moment >= since


def _jobs(title: str, jobs: Sequence[JobSummary], now: datetime) -> list[Block]:
    rows = _rows(jobs[:_MOST_LISTED], now)
    return [header(title), *(rows or [section("None.")]), *_more(len(jobs) - _MOST_LISTED)]


def _rows(jobs: Sequence[JobSummary], now: datetime) -> list[Block]:
    names = Counter(job.experiment_name for job in jobs)
    return [
        section(job_row(job, now, with_id=names[job.experiment_name] > 1), _open(job.request_id))
        for job in jobs
    ]


def _more(many: int) -> list[Block]:
    return [context([f"and {many:,} more"])] if many > 0 else []


def _open(request_id: str) -> dict[str, Any] | None:
    """The button that shows the job in a window; none for an id that cannot be asked for."""
    return button("Open", actions.DETAILS, request_id) if can_ask_for(request_id) else None


def _without_buttons_below(title: str, found: object) -> list[Block]:
    """A failure's card, whose buttons belong in a conversation; nothing where it is none."""
    if not isinstance(found, Card):
        return []
    return [header(title), *(block for block in found.blocks if block["type"] != "actions")]
