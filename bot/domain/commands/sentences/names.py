"""The names of an organization's jobs, made ready to be found in a sentence: once for a list."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from bot.domain.commands.search import SHORTEST_PREFIX, resolve
from bot.domain.commands.typed import folded
from bot.domain.job import JobSummary
from bot.domain.listing import JobListing

_PART: Final = re.compile(r"[^\W_]+")
_MOST_PARTS: Final = 16
"""A longer name is found by its beginning, or by its ID."""
MOST_MEANT: Final = 8
"""A part of a name that more jobs have says too little."""


def parts_of(text: str) -> list[str]:
    """The runs of letters and digits in a folded text: what of a name counts."""
    return _PART.findall(text)


class Namesakes:
    """Jobs whose names have the same parts, the newest first."""

    def __init__(self, jobs: Sequence[JobSummary]) -> None:
        self._jobs = tuple(jobs)
        self._spelled = {job.experiment_name: job for job in jobs} if len(jobs) > 1 else {}

    def called(self, typed: str) -> tuple[JobSummary, ...]:
        """Those that are called so letter by letter, if any are; else all. Alike spellings are read once."""
        if len(self._spelled) < 2:  # noqa: PLR2004  (nothing to choose from)
            return self._jobs
        called = {job.experiment_name for job in resolve(typed, tuple(self._spelled.values()))}
        return tuple(job for job in self._jobs if job.experiment_name in called) or self._jobs


class Match(NamedTuple):
    """Jobs that words name, and how many parts of words it took."""

    jobs: Namesakes
    used: int


_NOTHING: Final = Match(Namesakes(()), 0)


class Names:
    """An index of jobs' names and IDs. Building it takes time; finding does not grow with it."""

    def __init__(self, jobs: Iterable[JobSummary]) -> None:
        self._jobs = tuple(jobs)
        by_name: dict[str, list[JobSummary]] = {}
        self._longest: dict[str, int] = {}
        self._by_part: dict[str, list[int]] = {}
        self._models: set[str] = set()
        for place, job in enumerate(self._jobs):
            if name := self._add(place, job.experiment_name):
                by_name.setdefault(name, []).append(job)
            self._models.update(parts_of(folded(job.base_model or "")))
        self._by_name = {name: Namesakes(named) for name, named in by_name.items()}
        ids = sorted((folded(job.request_id), place) for place, job in enumerate(self._jobs))
        self._ids = [each for each, _ in ids]
        self._places = [place for _, place in ids]

    def _add(self, place: int, name: str | None) -> str:
        """The parts that the name has, as one text."""
        parts = parts_of(folded(name or ""))[:_MOST_PARTS]
        if not parts:
            return ""
        self._longest[parts[0]] = max(len(parts), self._longest.get(parts[0], 0))
        for part in set(parts):
            self._by_part.setdefault(part, []).append(place)
        return " ".join(parts)

    @property
    def jobs(self) -> Sequence[JobSummary]:
        """All of them, newest first."""
        return self._jobs

    def named_at(self, parts: Sequence[str], place: int, ends: frozenset[int]) -> Match:
        """The jobs whose whole name begins at ``place`` and ends at one of ``ends``: the longest name."""
        for many in range(self._longest.get(parts[place], 0), 0, -1):
            if place + many in ends:
                found = self._by_name.get(" ".join(parts[place : place + many]))
                if found is not None:
                    return Match(found, many)
        return _NOTHING

    def called(self, text: str) -> tuple[JobSummary, ...]:
        """The jobs whose whole name this is, in any case and with any marks between its parts."""
        named = self._by_name.get(" ".join(parts_of(folded(text))))
        return () if named is None else named.called(text)

    def by_id(self, word: str) -> tuple[JobSummary, ...]:
        """The jobs whose ID is this folded word, or begins with it; none where it is too short."""
        if len(word) < SHORTEST_PREFIX:
            return ()
        at = bisect_left(self._ids, word)
        found: list[int] = []
        while at < len(self._ids) and self._ids[at].startswith(word) and len(found) <= MOST_MEANT:
            if self._ids[at] == word:
                return (self._jobs[self._places[at]],)
            found.append(self._places[at])
            at += 1
        return tuple(self._jobs[each] for each in sorted(found))

    def with_parts(self, parts: Sequence[str]) -> tuple[JobSummary, ...]:
        """The jobs that have all of these in their names; none where too many have."""
        if len(parts) == 1:
            places = self._by_part.get(parts[0], [])
        else:
            first, *others = sorted((set(self._by_part.get(part, ())) for part in parts), key=len) or [set()]
            places = sorted(first.intersection(*others))
        return tuple(self._jobs[each] for each in places) if len(places) <= MOST_MEANT else ()

    def has_part(self, part: str) -> bool:
        """Whether any job has this in its name."""
        return part in self._by_part

    def has_model(self, part: str) -> bool:
        """Whether any job has this in its model's name."""
        return part in self._models

    @property
    def spellings(self) -> Mapping[str, JobSummary]:
        """Every name as it is written, with its newest job: what a slip may have meant."""
        return {job.experiment_name: job for job in reversed(self._jobs) if job.experiment_name}


@lru_cache(maxsize=2)
def names_of(listing: JobListing) -> Names:
    """The index of a list, made once for it."""
    return Names(listing.jobs)


NO_NAMES: Final = Names(())
"""Where no list is at hand."""
