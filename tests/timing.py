"""How work grows with what it is given, by the CPU's clock: the wall's says what else the machine does."""

from __future__ import annotations

import time
from collections.abc import Callable

TRIES = 3
"""A clock that ticks in between makes one try look bad, never three."""

SHORTEST_SECONDS = 1e-4


def is_linear(small: Callable[[], object], large: Callable[[], object]) -> bool:
    """Whether eight times the length costs about eight times the work; quadratic would be 64 times."""
    return any(_cpu_seconds(large) < 30 * max(_cpu_seconds(small), SHORTEST_SECONDS) for _ in range(TRIES))


def takes_less_than(seconds: float, work: Callable[[], object]) -> bool:
    """Whether it does, in one of a few tries: what is too slow is so each time."""
    return any(_cpu_seconds(work) < seconds for _ in range(TRIES))


def _cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start
