"""What a sentence asks for, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.domain.commands.query import Query
from bot.domain.job import JobStatus, JobSummary


class Intent(StrEnum):
    """What somebody wants."""

    STATUS = "status"
    """The job itself: its card."""
    ETA = "eta"
    """Whether it is done, or how much longer it takes: a sentence."""
    WHY = "why"
    LIST = "list"
    METRICS = "metrics"
    COMPARE = "compare"
    REPORT = "report"
    SUBSCRIBE = "subscribe"
    ALERT = "alert"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIPTIONS = "subscriptions"
    FEED = "feed"
    DIGEST = "digest"
    PAUSE = "pause"
    """No messages to whoever asks, for a while."""
    RESUME = "resume"
    """The end of that."""
    HELP = "help"
    THANKS = "thanks"
    GREETING = "greeting"
    NOT_POSSIBLE = "not-possible"
    """Something that a bot that only reads cannot do."""
    UNCLEAR = "unclear"


class PageAction(StrEnum):
    """What the bot cannot do to a job."""

    CANCEL = "cancel"
    RESTART = "restart"
    START = "start"
    DELETE = "delete"
    CHANGE = "change"
    LOGS = "logs"
    DOWNLOAD = "download"
    PAUSE = "pause"
    """One's own updates, for a while."""
    FORESEE = "foresee"
    """A message before something happens."""
    SPEND = "spend"
    """What all jobs of a time cost."""
    RANK = "rank"
    """Which of all jobs is best by a metric."""


class Aspect(StrEnum):
    """What a question about one job wants to know, beside how far it is; as ``eta`` takes it."""

    START = "start"
    """When it started."""
    END = "end"
    """When it ended, and how long it took."""
    WHO = "who"
    """Who started it."""
    HEALTH = "health"
    """Whether all is well with it."""


class Named(NamedTuple):
    """What names a job."""

    typed: str
    """As it was typed."""
    found: tuple[JobSummary, ...] = ()
    """The jobs it may mean; none where no job has such a name or ID."""


class Fix(NamedTuple):
    """A slip of the keys."""

    typed: str
    meant: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence, read."""

    intent: Intent
    jobs: tuple[Named, ...] = ()
    is_latest: bool = False
    """About the newest job, or the newest with a status of ``query``."""
    is_here: bool = False
    """About the job of the thread that it was said in, first of all."""
    query: Query = Query()  # noqa: RUF009  (frozen)
    keys: tuple[str, ...] = ()
    """Metrics."""
    condition: str = ""
    """As `bot.domain.commands.conditions.condition.Condition.text` has it."""
    options: frozenset[str] = frozenset()
    """How to subscribe: ``final``, ``failures``, ``quiet``, ``dm``."""
    asked: JobStatus | None = None
    """The status that a question with "yes" or "no" as its answer is about."""
    aspect: Aspect | None = None
    """What else is asked about a job, of an `Intent.ETA`."""
    deed: PageAction | None = None
    words: tuple[str, ...] = ()
    """What a feed or a digest takes."""
    fixes: tuple[Fix, ...] = ()
    """This is what was meant if these words were slips: to be asked, not to be done."""
    unknown: tuple[str, ...] = ()
    """Words that say nothing to the reader."""
    other: Reading | None = None
    """What else the words may ask for, where a job is called so; or the nearest that can be done."""
    more: tuple[Reading, ...] = ()
    """What they may ask for beside ``other``."""

    @property
    def is_group(self) -> bool:
        """Whether updates on all jobs that fit ``query`` are asked for, or no more of them."""
        is_asked = self.intent in {Intent.SUBSCRIBE, Intent.ALERT, Intent.UNSUBSCRIBE}
        return is_asked and not self.is_latest and self.query != Query()
