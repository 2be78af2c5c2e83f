"""A channel's feed: every job of the organisation that reaches one of some states is posted there. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.commands.query import Query
from bot.domain.commands.query_words import EVERYTHING, Bare
from bot.domain.commands.search import read_as_far
from bot.domain.commands.typed import bare_term, folded
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.job.reading import status_of_end

DEFAULT_STATUSES = frozenset({JobStatus.FAILED, JobStatus.COMPLETED})
"""What is posted where no ``status:`` is asked for."""
MENTION: Final = "mention"
"""Names the user group to mention; `bot.domain.commands.typed.as_typed` keeps it for this word."""
_MENTION: Final = re.compile(rf"(?:--)?{MENTION}s?[:=](.*)", re.IGNORECASE)
_GROUP: Final = re.compile(r"(S[A-Z0-9]{5,30})(?:\|@?([\w.-]{1,80}))?", re.ASCII)
_NO_GROUP: Final = (
    "Slack doesn't say which group that is. Ask in a message that mentions the bot, and pick the group from"
    " the list that opens as you type @; or give its ID: `mention:S0123ABCD`."
)
_LONG_BEFORE: Final = timedelta(days=1)
"""Age, at the feed's start, from which on a row's last update is surely no news."""


class UserGroup(NamedTuple):
    """Some people of a workspace under one name, such as ``@ml-oncall``."""

    id: str
    handle: str = ""
    """As people know it, without ``@``; empty where Slack did not say it."""

    def as_text(self) -> str:
        """As it is stored, and as it stands among the words of a command."""
        return f"{self.id}|{self.handle}" if self.handle else self.id


@dataclass(frozen=True, slots=True)
class Feed:
    """As it is stored. Every time is aware, UTC."""

    team_id: str
    channel_id: str
    org_id: str
    user_id: str
    """Who switched it on, or changed it last; empty once that person is forgotten."""
    query: Query
    """Its statuses are never empty."""
    created_at: datetime
    mention: UserGroup | None = None
    """Who is mentioned where a job failed."""

    @property
    def words(self) -> str:
        """What people type behind ``feed on`` to have it so."""
        group = [f"{MENTION}:{self.mention.as_text()}"] if self.mention else []
        return " ".join(filter(None, [self.query.text, *group]))

    def wants(self, row: JobSummary, now: datetime) -> bool:
        """Whether a job that has just reached this status, as the list says, may have to be posted.

        A list that comes back whole after it was cut shows many old jobs as new: nobody need ask about them.
        """
        is_old = row.updated_at is not None and row.updated_at < self.created_at - _LONG_BEFORE
        return not is_old and (self.query.fits(row, now) or self._wants_if_over(row, now))

    def believes(self, job: TrainingJob) -> bool:
        """Whether the job's own document says so too: the list may be behind it, or ahead."""
        status = JobStatus.UNKNOWN if job.status is JobStatus.ENDED else job.status
        return status in self.query.statuses

    def _wants_if_over(self, row: JobSummary, now: datetime) -> bool:
        """A word that nobody documented may be an end: the job's own document says whether it is over."""
        if row.status is not JobStatus.UNKNOWN or row.status_text is None:
            return False
        return self.query.fits(replace(row, status=status_of_end(row.status_text)), now)

    def is_news(self, job: TrainingJob) -> bool:
        """Whether it was not so before the feed began.

        What runs again may still show when it ended before.
        """
        moments = [moment for moment in (job.completed_at, job.updated_at) if moment is not None]
        return not moments or max(moments) >= self.created_at - CLOCK_SKEW


def group_from_text(text: str | None) -> UserGroup | None:
    """What `UserGroup.as_text` wrote; None for anything else."""
    match = _GROUP.fullmatch(text or "")
    return None if match is None else UserGroup(match[1], match[2] or "")


def without_mention(words: tuple[str, ...]) -> tuple[tuple[str, ...], UserGroup | None]:
    """The words behind ``feed on`` but for the user group to mention, and that.

    Raises:
        NotUnderstoodError: there is no user group in them by which Slack would find one.
    """
    kept: list[str] = []
    named: str | None = None
    for word in words:
        found = _MENTION.fullmatch(word)
        if found is not None and named is None:
            named = found[1]
        elif named == "":
            named = word
        else:
            kept.append(word)
    if named is None:
        return words, None
    group = group_from_text(named.removeprefix("@"))
    if group is None:
        raise NotUnderstoodError(" ".join(words), _NO_GROUP, " ".join(["feed on", *kept]))
    return tuple(kept), group


def read_feed_query(words: tuple[str, ...]) -> Query:
    """What a feed is to post, as people type it behind ``feed on``.

    Raises:
        NotUnderstoodError: a status nobody knows, a span of time, or words beside the filters.
    """
    typed = " ".join(words)
    query, reason = read_as_far(words, Bare.SURE | Bare.LIKELY | Bare.PROSE)
    if reason:
        raise NotUnderstoodError(typed, reason, _line(query))
    if query.since or query.until:
        reason = "A feed posts what happens from now on: it doesn't take `since:`."
        raise NotUnderstoodError(typed, reason, _line(query))
    if query.words:
        reason = f"`feed on` doesn't take “{query.words[0][:50]}”. Options: status:, model:, name:, mention:."
        raise NotUnderstoodError(typed, reason, _line(query))
    for word in words:
        if not query.statuses and folded(bare_term(word)) in EVERYTHING:
            reason = f"“{word[:50]}” does not say which statuses the feed is to post."
            raise NotUnderstoodError(typed, reason, _line(query))
    return query if query.statuses else replace(query, statuses=DEFAULT_STATUSES)


def _line(query: Query) -> str:
    """What to type instead: the filters that a feed takes."""
    statuses = query.statuses or DEFAULT_STATUSES
    return f"feed on {replace(query, statuses=statuses, since='', words=()).text}"
