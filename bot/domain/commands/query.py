"""Which jobs of a list are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Final

from bot.domain.commands.quoted_words import needs_quotes, quoted
from bot.domain.commands.times.moments import is_moment, start_of
from bot.domain.commands.typed import bare_term, folded
from bot.domain.job import JobStatus, JobSummary

SPAN: Final = re.compile(r"(\d{1,4})([mhdw])", re.ASCII)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _spelled(value: str) -> str:
    """A folded value as it has to be typed: in quotes where it would be read otherwise."""
    return quoted(value) if bare_term(value) != value or needs_quotes(value) else value


@dataclass(frozen=True, slots=True)
class Query:
    """Which jobs are wanted; without anything, all. Words are `bot.domain.commands.typed.folded`."""

    statuses: frozenset[JobStatus] = frozenset()
    models: tuple[str, ...] = ()
    """One of them is in the model's name or type."""
    names: tuple[str, ...] = ()
    """One of them is in the experiment's name; a ``*`` inside stands for anything."""
    since: str = ""
    """``7d``, or a moment: see `bot.domain.commands.times.moments.is_moment`."""
    words: tuple[str, ...] = ()
    """Each is in the name, the id, the model or the kind of training."""
    until: str = ""
    """As ``since``: what was last updated before that."""

    @property
    def text(self) -> str:
        """As people type it; `query_of_text` reads it back."""
        filters = {
            "status": sorted(status.lower() for status in self.statuses),
            "model": self.models,
            "name": self.names,
            "since": [self.since] if self.since else [],
            "until": [self.until] if self.until else [],
        }
        said = [f"{key}:{','.join(map(_spelled, values))}" for key, values in filters.items() if values]
        return " ".join([*said, *self.words])

    def fits(self, job: JobSummary, now: datetime) -> bool:
        """Whether the job is one of those wanted; days begin in the time zone of ``now``."""
        # A word that nobody documented stays unknown to people once its job is over, unless it says how.
        status = JobStatus.UNKNOWN if job.status is JobStatus.ENDED else job.status
        if self.statuses and status not in self.statuses:
            return False
        if (self.since or self.until) and not self._is_of_then(job, now):
            return False
        if self.models and not _has_any(self.models, _told(job.base_model, job.model_type)):
            return False
        if self.names and not _has_any(self.names, _told(job.experiment_name)):
            return False
        if not self.words:
            return True
        told = _told(job.experiment_name, job.request_id, job.base_model, job.model_type, job.train_type)
        return all(word in told for word in self.words)

    def _is_of_then(self, job: JobSummary, now: datetime) -> bool:
        moment = job.updated_at or job.created_at
        if moment is None or (self.until and moment >= _begins(self.until, now)):
            return False
        return not self.since or moment >= _begins(self.since, now)


@lru_cache(maxsize=32)
def _span(since: str) -> timedelta:
    match = SPAN.fullmatch(since)
    return timedelta() if match is None else timedelta(**{_UNITS[match[2]]: int(match[1])})


def _begins(since: str, now: datetime) -> datetime:
    return start_of(since, now) if is_moment(since) else now - _span(since)


def _told(*fields: str | None) -> str:
    return "\n".join(map(folded, filter(None, fields)))


def _has_any(parts: Iterable[str], told: str) -> bool:
    return any(_is_in(part, told) for part in parts)


def _is_in(part: str, told: str) -> bool:
    """Whether a line of ``told`` holds it; a ``*`` in it stands for anything."""
    if "*" not in part:
        return part in told
    return any(map(partial(_holds, part.split("*")), told.split("\n")))


def _holds(pieces: Iterable[str], text: str) -> bool:
    """Whether the pieces are in it, one behind the other."""
    at = 0
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return True
