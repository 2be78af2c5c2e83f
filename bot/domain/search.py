"""Finding jobs in the organisation's list: the one that a word means, and all that fit a query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.reading import read_status

SHORTEST_PREFIX: Final = 4
"""So many characters of an id are taken for the whole."""
_SHORTEST_PART: Final = 3
"""So many of a name."""
_SINCE: Final = re.compile(r"(\d{1,4})([mhdw])", re.ASCII)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MOST_WORDS: Final = 20
_MOST_CHARACTERS: Final = 200


def resolve(word: str, jobs: Iterable[JobSummary]) -> tuple[JobSummary, ...]:
    """The jobs that ``word`` may mean, in the order given; one where it is clear, none where nothing fits.

    The first that fits anything decides: the id; the name; what an id begins with, if only one does; what
    ids and names begin with; what names have in them. Case is ignored, but not between two ids.
    """
    asked = word.casefold()
    found = _Found()
    for job in jobs:
        if job.request_id == word:
            return (job,)
        found.sort_in(asked, job)
    return found.best()


def named(name: str, jobs: Iterable[JobSummary], *, exactly: bool = False) -> tuple[JobSummary, ...]:
    """The jobs of this name, in the order given; else, unless ``exactly``, those whose names hold it.

    Case, and how many blanks there are, is ignored.
    """
    asked = " ".join(name.casefold().split())
    found = _Found()
    for job in jobs:
        found.sort_in(asked, job, by_id=False)
    return tuple(found.same) if exactly else found.best()


class _Found:
    """Jobs, sorted by how well they fit."""

    def __init__(self) -> None:
        self.same: list[JobSummary] = []
        self.by_id: list[JobSummary] = []
        self.begins: list[JobSummary] = []
        self.holds: list[JobSummary] = []

    def sort_in(self, asked: str, job: JobSummary, *, by_id: bool = True) -> None:
        """Put the job where it fits, if anywhere."""
        name = " ".join((job.experiment_name or "").casefold().split())
        if asked and (name == asked or (by_id and job.request_id.casefold() == asked)):
            self.same.append(job)
        elif by_id and len(asked) >= SHORTEST_PREFIX and job.request_id.casefold().startswith(asked):
            self.by_id.append(job)
        elif len(asked) >= _SHORTEST_PART and asked in name:
            (self.begins if name.startswith(asked) else self.holds).append(job)

    def best(self) -> tuple[JobSummary, ...]:
        """Those that fit best."""
        if self.same:
            return tuple(self.same)
        if len(self.by_id) == 1:
            return tuple(self.by_id)
        return tuple(self.by_id + self.begins or self.holds)


@dataclass(frozen=True, slots=True)
class Query:
    """Which jobs are wanted; without anything, all."""

    statuses: frozenset[JobStatus] = frozenset()
    models: tuple[str, ...] = ()
    """In lower case; one of them is in the model's name or type."""
    names: tuple[str, ...] = ()
    """In lower case; one of them is in the experiment's name."""
    since: str = ""
    """As it was typed: ``7d``."""
    words: tuple[str, ...] = ()
    """In lower case; each is in the name, the id, the model or the kind of training."""

    @property
    def text(self) -> str:
        """As people type it; read again, it is the same query."""
        filters = {
            "status": sorted(status.lower() for status in self.statuses),
            "model": self.models,
            "name": self.names,
            "since": [self.since] if self.since else [],
        }
        said = [f"{key}:{','.join(values)}" for key, values in filters.items() if values]
        return " ".join([*said, *self.words])

    def fits(self, job: JobSummary, now: datetime) -> bool:
        """Whether the job is one of those wanted."""
        # A word that nobody documented stays unknown to people once its job is over, unless it says how.
        status = JobStatus.UNKNOWN if job.status is JobStatus.ENDED else job.status
        if self.statuses and status not in self.statuses:
            return False
        if self.since and not self._is_recent(job, now):
            return False
        if self.models and not _has_any(self.models, _told(job.base_model, job.model_type)):
            return False
        if self.names and not _has_any(self.names, _told(job.experiment_name)):
            return False
        if not self.words:
            return True
        told = _told(job.experiment_name, job.request_id, job.base_model, job.model_type, job.train_type)
        return all(word in told for word in self.words)

    def _is_recent(self, job: JobSummary, now: datetime) -> bool:
        moment = job.updated_at or job.created_at
        return moment is not None and moment >= now - _span(self.since)


def search(query: Query, jobs: Iterable[JobSummary], now: datetime) -> tuple[JobSummary, ...]:
    """The jobs that fit, in the order given. ``now`` is aware."""
    return tuple(job for job in jobs if query.fits(job, now))


def read_query(words: Sequence[str]) -> Query:
    """``status:failed,running model:llama name:tickets since:7d``, and any other words.

    Raises:
        NotUnderstoodError: a status nobody knows, no span of time, or too many words.
    """
    said: dict[str, list[str]] = {"status": [], "model": [], "name": [], "since": [], "": []}
    key = ""
    for word in words:
        before, colon, after = word.lower().partition(":")
        if not key and colon and before in said:
            key, value = before, after
        else:
            value = word.lower()
        parts = value.split(",") if key else [value]
        said[key].extend(part for part in parts if part)
        if value.strip(",") and not value.endswith(","):
            key = ""
    _refuse(words, said)
    statuses = frozenset(read_status(status) for status in said["status"])
    since = said["since"][-1] if said["since"] else ""
    return Query(statuses, tuple(said["model"]), tuple(said["name"]), since, tuple(said[""]))


def _refuse(words: Sequence[str], said: dict[str, list[str]]) -> None:
    """Whatever says nothing."""
    reason = ""
    for status in said["status"]:
        if read_status(status) is JobStatus.UNKNOWN and status != "unknown":
            known = ", ".join(each.lower() for each in JobStatus if each is not JobStatus.ENDED)
            reason = f"“{status[:50]}” is not a status. The statuses are: {known}."
    if any(not _SINCE.fullmatch(since) for since in said["since"]):
        reason = f"“since:{said['since'][-1][:50]}” is not a span of time: write 30m, 12h, 7d or 2w."
    if len(words) > _MOST_WORDS or sum(map(len, words)) > _MOST_CHARACTERS:
        reason = "That is more than a search takes: use fewer words."
    if reason:
        raise NotUnderstoodError(" ".join(words)[:_MOST_CHARACTERS], reason, "list status:failed since:7d")


@lru_cache(maxsize=32)
def _span(since: str) -> timedelta:
    match = _SINCE.fullmatch(since)
    return timedelta() if match is None else timedelta(**{_UNITS[match[2]]: int(match[1])})


def _told(*fields: str | None) -> str:
    return "\n".join(filter(None, fields)).casefold()


def _has_any(parts: Iterable[str], told: str) -> bool:
    return any(part in told for part in parts)
