"""The shapes of a diagnosis: a class of failure, the signs that give it away, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.diagnosis.setup import Setup


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


_HEDGE: Final = re.compile(
    r"\b(?:avoid|prevent|in case of|if|when|might|may|could|can|would|will|should|never|no|not|without"
    r"|unless)\b[^.;:\[]{0,60}$"
)
"""What comes after one of these is not said to have happened."""
_HEDGE_REACH: Final = 90


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that give a class of failure away."""

    needle: str
    """In lower case; every text with the sign has it, so that most signs are passed over at once."""
    pattern: re.Pattern[str]
    """Searched in lower case, with single spaces."""
    unless: re.Pattern[str] | None
    """With this in the same statement the words mean something else."""
    is_symptom: bool
    """It may be a consequence of other failures, so any sign of a cause counts more."""
    raised_in: str = ""
    """A part of the path of the file that has to have raised it, in lower case; empty for any."""

    def find(self, said: str, file: str = "") -> int | None:
        """Where the sign stands in a statement; None where it does not, or is only feared or denied."""
        if self.needle not in said or self.raised_in not in file:
            return None
        match = self.pattern.search(said)
        if match is None or (self.unless is not None and self.unless.search(said)):
            return None
        before = said[max(0, match.start() - _HEDGE_REACH) : match.start()]
        return None if _HEDGE.search(before) else match.start()


def sign(
    needle: str, pattern: str = "", *, unless: str = "", is_symptom: bool = False, raised_in: str = ""
) -> Sign:
    """A sign; without a pattern the needle itself. All in lower case, and patterns without unbounded runs."""
    return Sign(
        needle=needle,
        pattern=re.compile(pattern or re.escape(needle)),
        unless=re.compile(unless) if unless else None,
        is_symptom=is_symptom,
        raised_in=raised_in,
    )


def _fits_always(_setup: Setup, _said: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Failure:
    """One class: all that has to be written to add another."""

    name: FailureClass
    signs: tuple[Sign, ...]
    explain: Callable[[Setup, str], Explanation]
    """From the configuration and the statement that convinced, in lower case."""
    fits: Callable[[Setup, str], bool] = _fits_always
    """Whether the configuration leaves no doubt about what the statement means."""
