"""The organisation's jobs, ten a page: one line each, with a button that shows the card."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.cards.jobs.job_row import job_row
from bot.cards.kit import actions, phrases
from bot.cards.kit.card import (
    BUTTON_VALUE_CHARACTERS,
    Block,
    Card,
    button,
    can_ask_for,
    context,
    header,
    section,
)
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.phrases import spoken
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, code, cut, plain, unbroken
from bot.domain.commands.query import Query
from bot.domain.commands.search import search
from bot.domain.commands.stored_query import query_to_button
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing

PAGE_JOBS: Final = 10
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


def jobs_list_card(
    listing: JobListing, query: Query, *, number: int = 0, now: datetime, slash_command: str
) -> Card:
    """One page of the jobs that fit; the last one where there are not so many pages.

    Args:
        listing: all jobs, newest first.
        query: which of them.
        number: the page, from 0.
        now: aware, UTC.
        slash_command: as people type it here.
    """
    found = search(query, listing.jobs, now)
    stale = [section(stale_warning(listing.failure, listing.fetched_at, now))] if listing.failure else []
    if not found:
        return _empty(query, stale, slash_command)
    pages = -(-len(found) // PAGE_JOBS)
    number = min(number, pages - 1)
    shown = found[number * PAGE_JOBS : (number + 1) * PAGE_JOBS]
    blocks: list[Block] = [header("Training jobs"), section(_top(found, query)), *stale]
    names = Counter(job.experiment_name for job in shown)
    blocks += [_line(job, now, is_ambiguous=names[job.experiment_name] > 1) for job in shown]
    if pages > 1:
        blocks += _turning(number, pages, query)
    return Card(_spoken(found, shown, number, pages), blocks)


def _top(found: Sequence[JobSummary], query: Query) -> str:
    """How many there are, by status, and of which."""
    many = Counter(job.status for job in found)
    counts = [
        unbroken(f"{phrases.SYMBOLS[status]} {many[status]:,} {status.lower()}")
        for status in JobStatus
        if many[status]
    ]
    of = f" for {code(query.text, _QUERY_CHARACTERS)}" if query.text else ""
    return f"*{phrases.count(len(found), 'job')}*{of}\n{SEPARATOR.join(counts)}"


def _line(job: JobSummary, now: datetime, *, is_ambiguous: bool) -> Block:
    opening = button("Open", actions.OPEN, job.request_id) if can_ask_for(job.request_id) else None
    return section(job_row(job, now, with_id=is_ambiguous), opening)


def _turning(number: int, pages: int, query: Query) -> list[Block]:
    turns = []
    if number > 0:
        turns.append(_turn("Newer", actions.NEWER, Page(number - 1, query_to_button(query))))
    if number < pages - 1:
        turns.append(_turn("Older", actions.OLDER, Page(number + 1, query_to_button(query))))
    row = [row_of(turns)] if all(len(each["value"]) <= BUTTON_VALUE_CHARACTERS for each in turns) else []
    return [*row, context([f"Page {number + 1:,} of {pages:,}, newest first"])]


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
