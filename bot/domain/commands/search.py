"""Finding jobs in the organisation's list: the one that a word means, and all that fit a query."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.commands.query import SPAN, Query
from bot.domain.commands.query_words import Bare, SortedWords, is_status, sort_words
from bot.domain.commands.times.moments import is_moment
from bot.domain.commands.typed import bare_word, folded, name_key, plain_words
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.reading import read_status

SHORTEST_PREFIX: Final = 4
"""Characters of an ID that are taken for the whole."""
_SHORTEST_PART: Final = 3
"""Characters of a name; one fewer of what is no ASCII, where two letters may be a word."""
_MOST_WORDS: Final = 20
_MOST_CHARACTERS: Final = 200
"""Of what is looked for. What is written down of a query is longer: it has signs, and all statuses."""
_MOST_TYPED: Final = 1_000
_LEAST_LIKE: Final = 0.7


def resolve(word: str, jobs: Iterable[JobSummary]) -> tuple[JobSummary, ...]:
    """The jobs that ``word`` may mean, in the order given; one where it is clear, none where nothing fits.

    The first that fits anything decides: the id; the name; what an id begins with, if only one does; what
    ids and names begin with; what names have in them; the same without quotes and brackets. All is compared
    as `bot.domain.commands.typed.folded` has it, but two ids keep their case.
    """
    found = _Found(word)
    for job in jobs:
        if job.request_id == word:
            return (job,)
        found.sort_in(job)
    return found.best()


def named(name: str, jobs: Iterable[JobSummary], *, exactly: bool = False) -> tuple[JobSummary, ...]:
    """The jobs of this name, in the order given; else, unless ``exactly``, those whose names hold it.

    Compared as `resolve` does. A name with marks in it is meant with them, if there is one.
    """
    found = _Found(name, by_id=False)
    for job in jobs:
        found.sort_in(job)
    return found.best(exactly=exactly)


class _Found:
    """Jobs, sorted by how well they fit what was typed."""

    def __init__(self, typed: str, *, by_id: bool = True) -> None:
        self._typed = folded(typed)
        self._written = _written(typed)
        self._words = plain_words(self._typed)
        self._key = name_key(self._typed)
        self._by_id = by_id
        self._shortest = _SHORTEST_PART if typed.isascii() else _SHORTEST_PART - 1
        self._found: dict[str, list[JobSummary]] = {}

    def sort_in(self, job: JobSummary) -> None:
        """Put the job where it fits, if anywhere."""
        fit = self._fit(folded(job.experiment_name or ""), folded(job.request_id) if self._by_id else "")
        if fit:
            self._found.setdefault(fit, []).append(job)

    def _fit(self, name: str, request_id: str) -> str:
        typed, words = self._typed, self._words
        if typed and name == typed:
            return "typed"
        if words and words in (name, request_id):
            return "same"
        if len(words) >= SHORTEST_PREFIX and request_id.startswith(words):
            return "id"
        if len(words) >= self._shortest and words in name:
            return "begins" if name.startswith(words) else "holds"
        key = name_key(name) if self._key and self._key[0] in name else ""
        if key and key == self._key:
            return "bare"
        return "bare part" if len(self._key) >= self._shortest and self._key in key else ""

    def best(self, *, exactly: bool = False) -> tuple[JobSummary, ...]:
        """Those that fit best; ``exactly``: whose name or id it is."""
        by_id, begins = self._of("id"), self._of("begins")
        if found := self._of("typed") or self._of("same"):
            return self._nearest(found)
        if exactly:
            return self._nearest(self._of("bare"))
        if len(by_id) == 1:
            return by_id
        return by_id + begins or self._of("holds") or self._nearest(self._of("bare")) or self._of("bare part")

    def _nearest(self, found: tuple[JobSummary, ...]) -> tuple[JobSummary, ...]:
        """Of several, those called so letter by letter: ``1-run``, and not ``\u2460-run``."""
        return tuple(job for job in found if _written(job.experiment_name or "") == self._written) or found

    def _of(self, fit: str) -> tuple[JobSummary, ...]:
        return tuple(self._found.get(fit, ()))


def _written(text: str) -> str:
    """Bare words whose case does not count, but whose letters stay as they are."""
    return " ".join(map(bare_word, unicodedata.normalize("NFC", text.casefold()).split()))


def search(query: Query, jobs: Iterable[JobSummary], now: datetime) -> tuple[JobSummary, ...]:
    """The jobs that fit, in the order given. ``now`` is aware."""
    return tuple(job for job in jobs if query.fits(job, now))


def read_query(words: Sequence[str], bare: Bare = Bare.SURE) -> Query:
    """``status:failed,running model:llama name:tickets since:7d``, and any other words.

    Raises:
        NotUnderstoodError: a status nobody knows, no span of time, or too many words.
    """
    query, reason = read_as_far(words, bare)
    if reason:
        raise _refused(words, query, reason)
    return query


def query_of_text(text: str) -> Query:
    """The query of a `Query.text`, whatever its length: what was accepted is never refused.

    Raises:
        NotUnderstoodError: it is the text of no query.
    """
    query, reason = _understood(sort_words(text.split(), Bare.NONE))
    if reason:
        raise _refused(text.split(), query, reason)
    return query


def _refused(words: Sequence[str], query: Query, reason: str) -> NotUnderstoodError:
    instead = f"list {query.text}" if query.text else "list status:failed since:7d"
    return NotUnderstoodError(" ".join(words)[:_MOST_CHARACTERS], reason, instead)


def read_as_far(words: Sequence[str], bare: Bare) -> tuple[Query, str]:
    """What can be understood of ``words``, and what is wrong with the rest; empty where nothing is."""
    too_long = "That's too much for one search. Use fewer words."
    if sum(map(len, words)) > _MOST_TYPED:
        return Query(), too_long
    query, reason = _understood(sort_words(words, bare))
    values = [*query.models, *query.names, *query.words]
    filters = sum(map(bool, (query.models, query.names, query.since, query.until)))
    if len(query.words) + filters > _MOST_WORDS or sum(map(len, values)) > _MOST_CHARACTERS:
        return Query(), too_long
    return query, reason


def _understood(said: SortedWords) -> tuple[Query, str]:
    filters, reason = said.filters, ""
    statuses = frozenset(
        read_status(each) for each in filters["status"] if is_status(each) or each == "unknown"
    )
    spans = [since for since in filters["since"] if is_moment(since) or SPAN.fullmatch(since)]
    ends = [until for until in filters["until"] if is_moment(until) or SPAN.fullmatch(until)]
    query = Query(
        statuses,
        tuple(filters["model"]),
        tuple(filters["name"]),
        "".join(spans[-1:]),
        tuple(said.words),
        "".join(ends[-1:]),
    )
    for status in filters["status"]:
        if not is_status(status) and status != "unknown":
            known = ", ".join(each.lower() for each in JobStatus if each is not JobStatus.ENDED)
            reason = f"“{status[:50]}” isn't a status. The statuses are: {known}."
            query = replace(query, statuses=query.statuses | _near_statuses(status))
    if len(spans) < len(filters["since"]):
        reason = f"“since:{filters['since'][-1][:50]}” isn't a time span. Write 30m, 12h, 7d or 2w."
    if len(ends) < len(filters["until"]):
        reason = f"“until:{filters['until'][-1][:50]}” isn't a day. Write today, monday, 2026-11-01 or 7d."
    return query, reason


def _near_statuses(typed: str) -> frozenset[JobStatus]:
    """The status that was meant, if one is near."""
    known = {status.lower(): status for status in JobStatus if status is not JobStatus.ENDED}
    return frozenset(known[each] for each in difflib.get_close_matches(typed[:50], known, 1, _LEAST_LIKE))
