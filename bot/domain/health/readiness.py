"""What the bot says of itself: what works, and what doesn't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the bot says of itself, fit for strangers' eyes."""

    problems: Mapping[str, str | None]
    """By name what serving takes: None where it is fine, else what is wrong."""
    last_rounds: Mapping[str, datetime | None] = field(default_factory=dict)
    """By name when what goes round and round last did so well; None where it has not yet."""
    warnings: Sequence[str] = ()
    """What will be wrong soon, or cannot be fixed by starting anew: no reason to send nobody here."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many workspaces and organizations there are, and how many of them have a problem; never which."""

    @property
    def is_ready(self) -> bool:
        """Whether nothing is wrong."""
        return not any(self.problems.values())
