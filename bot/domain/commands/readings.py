"""What words behind ``list`` may mean, which of it is meant, and which words cannot be read at all."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.commands.query import Query
from bot.domain.commands.query_words import KEYS, Bare
from bot.domain.commands.search import read_as_far, read_query
from bot.domain.commands.times.moments import time_at
from bot.domain.commands.typed import folded
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus, JobSummary

_PROSE: Final = Bare.PROSE | Bare.SURE
_ORDER: Final = (_PROSE, _PROSE | Bare.LIKELY, Bare.SURE, Bare.SURE | Bare.LIKELY, Bare.NONE)
"""The likeliest first; the last takes all but signed filters for words of a name."""
_BETWEEN: Final = re.compile(r"[\W_]+")
_LIKE_A_FILTER: Final = re.compile(r"[!<>].*|-{1,2}[a-z].*|[a-z][\w!<>-]*[:=<>].*", re.ASCII)
_ABOUT_FILTERS: Final = """
    not no without except excluding exclude before after until older between longer than today yesterday this
    last past previous ago recent recently now currently month months year years since by sort my mine status
"""
_NOT_READ: Final = frozenset(_ABOUT_FILTERS.split())
"""Words about filters that there are none of; in no job's name they cannot be what is looked for."""
_LEAST_LIKE: Final = 0.8
_SHORTEST_SLIP: Final = 5


def readings(words: Sequence[str]) -> tuple[Query, ...]:
    """What ``words`` may mean, the likeliest first: a job may be called ``failed model``.

    Raises:
        NotUnderstoodError: see `bot.domain.commands.search.read_query`.
    """
    likeliest = read_query(words, _ORDER[0])
    others = (read_as_far(words, bare) for bare in _ORDER[1:])
    return tuple(dict.fromkeys([likeliest, *(query for query, reason in others if not reason)]))


def meant(
    queries: Sequence[Query],
    words: Sequence[str],
    jobs: Sequence[JobSummary],
    now: datetime,
    *,
    otherwise: Query | None = None,
) -> Query:
    """The first of ``queries`` that any job fits, but names come first; where none does, the likeliest.

    But ``otherwise`` where that is given.

    Raises:
        NotUnderstoodError: no job fits, and a word says something that is no filter.
    """
    ordered = queries
    if len(queries) > 1 and _are_in_a_name(words, jobs):
        ordered = (queries[-1], *queries)
    for query in ordered:
        if any(query.fits(job, now) for job in jobs):
            return query
    if otherwise is not None:
        return otherwise
    if words:
        _refuse_unread(queries[0], words)
    return queries[0]


def _are_in_a_name(words: Sequence[str], jobs: Iterable[JobSummary]) -> bool:
    """Whether all words stand together in a job's name, or a lone time in that or a model's."""
    phrase = _spaced(" ".join(words))
    tokens = phrase.split()
    is_age = len(tokens) == 1 and bool(time_at(lambda at: tokens[0] if at == 0 else "", 0).used)
    if not tokens or (len(tokens) == 1 and not is_age):
        return False
    told = (
        text
        for job in jobs
        for text in (job.experiment_name, job.base_model if is_age else None)
        if text and tokens[0] in folded(text)
    )
    return any(phrase in _spaced(text) for text in told)


def _spaced(text: str) -> str:
    """Words between blanks, whatever separates them."""
    return f" {_BETWEEN.sub(' ', folded(text)).strip()} "


def _refuse_unread(query: Query, words: Sequence[str]) -> None:
    """Raises NotUnderstoodError: some word looks for no name."""
    known = {status.lower(): status for status in JobStatus if status is not JobStatus.ENDED}
    kept = replace(query, words=tuple(word for word in query.words if not _is_unread(word)))
    typed, suggestion = " ".join(words)[:200], f"list {kept.text}".strip()
    for word in query.words:
        near = difflib.get_close_matches(word, known, 1, _LEAST_LIKE) if len(word) >= _SHORTEST_SLIP else []
        if near:
            left = tuple(each for each in query.words if each != word)
            fixed = replace(query, words=left, statuses=query.statuses | {known[near[0]]})
            reason = f"“{word[:50]}” is no status, and in no job's name. Did you mean {near[0]}?"
            raise NotUnderstoodError(typed, reason, f"list {fixed.text}")
        if _is_unread(word):
            known_filters = ", ".join(f"`{key}:`" for key in KEYS)
            reason = f"“{word[:50]}” is no filter, and in no job's name. Filters: {known_filters}."
            raise NotUnderstoodError(typed, reason, suggestion)


def _is_unread(word: str) -> bool:
    return word in _NOT_READ or _LIKE_A_FILTER.fullmatch(word) is not None
