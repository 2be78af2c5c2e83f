"""Runs a soak and says what its judge found: ``python -m tests.soak --minutes 5 --seed 1``.

The same seed and size give the same plan of jobs and faults. Exit status 1 if anything was found.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.chaos.reporting_loop import ReportingLoop
from tests.databases import fresh_database
from tests.soak.plan import Size
from tests.soak.soak import Outcome, soaked

_MOST_SHOWN = 50


def main() -> int:
    """Run it; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="on the clock that all processes share")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workspaces", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=5000)
    parser.add_argument(
        "--logs", type=Path, help="a folder that keeps the processes' logs, and a record.txt of what happened"
    )
    known = parser.parse_args()
    size = Size(known.minutes, known.workspaces, known.jobs)
    _say(f"seed {known.seed}, {size.minutes:g} minutes, {size.workspaces} workspaces, {size.jobs} jobs")
    with tempfile.TemporaryDirectory() as folder, fresh_database("postgresql", Path(folder)) as database_url:
        kept = known.logs or Path(folder)
        for left in (kept / "clock", *kept.glob("process-*")):  # of another run
            left.unlink(missing_ok=True)
        running = soaked(known.seed, size, database_url, kept, _say)
        with asyncio.Runner(loop_factory=ReportingLoop) as runner:
            return _told(runner.run(running))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _told(outcome: Outcome) -> int:
    for name, figure in outcome.figures.items():
        _say(f"{figure:10,} {name}")
    _say(f"{len(outcome.findings):10,} findings")
    for each in outcome.findings[:_MOST_SHOWN]:
        _say(f"  {each}")
    return 1 if outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
