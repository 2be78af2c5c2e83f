"""The outcome for an alert's condition."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for a condition so far."""

    is_met: bool
    evidence: str
    """The value that decides, in words. Holds names of metrics, which come from outside."""
