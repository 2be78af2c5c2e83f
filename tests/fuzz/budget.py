"""How much is tried: in CI a little, always the same; by hand as many examples as ``FUZZ_EXAMPLES`` says."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings

_BY_HAND = int(os.environ.get("FUZZ_EXAMPLES", "0"))


def fuzzed(examples: int) -> Callable[[Any], Any]:
    """The settings of a fuzz test that tries so many ``examples`` in CI."""
    return settings(
        max_examples=_BY_HAND or examples,
        derandomize=not _BY_HAND,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
