"""The shapes of a diagnosis: a class of failure, the signs that give it away, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.domain.diagnosis.evidence import Evidence
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs.sign import Sign


class FailureClass(StrEnum):
    """What went wrong, by names that never change."""

    GPU_OUT_OF_MEMORY = "gpu_out_of_memory"
    HOST_OUT_OF_MEMORY = "host_out_of_memory"
    COLLECTIVE_TIMEOUT = "collective_timeout"
    DISK_FULL = "disk_full"
    MODEL_UNAVAILABLE = "model_unavailable"
    DATASET_UNAVAILABLE = "dataset_unavailable"
    DATASET_INVALID = "dataset_invalid"
    TEMPLATE_MISMATCH = "template_mismatch"
    NAN_LOSS = "nan_loss"
    CUDA_DRIVER_MISMATCH = "cuda_driver_mismatch"
    PREEMPTED = "preempted"
    QUOTA_EXCEEDED = "quota_exceeded"
    TIME_LIMIT = "time_limit"
    BAD_HYPERPARAMETER = "bad_hyperparameter"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What went wrong in a job, and what to do; plain text, redacted, not escaped for Slack."""

    name: FailureClass
    evidence: str
    """The line of the error message that convinced; at most 300 characters."""
    cause: str
    """One sentence with the values of the job's configuration; with ``advice`` at most 600 characters."""
    advice: str
    """What to change."""


class Explanation(NamedTuple):
    """The likely cause and what to change, a sentence or two each."""

    cause: str
    advice: str


def _fits_always(_setup: Setup, _evidence: Evidence) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Failure:
    """One class: all that has to be written to add another."""

    name: FailureClass
    signs: tuple[Sign, ...]
    explain: Callable[[Setup, Evidence], Explanation]
    """From the configuration and what convinced."""
    fits: Callable[[Setup, Evidence], bool] = _fits_always
    """Whether the configuration leaves no doubt about what the statement means."""
    contradiction: re.Pattern[str] | None = None
    """With this anywhere in the message, in lower case, its symptoms have another cause."""
