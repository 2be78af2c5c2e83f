"""A run as cards about more than its present state see it: the job, its curves, what it took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from bot.cards.kit import phrases
from bot.cards.kit.card_settings import CardSettings, job_name
from bot.cards.kit.phrases import spoken
from bot.cards.kit.text import SEPARATOR, plain, unbroken, words
from bot.cards.kit.timing import timing_of
from bot.domain.curves.broken import Broken
from bot.domain.curves.curves import Curve, curves, find, losses, named, never, summary
from bot.domain.curves.loss_names import EVAL_LOSS, TRAIN_LOSS
from bot.domain.job.forecast import gpu_hours
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot
from bot.domain.spelling import DIGITS, spelled

_STATUS_CHARACTERS: Final = 60


@dataclass(frozen=True)
class Run:
    """One job and what it logged."""

    request_id: str
    """The id that was asked for."""
    job: Snapshot
    metrics: MetricsSnapshot | None = None
    """None where they cannot be had just now."""

    @cached_property
    def losses(self) -> tuple[Curve, ...]:
        """Its loss curves, training first."""
        return losses(self.curves)

    @cached_property
    def curves(self) -> Mapping[str, Curve]:
        """All of its curves."""
        return curves(self.metrics.points) if self.metrics else {}

    def chosen(self, keys: Sequence[str]) -> tuple[Curve, ...]:
        """The curves that are called so, as far as it has them; its losses where none is asked for."""
        found = (named(self.curves, key) for key in keys)
        return tuple(dict.fromkeys(curve for curve in found if curve is not None)) if keys else self.losses

    @cached_property
    def never(self) -> tuple[Broken, ...]:
        """Its losses that never were a number."""
        return losses(never(self.metrics.points)) if self.metrics else ()

    def named(self, settings: CardSettings) -> str:
        """Which run is meant, linked to its page; ``mrkdwn``."""
        return job_name(self.job.job.experiment_name, self.request_id, settings, is_bold=True)

    @property
    def spoken(self) -> str:
        """The run and its status, for notifications; escaped."""
        job = self.job.job
        status = plain(phrases.status_words(job), _STATUS_CHARACTERS)
        return f"{spoken(job.experiment_name, self.request_id)} {status.lower()}"

    def gpu_hours(self, now: datetime) -> float | None:
        """How much it used until ``now`` (aware, UTC)."""
        return gpu_hours(self.job.job, now)

    def outcome(self, now: datetime) -> str:
        """How it went or goes, how long it took, what it used; ``mrkdwn``."""
        job = self.job.job
        timing = timing_of(job, now)
        status = f"{phrases.SYMBOLS[job.status]} {words(phrases.status_words(job), _STATUS_CHARACTERS)}"
        reached = "" if job.progress is None or job.status.is_finished else phrases.percent(job.progress)
        used = phrases.gpu_hours(self.gpu_hours(now))
        parts = (status, *self.broken(), reached, timing.elapsed, used, self.best_loss())
        return SEPARATOR.join(unbroken(part) for part in parts if part)

    def broken(self) -> tuple[str, ...]:
        """Which of its losses are no numbers any more, and since when."""
        found = (*self.never, *(curve.broken for curve in self.losses))
        return tuple(f"{plain(each.key, _STATUS_CHARACTERS)} {each.words}" for each in found if each)

    def best_loss(self) -> str:
        """Its best eval loss, or where it has none its best train loss; empty where it has neither."""
        by_key = {curve.key: curve for curve in self.losses}
        for word, names in (("eval", EVAL_LOSS), ("train", TRAIN_LOSS)):
            curve = find(by_key, names)
            if curve is not None:
                known = summary(curve)
                at = "step" if curve.has_steps else "point"
                return f"best {word} loss {spelled(known.lowest, DIGITS)} at {at} {known.lowest_step:,}"
        return ""
