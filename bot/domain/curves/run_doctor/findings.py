"""What the run doctor can find, and how it says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.curves.curves import Curve
from bot.domain.spelling import measured


class FindingClass(StrEnum):
    """The names are fixed: findings are stored, and silenced, by them."""

    DIVERGING = "diverging"
    NAN_METRIC = "nan_metric"
    PLATEAU = "plateau"
    OVERFITTING = "overfitting"
    SUSPICIOUSLY_LOW_LOSS = "suspiciously_low_loss"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that looks wrong."""

    name: FindingClass
    evidence: str
    """The values and steps it was seen in. Holds names of metrics, which come from outside."""
    advice: str
    """What may help, in a short sentence."""


def at(curve: Curve, index: int) -> str:
    """A value of the curve and where it was measured: ``1.21 (step 400)``."""
    return f"{measured(curve.values[index], 3)} ({where(curve, index)})"


def where(curve: Curve, index: int) -> str:
    """Where a value was measured: its step, or its number where there are no steps."""
    return f"{'step' if curve.has_steps else 'value'} {curve.steps[index]:,}"
