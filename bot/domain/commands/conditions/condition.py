"""What an alert waits for: ``eval_loss < 1.2``, ``eval_loss rises 10%``, ``progress >= 80%``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.spelling import measured, typed_duration

EXAMPLE: Final = "eval_loss < 1.2"
"""Suggested where somebody has typed none that can be read."""
PROGRESS: Final = "progress"
"""In percent."""
ETA: Final = "eta"
"""How much longer the job takes, in seconds."""
QUEUED: Final = "queued"
"""How long the job has waited to start, in seconds."""
GPU_HOURS: Final = "gpu_hours"
"""What the job has used."""
COST: Final = "cost"
"""What that costs, by the prices of the settings."""
OF_THE_JOB: Final = frozenset({PROGRESS, ETA, QUEUED, GPU_HOURS, COST})
"""What is known of a job without its metrics."""
DURATIONS: Final = frozenset({ETA, QUEUED})

RISES: Final = "rises"
"""By so many percent above its lowest value before."""
FALLS: Final = "falls"
"""By so many percent below its highest value before."""
NO_BETTER: Final = "no better for"
"""Number of steps."""
RELATIVE: Final = frozenset({RISES, FALLS, NO_BETTER})
"""Conditions that a single value cannot decide."""

DIGITS: Final = 12
"""Of a value, as it is stored."""
OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison, or one of `RELATIVE`.

    ``value`` is in percent for `PROGRESS`, `RISES` and `FALLS`, in seconds for `DURATIONS`, in steps for
    `NO_BETTER`.
    """

    key: str
    operator: str
    """One of ``< > <= >=`` or of `RELATIVE`."""
    value: float
    currency: str = ""
    """Of a `COST`, as it was typed: three letters or a sign."""

    @property
    def text(self) -> str:
        """As it is stored and shown; `read_condition` reads it back."""
        return f"{self.key} {self.operator} {self._value_text()}"

    @property
    def is_metric(self) -> bool:
        """Whether the job's metrics have to be asked for it."""
        return self.key not in OF_THE_JOB

    @property
    def is_relative(self) -> bool:
        """Whether it takes more than one value to decide."""
        return self.operator in RELATIVE

    def holds(self, value: float) -> bool:
        """Whether this value is what is waited for; never for a relative condition."""
        compare = OPERATORS.get(self.operator)
        return compare is not None and compare(value, self.value)

    def _value_text(self) -> str:
        number = measured(self.value, DIGITS)
        if self.operator == NO_BETTER:
            return f"{number} steps"
        if self.operator in RELATIVE or self.key == PROGRESS:
            return f"{number}%"
        if self.key in DURATIONS:
            return typed_duration(self.value)
        return f"{number} {self.currency}".rstrip()
