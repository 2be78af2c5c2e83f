"""The lines that cards about a job are made of, and the order they always stand in.

Black: the status and the name, what needs a decision, progress, loss. Gray: the model and the method; the
dataset, the hardware and what was used; when, and the short ID. A line is left out where nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.cards.kit import phrases
from bot.cards.kit.card_settings import CardSettings, job_name, short_id_words
from bot.cards.kit.diagnosis import WARNING
from bot.cards.kit.text import SEPARATOR, unbroken
from bot.cards.kit.timing import clock, in_words, roughly
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.domain.curves.metrics_facts import Best, LossFacts, Trend
from bot.domain.curves.run_doctor import Finding
from bot.domain.history import Earlier
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.ending import own_word
from bot.domain.job.forecast import elapsed_seconds, eta_seconds, gpu_hours, waiting_seconds
from bot.domain.spelling import measured

_ARROWS: Final = {Trend.FALLING: " ↓", Trend.LEVEL: " →", Trend.RISING: " ↑", None: ""}
_ABOUT: Final = "\N{ALMOST EQUAL TO}"
_DIGITS_LIVE, _DIGITS_ENDED = 3, 4


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What is known of a job beside its document. Drawing a card asks for nothing more."""

    following: CardSubscription | None = None
    """Who is subscribed where the card stands; None where nobody ever was."""
    earlier: Earlier | None = None
    """The last other job that failed the same way."""
    losses: LossFacts | None = None
    """What its metrics say of the loss; None where they are not at hand."""
    finding: Finding | None = None
    """The worst thing that the run doctor found, where nobody hid it."""


NO_FACTS: Final = JobFacts()


@dataclass(frozen=True, slots=True)
class Seen:
    """A job at the moment a card shows it, and what depends on that moment."""

    job: TrainingJob
    request_id: str
    now: datetime
    """The moment to count from (aware, UTC): of an earlier answer, when that came."""
    facts: JobFacts
    settings: CardSettings

    @property
    def is_live(self) -> bool:
        """Whether it can change."""
        return not self.job.status.is_finished

    @property
    def elapsed(self) -> str:
        """How long it has run; empty where that cannot be known."""
        return in_words(elapsed_seconds(self.job, self.now))

    @property
    def waited(self) -> str:
        """How long it has been queued; empty where that cannot be known."""
        return roughly(waiting_seconds(self.job, self.now))

    @property
    def left(self) -> str:
        """How much longer it takes; empty where that cannot be known."""
        return roughly(eta_seconds(self.job, self.now))

    @property
    def percent(self) -> str:
        """How far it is; empty where that is not known."""
        return phrases.percent(self.job.progress)


def title_line(seen: Seen) -> str:
    """The status and the job's name, linked to its page; a finding changes the symbol of a completed one."""
    is_doubtful = seen.facts.finding is not None and seen.job.status is JobStatus.COMPLETED
    symbol = WARNING if is_doubtful else phrases.SYMBOLS[seen.job.status]
    name = job_name(seen.job.experiment_name, seen.request_id, seen.settings, is_bold=True)
    return f"{symbol} {phrases.status_title(seen.job)}{SEPARATOR}{name}"


def progress_line(seen: Seen, *, was_due: bool = False) -> str:
    """How far a job is, how much longer it takes, and when that will be.

    ``was_due`` for an earlier answer, of which nobody knows how much of that time is left.
    """
    bar = phrases.bar(seen.job.progress)
    eta = eta_seconds(seen.job, seen.now)
    if eta is None:
        return bar
    minutes = max(60.0, eta // 60 * 60)
    at = clock(seen.now + timedelta(seconds=minutes), seen.now)
    about = f"{_ABOUT}\u00a0{at}"
    due = f"was due {about}" if was_due else f"{unbroken(f'{seen.left} left')} ({about})"
    return SEPARATOR.join(filter(None, (bar, due)))


def queue_line(seen: Seen) -> str:
    """How long a job has been queued, and since when."""
    if seen.job.created_at is None or not seen.waited:
        return ""
    return f"For {unbroken(seen.waited)}, since {clock(seen.job.created_at, seen.now)}"


def loss_line(seen: Seen) -> str:
    """Where the loss is, where it goes, and what was best: of a job that ended, the best first."""
    losses = seen.facts.losses
    if losses is None:
        return ""
    if losses.never is not None:
        return f"Loss {unbroken(losses.never.words)}"
    if seen.is_live:
        return _live_loss(losses)
    shown = losses.evaluation or losses.train
    if shown is None:
        return ""
    last = shown.broken.words if shown.broken else f"last {measured(shown.last, _DIGITS_ENDED)}"
    kind = "eval" if losses.evaluation else "loss"
    return SEPARATOR.join((f"Best {kind} {_best(shown.best, _DIGITS_ENDED)}", unbroken(last)))


def _live_loss(losses: LossFacts) -> str:
    current = losses.train or losses.evaluation
    if current is None:
        return ""
    kind = "Loss" if losses.train else "Eval loss"
    value = current.broken.words if current.broken else measured(current.last, _DIGITS_LIVE)
    arrow = "" if current.broken else _ARROWS[current.trend]
    parts = [unbroken(f"{kind} {value}{arrow}")]
    if losses.evaluation:
        parts.append(f"best {'eval ' if losses.train else ''}{_best(losses.evaluation.best, _DIGITS_LIVE)}")
    return SEPARATOR.join(parts)


def best_eval(seen: Seen) -> str:
    """The best eval loss alone, ``best eval 0.61``; empty where there is none."""
    known = seen.facts.losses.evaluation if seen.facts.losses else None
    return "" if known is None else unbroken(f"best eval {measured(known.best.value, _DIGITS_LIVE)}")


def _best(best: Best, digits: int) -> str:
    at = "step" if best.has_steps else "point"
    return f"{measured(best.value, digits)} at {unbroken(f'{at} {best.step:,}')}"


def gray_lines(seen: Seen, *, as_of: datetime | None) -> list[str]:
    """What people know already, then when; ``as_of``: when a job that can change was seen."""
    job = seen.job
    hours = gpu_hours(job, seen.now)
    spent = seen.settings.cost(job.infra_config.gpu_type, hours)
    what = (phrases.model(job.model_details), phrases.method(job.train_config))
    on_what = (
        phrases.dataset(job.dataset_details),
        phrases.gpus(job.infra_config),
        phrases.used(hours, spent),
    )
    lines = (what, on_what, _when(seen, as_of))
    return [line for line in (SEPARATOR.join(filter(None, parts)) for parts in lines) if line]


def _when(seen: Seen, as_of: datetime | None) -> tuple[str, ...]:
    job = seen.job
    request_id = short_id_words(seen.request_id) if job.experiment_name else ""
    if not seen.is_live:
        return ended_line(seen), request_id
    started = f"started {clock(job.started_at, seen.now)}" if job.started_at and not _is_queued(job) else ""
    current = f"as of {clock(as_of, seen.now)}" if as_of else ""
    first, *others = [each for each in (started, current) if each] or [""]
    return first[:1].upper() + first[1:], *others, request_id


def _is_queued(job: TrainingJob) -> bool:
    return job.status is JobStatus.QUEUED


def ended_line(seen: Seen) -> str:
    """When a job ended, how far it came, and how long it took; empty where it has not."""
    if seen.is_live:
        return ""
    job = seen.job
    if job.completed_at is None:
        return f"Last change {clock(job.updated_at, seen.now)}" if job.updated_at else ""
    ended = f"Ended {clock(job.completed_at, seen.now)}"
    if job.status is JobStatus.CANCELLED and own_word(job) is None:
        return ended
    if job.status is JobStatus.COMPLETED:
        return f"{ended}, {unbroken(f'took {seen.elapsed}')}" if seen.elapsed else ended
    at = f" at {seen.percent}" if seen.percent and job.status is JobStatus.FAILED else ""
    return f"{ended}{at}, {unbroken(f'after {seen.elapsed}')}" if seen.elapsed else f"{ended}{at}"
