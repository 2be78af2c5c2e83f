"""Finding jobs among 10,000, reading their list, and finding a list's news."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from bot.cards.jobs.jobs_list import jobs_list_card
from bot.domain.commands.picking import choices
from bot.domain.commands.search import read_query, resolve
from bot.domain.job import JobSummary
from bot.domain.job.changes import Changes, fingerprint
from bot.domain.listing import JobListing
from bot.training_api.lists.reading import reading_jobs
from tests.benchmarks.ratio import Ratio

JOBS, WATCHED, ROUNDS = 10_000, 1_000, 7
BUDGET_MS = 500.0
"""What a person may wait for, by the issue's own words."""
HOLD_MS = 100.0
"""So long, at most, the event loop may be held up at a time."""
PIECE_BYTES = 64 * 1024
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def measure() -> list[Ratio]:
    """Medians in milliseconds; each search sees a list that nobody has searched yet."""
    body = _body(JOBS)
    jobs = _read(body)
    query = read_query(["status:failed,running", "model:llama", "since:70d", "run", "99"])

    def page() -> None:
        jobs_list_card(JobListing(jobs, NOW), query, now=NOW, slash_command="/job")

    def letter() -> None:
        choices(JobListing(jobs, NOW), "llama 99", 100)

    searches = {
        "a name": lambda: resolve("support run 9999", jobs),
        "a name that nobody has": lambda: resolve("nothing like it", jobs),
        "a page of the list": page,
        "the picker's first letter": letter,
    }
    found = [
        Ratio(
            f"{name}, among 10,000 jobs, against a person's patience", _ms(search), BUDGET_MS, "ms", "<= 0.2"
        )
        for name, search in searches.items()
    ]
    longest = median(_longest_hold_ms(body) for _ in range(3))
    held = Ratio("reading 10,000 rows: the longest hold of the event loop", longest, HOLD_MS, "ms", "<= 1")
    return [*found, held, _diff()]


def _diff() -> Ratio:
    """A list of 1,000 watched jobs of which every tenth has changed, against reading its JSON alone."""
    body = _body(WATCHED)
    rows = _read(body)
    known = {row.request_id: fingerprint(row) + (number % 10 == 0) for number, row in enumerate(rows)}

    def diff() -> None:
        changes = Changes(known, WATCHED)
        for row in rows:
            changes.take(row)
        assert len(changes.changed) == WATCHED // 10

    name = "the news of a list of 1,000 rows, against reading them"
    return Ratio(name, _ms(diff), _ms(lambda: _read(body)), "ms", "<= 1")


def _read(body: bytes) -> tuple[JobSummary, ...]:
    reading = reading_jobs()
    assert reading.sink is not None
    reading.sink.feed(body)
    return reading.read(b"")


def _ms(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken)


def _longest_hold_ms(body: bytes) -> float:
    """Piece by piece, as the list arrives: the others have their turn after each."""
    reading = reading_jobs()
    assert reading.sink is not None
    taken = []
    for at in range(0, len(body), PIECE_BYTES):
        started = time.perf_counter()
        reading.sink.feed(body[at : at + PIECE_BYTES])
        taken.append(time.perf_counter() - started)
    started = time.perf_counter()
    jobs: tuple[JobSummary, ...] = reading.read(b"")
    taken.append(time.perf_counter() - started)
    assert len(jobs) == JOBS
    return max(taken) * 1000


def _body(many: int) -> bytes:
    return json.dumps({"jobs": [_row(number) for number in range(many)], "total_count": many}).encode()


def _row(number: int) -> dict[str, object]:
    made = NOW - timedelta(minutes=10 * number)
    return {
        "request_id": f"{number * 7919 % 0xFFFFFFFF:08x}-7a0b-4d1c-9e2f-0123456789ab",
        "experiment_name": f"Support run {number}",
        "status": ("RUNNING", "FAILED", "COMPLETED", "QUEUED")[number % 4],
        "progress": number % 100,
        "created_at": made.isoformat(),
        "updated_at": (made + timedelta(hours=2)).isoformat(),
        "model_type": "llm",
        "base_model": "meta-llama/Llama-3.1-8B-Instruct",
        "train_type": "SFT",
    }
