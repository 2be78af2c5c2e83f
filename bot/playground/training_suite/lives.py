"""A job's life as a pure function: `state` of a plan at a moment is the document the API would send."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from zlib import crc32

from bot.playground.training_suite.timeline import Translate, untranslated

_WAVES = 9
"""How often a run gets faster and slower on its way."""


class Ending(Enum):
    """How a life ends; a stalled one does not, it just stops moving."""

    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    STALLED = "RUNNING"


class Health(Enum):
    """What the losses of a life look like."""

    WELL = "well"
    DIVERGES = "diverges"
    """From a fifth of the way on the loss grows."""
    OVERFITS = "overfits"
    """From half of the way on only the loss on the training data falls."""
    BREAKS = "breaks"
    """From a fifth of the way on no loss is a number any more."""


@dataclass(frozen=True, slots=True)
class JobPlan:
    """What will happen to a job, and what its document says besides."""

    request_id: str
    experiment_name: str
    created_at: datetime
    queued_seconds: float
    run_seconds: float
    """How long the whole training takes; one that ends early ends at its share of this."""
    configuration: Mapping[str, Any] = field(repr=False)
    """``dataset_config``, ``model_details``, ``train_config``, ``dataset_details``, ``infra_config``."""
    total_steps: int = 1200
    ending: Ending = Ending.COMPLETED
    ends_at_percent: float = 100.0
    error_message: str | None = field(default=None, repr=False)
    output_model_path: str | None = None
    health: Health = Health.WELL

    @property
    def started_at(self) -> datetime:
        """When it leaves the queue."""
        return self.created_at + timedelta(seconds=self.queued_seconds)

    @property
    def last_moves_at(self) -> datetime:
        """When its progress ends."""
        return self.moment_of(self.ends_at_percent / 100)

    @property
    def finishes_at(self) -> datetime | None:
        """When it ends; a stalled job never does."""
        return None if self.ending is Ending.STALLED else self.last_moves_at

    def moment_of(self, share: float) -> datetime:
        """When this share (0 to 1) of the training is done."""
        return self.started_at + timedelta(seconds=self.run_seconds * share)

    def tick_at(self, now: datetime) -> int:
        """How many times it has logged: documents and series change only then."""
        spent = (min(now, self.last_moves_at) - self.started_at).total_seconds()
        return max(0, math.floor(spent / self.tick_seconds + 1e-9))

    def tick_moment(self, tick: int) -> datetime:
        """When it logs for the n-th time."""
        return self.started_at + timedelta(seconds=tick * self.tick_seconds)

    def step_of(self, tick: int) -> int:
        """The step reached when it logs for the n-th time."""
        share = _uneven(tick * self.tick_seconds / self.run_seconds, self.request_id)
        return math.floor(share * self.total_steps + 1e-9)

    @property
    def tick_seconds(self) -> float:
        """The time from one log to the next."""
        return self.run_seconds * self.logging_steps / self.total_steps

    @property
    def logging_steps(self) -> int:
        """How often a step is logged."""
        train_config = self.configuration.get("train_config", {})
        return int(train_config.get("hyperparameters", {}).get("logging_steps", 5))


def _uneven(share: float, seed: str) -> float:
    """The same way, now faster, now slower: monotone, 0 stays 0, 1 stays 1, whole for whole waves."""
    strength = 0.2 + crc32(seed.encode()) % 30 / 100
    wave = 2 * math.pi * _WAVES
    return min(1.0, share + strength * math.sin(wave * share) / wave)


def status(plan: JobPlan, now: datetime) -> str:
    """The status word at a moment, spelt as the vendor's API spells it."""
    if now < plan.started_at:
        return "QUEUED"
    return "RUNNING" if now < plan.last_moves_at else plan.ending.value


def progress(plan: JobPlan, now: datetime) -> float:
    """Percent done at a moment, in the steps in which it is logged; it never goes back."""
    if now < plan.started_at:
        return 0.0
    if now >= plan.last_moves_at and plan.ending is Ending.COMPLETED:
        return 100.0
    return round(100 * plan.step_of(plan.tick_at(now)) / plan.total_steps, 1)


def cut_short(plan: JobPlan, now: datetime, ending: Ending, error_message: str | None = None) -> JobPlan:
    """The same life until now, and then this ending; one that is over stays as it was."""
    if plan.finishes_at is not None and now >= plan.finishes_at:
        return plan
    waited = min((now - plan.created_at).total_seconds(), plan.queued_seconds)
    trained = max(0.0, (now - plan.started_at).total_seconds() / plan.run_seconds)
    return replace(
        plan,
        queued_seconds=waited,
        ending=ending,
        ends_at_percent=min(100 * trained, plan.ends_at_percent),
        error_message=error_message,
    )


def state(plan: JobPlan, now: datetime, translate: Translate = untranslated) -> dict[str, Any]:
    """The document of ``GET /job/get/`` at a moment of the job's life."""
    word = status(plan, now)
    finished = plan.finishes_at is not None and now >= plan.finishes_at
    return {
        "request_id": plan.request_id,
        "experiment_name": plan.experiment_name,
        "status": word,
        "created_at": _iso(translate(plan.created_at)),
        "updated_at": _iso(translate(_updated_at(plan, now))),
        "started_at": None if word == "QUEUED" else _iso(translate(plan.started_at)),
        "completed_at": _iso(translate(plan.last_moves_at)) if finished else None,
        "progress": progress(plan, now),
        **plan.configuration,
        "output_model_path": plan.output_model_path if word == "COMPLETED" else None,
        "error_message": plan.error_message if word == "FAILED" else None,
    }


def summary(plan: JobPlan, now: datetime, translate: Translate = untranslated) -> dict[str, Any]:
    """The job's entry in ``GET /job/list/``."""
    return summary_of(state(plan, now, translate))


def summary_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The entry in ``GET /job/list/`` that belongs to a document."""
    keys = ("request_id", "experiment_name", "status", "created_at", "updated_at", "progress")
    model, train = document.get("model_details"), document.get("train_config")
    return {
        **{key: document.get(key) for key in keys},
        "model_type": model.get("model_type") if isinstance(model, Mapping) else None,
        "base_model": model.get("base_model") if isinstance(model, Mapping) else None,
        "train_type": train.get("train_type") if isinstance(train, Mapping) else None,
    }


def _updated_at(plan: JobPlan, now: datetime) -> datetime:
    """The last change: created, started, the last log, or the end."""
    if now < plan.started_at:
        return plan.created_at
    if plan.finishes_at is not None and now >= plan.finishes_at:
        return plan.finishes_at
    return plan.tick_moment(plan.tick_at(now))


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
