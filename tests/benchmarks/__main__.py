"""Runs every ``bench_*.py`` beside this file in turn, and prints one table at the end.

Each has a ``measure()``, plain or async, that gives its ratios. Nothing here asserts a time: the
machines are noisy, and only the ratio of two figures of one run says something.
``python -m tests.benchmarks http start`` runs only those.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
import time
from pathlib import Path

from tests.benchmarks.ratio import Ratio, table

NAMES = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))


def run(name: str) -> list[Ratio]:
    """One bench's ratios."""
    print(f"{name} …", end=" ", flush=True)
    started = time.perf_counter()
    measure = importlib.import_module(f"tests.benchmarks.bench_{name}").measure
    ratios = asyncio.run(measure()) if inspect.iscoroutinefunction(measure) else measure()
    print(f"{time.perf_counter() - started:.1f} s", flush=True)
    return list(ratios)


def main(chosen: list[str]) -> None:
    """Run the chosen benches, or all."""
    if unknown := set(chosen) - set(NAMES):
        sys.exit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    ratios = [ratio for name in chosen or NAMES for ratio in run(name)]
    print("\n" + table(ratios))


if __name__ == "__main__":
    main(sys.argv[1:])
