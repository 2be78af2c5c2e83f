"""Reading sentences in people's own words, beside the names of 10,000 jobs."""

from __future__ import annotations

import time
from statistics import median

from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.job import JobStatus, JobSummary
from tests.benchmarks.ratio import Ratio
from tests.domain.commands.sentences.jobs import jobs, table

JOBS, ROUNDS = 10_000, 15
BUDGET_US = 300.0
"""For a sentence."""
INDEX_BUDGET_MS = 500.0
"""For the index of a list, which is made once for it, beside the event loop."""
_KINDS = ("tone dpo", "support run", "med-qa", "llama_sft_final", "legal full")
_WITH_SUGGESTIONS = frozenset({"slips of the keys", "nothing to answer"})


def measure() -> list[Ratio]:
    """The median and the slowest of the table's sentences, and the index; each the best of some rounds."""
    rows = (*jobs(), *(_row(number) for number in range(JOBS)))
    started = time.perf_counter()
    names = Names(rows)
    index_ms = (time.perf_counter() - started) * 1_000
    taken = [
        _us(said.text, names, in_thread=said.how == "thread")
        for said in table("said.txt")
        if said.family not in _WITH_SUGGESTIONS
    ]
    beside = "beside 10,000 names, against 300 µs"
    return [
        Ratio(f"reading a sentence, the median {beside}", median(taken), BUDGET_US, "µs", "<= 1"),
        Ratio(f"reading a sentence, the slowest {beside}", max(taken), BUDGET_US, "µs", "<= 1"),
        Ratio(
            "the index of 10,000 names, against a person's patience", index_ms, INDEX_BUDGET_MS, "ms", "<= 1"
        ),
    ]


def _row(number: int) -> JobSummary:
    request_id = f"{number * 7919 % 0xFFFFFFFF:08x}-7a0b-4d1c-9e2f-{number:012x}"
    name = f"{_KINDS[number % len(_KINDS)]} {number}"
    return JobSummary(request_id, name, JobStatus.RUNNING, "RUNNING", base_model="meta-llama/Llama-3.1-8B")


def _us(text: str, names: Names, *, in_thread: bool) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        read_sentence(text, names, in_thread=in_thread)
        taken.append((time.perf_counter() - started) * 1e6)
    return min(taken)
