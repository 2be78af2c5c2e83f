"""The organisation's jobs, ten a page: one line each, with a button that shows the card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.cards.jobs.job_row import NOTHING_KNOWN, RowFacts, hide_option, job_row
from bot.cards.kit import actions, phrases
from bot.cards.kit.actions import Chosen
from bot.cards.kit.card import (
    BUTTON_VALUE_CHARACTERS,
    OPTION_VALUE_CHARACTERS,
    Block,
    Card,
    button,
    can_ask_for,
    context,
    overflow,
    section,
)
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.kit.phrases import spoken
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, code, cut, length, plain, unbroken
from bot.domain.commands.query import Query
from bot.domain.commands.search import search
from bot.domain.commands.stored_query import query_to_button
from bot.domain.curves.run_doctor import Finding
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing

PAGE_JOBS: Final = 10
_CARD: Final = ("Card", actions.OPEN)
_METRICS: Final = ("Metrics", actions.METRICS)
_SUBSCRIBE: Final = ("Subscribe", actions.SUBSCRIBE)
_REPORT: Final = ("Report", actions.REPORT)
_OFFERS: Final = {
    JobStatus.QUEUED: (_CARD, _SUBSCRIBE, ("Details", actions.DETAILS)),
    JobStatus.RUNNING: (_CARD, _METRICS, _SUBSCRIBE),
    JobStatus.UNKNOWN: (_CARD, _METRICS, _SUBSCRIBE),
    JobStatus.FAILED: (_CARD, ("Full error", actions.FULL_ERROR), _METRICS),
    JobStatus.COMPLETED: (_CARD, _METRICS, _REPORT),
    JobStatus.CANCELLED: (_CARD, _METRICS, _REPORT),
    JobStatus.ENDED: (_CARD, _METRICS, _REPORT),
}
"""What the menu beside a job offers, by its status."""
_NO_FACTS: Final[Mapping[str, RowFacts]] = {}
_QUERY_CHARACTERS: Final = 200
_TEXT_CHARACTERS: Final = 1000
_MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of which list."""

    number: int = 0
    """From 0, for the newest."""
    query: str = ""
    """See `bot.domain.commands.stored_query.query_to_button`."""

    def value(self) -> str:
        """As a button carries it."""
        return f"{self.number} {self.query}"

    @classmethod
    def read(cls, value: str) -> Page | None:
        """From a button; None where it is not one of ours."""
        number, _, query = value.partition(" ")
        is_one = number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS
        return cls(int(number), query) if is_one else None


def jobs_list_card(  # noqa: PLR0913  (each by its name)
    listing: JobListing,
    query: Query,
    *,
    number: int = 0,
    now: datetime,
    slash_command: str,
    settings: CardSettings = NOTHING_SET,
    facts: Mapping[str, RowFacts] = _NO_FACTS,
    found: Sequence[JobSummary] | None = None,
) -> Card:
    """One page of the jobs that fit; the last one where there are not so many pages.

    Args:
        listing: all jobs, newest first.
        query: which of them.
        number: the page, from 0.
        now: aware, UTC.
        slash_command: as people type it here.
        settings: what the operator set.
        facts: what is known of the jobs on the page, by request ID.
        found: those that fit, where they were looked for already.
    """
    found = search(query, listing.jobs, now) if found is None else found
    stale = [context([stale_warning(listing.failure, listing.fetched_at, now)])] if listing.failure else []
    if not found:
        return _empty(query, stale, slash_command)
    pages = -(-len(found) // PAGE_JOBS)
    number = min(number, pages - 1)
    shown = on_page(found, number)
    of = f" for {code(query.text, _QUERY_CHARACTERS)}" if query.text else ""
    blocks: list[Block] = [section(f"*{phrases.count(len(found), 'job')}*{of}, newest first"), *stale]
    names = Counter(job.experiment_name for job in shown)
    for job in shown:
        is_ambiguous = names[job.experiment_name] > 1
        known = facts.get(job.request_id, NOTHING_KNOWN)
        row = job_row(job, now, with_id=is_ambiguous, settings=settings, facts=known)
        blocks.append(_line(job, row, known.finding))
    where = f"Page {number + 1:,} of {pages:,}" if pages > 1 else ""
    blocks.append(context([SEPARATOR.join(filter(None, (where, *_counts(found))))]))
    turns = _turns(found, number, pages, query)
    if turns and all(len(each["value"]) <= BUTTON_VALUE_CHARACTERS for each in turns):
        blocks.append(row_of(turns))
    return Card(_spoken(found, shown, number, pages), blocks)


def on_page(found: Sequence[JobSummary], number: int) -> Sequence[JobSummary]:
    """The jobs on a page, from 0; on the last one where there are not so many."""
    number = min(number, max(0, -(-len(found) // PAGE_JOBS) - 1))
    return found[number * PAGE_JOBS : (number + 1) * PAGE_JOBS]


def _counts(found: Sequence[JobSummary]) -> list[str]:
    """How many there are by status, of all that fit."""
    many = Counter(job.status for job in found)
    return [
        unbroken(f"{phrases.SYMBOLS[status]} {many[status]:,} {status.lower()}")
        for status in JobStatus
        if many[status]
    ]


def _line(job: JobSummary, row: str, finding: Finding | None) -> Block:
    if not can_ask_for(job.request_id):
        return section(row)
    options = [
        (words, Chosen(action_id, job.request_id).option_value()) for words, action_id in _OFFERS[job.status]
    ]
    options += [] if finding is None else [hide_option(job.request_id, finding)]
    if any(length(value) > OPTION_VALUE_CHARACTERS for _, value in options):
        return section(row, button("Card", actions.OPEN, job.request_id))
    return section(row, overflow(actions.ROW_MORE, options))


def _turns(found: Sequence[JobSummary], number: int, pages: int, query: Query) -> list[dict[str, Any]]:
    """The way to the pages beside this one, and to those jobs that people look for most."""
    kept = query_to_button(query)
    turns = []
    if number > 0:
        turns.append(_turn("Newer", actions.NEWER, Page(number - 1, kept)))
    if number < pages - 1:
        more = min(PAGE_JOBS, len(found) - (number + 1) * PAGE_JOBS)
        turns.append(_turn(f"Next {more}", actions.OLDER, Page(number + 1, kept)))
    has_both = len({job.status is JobStatus.FAILED for job in found}) > 1
    if pages > 1 and has_both:
        failed = replace(query, statuses=frozenset({JobStatus.FAILED}))
        turns.append(_turn("Only failed", actions.ONLY_FAILED, Page(0, query_to_button(failed))))
    return turns


def _turn(label: str, action_id: str, page: Page) -> dict[str, Any]:
    return button(label, action_id, page.value())


def _empty(query: Query, stale: Sequence[Block], slash_command: str) -> Card:
    if not query.text:
        said = "Your organization has no training jobs yet."
        return Card(said, [section(said), *stale])
    shown = f"No job fits {code(query.text, _QUERY_CHARACTERS)}."
    advice = "Use fewer words, another status or a longer time"
    line = f"{slash_command} list"
    return Card(
        f"No job fits {plain(query.text, _QUERY_CHARACTERS)}. {advice}; {line} shows all.",
        [section(f"{shown}\n{advice}; `{line}` shows all."), *stale],
    )


def _spoken(found: Sequence[JobSummary], shown: Sequence[JobSummary], number: int, pages: int) -> str:
    """For notifications and screen readers."""
    names = ", ".join(spoken(job.experiment_name, job.request_id) for job in shown)
    page = f" Page {number + 1:,} of {pages:,}:" if pages > 1 else ""
    return cut(f"{phrases.count(len(found), 'training job')}.{page} {names}.", _TEXT_CHARACTERS, note="…")
