"""What a digest says: whole counts, short lists, failures with the same reason together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.channels.digest import Digest, Period
from bot.domain.channels.digesting import MOST_GROUPS, MOST_RUNS, Findings, make_digest, told_ids
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.history import FinishedJob
from bot.domain.job import JobStatus, JobSummary

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SINCE = NOW - timedelta(days=1)
FINDING = Finding(FindingClass.PLATEAU, "flat at 2.1", "Try another learning rate.")
ENDED = FinishedJob("org", "job", "tone-v3", JobStatus.COMPLETED, NOW - timedelta(hours=1), 2.5)


def _row(request_id: str, status: str, hours_ago: float = 1, **fields: Any) -> JobSummary:
    at = NOW - timedelta(hours=hours_ago)
    return JobSummary(
        request_id, f"name-{request_id}", JobStatus.__members__[status], status, updated_at=at, **fields
    )


def _digest(
    *finished: FinishedJob, jobs: tuple[JobSummary, ...] | None = (), recorded: tuple[str, ...] = ()
) -> Digest | None:
    return make_digest(
        "org", Period.DAILY, SINCE, NOW, Findings(finished, jobs, dict.fromkeys(recorded, NOW))
    )


def _failed(request_id: str, reason: str | None, fingerprint: str | None = None) -> FinishedJob:
    return replace(
        ENDED, request_id=request_id, status=JobStatus.FAILED, reason=reason, fingerprint=fingerprint
    )


def test_where_nothing_happened_nothing_is_said() -> None:
    """Nothing ended within the time, nothing runs, nothing waits."""
    assert _digest() is None
    assert _digest(jobs=None) is None
    assert _digest(jobs=(_row("old", "FAILED", 25), _row("odd", "UNKNOWN"))) is None
    assert _digest(jobs=(_row("waits", "QUEUED"),)) is not None


def test_a_job_that_ended_since_the_list_was_made_no_longer_runs() -> None:
    """Its row is older than its end; one that moved after its end came back to life, and is told as both."""
    stale, alive = _row("job", "RUNNING", 2, progress=98.0), _row("b", "RUNNING", 0.5)
    digest = _digest(ENDED, replace(ENDED, request_id="b"), jobs=(stale, alive, _row("c", "QUEUED")))
    assert digest is not None
    assert (digest.completed, digest.running, digest.queued) == (2, 1, 1)
    assert [run.request_id for run in digest.running_runs] == ["b"]


def test_everything_is_counted() -> None:
    """What is remembered, and by its row what is not; each once."""
    digest = _digest(
        ENDED,
        replace(ENDED, request_id="b", gpu_hours=None, status=JobStatus.CANCELLED),
        _failed("c", "Disk full."),
        jobs=(
            _row("job", "COMPLETED"),
            _row("d", "FAILED", 2),
            _row("e", "COMPLETED", 3),
            _row("told-before", "COMPLETED", 3),
            _row("f", "RUNNING", progress=41.0),
            _row("g", "QUEUED"),
        ),
        recorded=("job", "told-before"),
    )
    assert digest is not None
    assert (digest.completed, digest.failed, digest.cancelled) == (2, 2, 1)
    assert (digest.running, digest.queued) == (1, 1)
    assert (digest.gpu_hours, digest.without_gpu_hours) == (5.0, 3)
    assert [run.request_id for run in digest.completed_runs] == ["job", "e"]
    assert [(run.name, run.progress) for run in digest.running_runs] == [("name-f", 41.0)]
    assert [(group.reason, group.count) for group in digest.failures] == [("Disk full.", 1), (None, 1)]


def test_a_second_end_counts_by_its_row_until_it_is_remembered() -> None:
    """What is remembered is older than the row: each job once, as it ended last."""
    first = replace(_failed("a", "Disk full."), finished_at=NOW - timedelta(hours=5))
    digest = _digest(first, jobs=(_row("a", "COMPLETED", 2),))
    assert digest is not None
    assert (digest.completed, digest.failed) == (1, 0)
    both = _digest(first, jobs=(_row("a", "FAILED", 2),))
    assert both is not None
    assert (both.failed, [group.reason for group in both.failures]) == (1, [None])
    known = replace(first, updated_at=NOW - timedelta(hours=2))
    same = _digest(known, jobs=(_row("a", "FAILED", 2),))
    assert same is not None
    assert (same.failed, [group.reason for group in same.failures]) == (1, ["Disk full."])


def test_an_end_that_was_told_before_is_not_told_again_for_its_row_moved() -> None:
    """It ended the day before; its row was updated today, as its document says too."""
    assert _digest(jobs=(_row("a", "FAILED", 2),), recorded=("a",)) is None


def test_a_time_ends_where_the_next_begins() -> None:
    """Two digests that follow each other tell every row once."""
    rows = tuple(_row(str(hour), "COMPLETED", hour) for hour in range(49))
    days = [NOW - timedelta(days=number) for number in range(3)]
    told = []
    for since, until in zip(days[1:], days, strict=False):
        digest = make_digest("org", Period.DAILY, since, until, Findings((), rows))
        assert digest is not None
        told.append(digest.completed)
    assert told == [24, 24]


def test_failures_with_the_same_error_stand_together() -> None:
    """By fingerprint or by words; under what is true of all of them; the largest group first."""
    digest = _digest(
        _failed("a", "A timeout."),
        _failed("b", "CUDA out of memory with per-device batch 8 at 4096 tokens.", "f1"),
        _failed("c", "CUDA out of memory with per-device batch 4 at 2048 tokens.", "f1"),
        _failed("d", None),
        _failed("e", "CUDA out of memory with per-device batch 4 at 2048 tokens.", "f2"),
        _failed("f", "a b c", "f3"),
        _failed("g", "x y z", "f3"),
    )
    assert digest is not None
    assert [(group.reason, [run.request_id for run in group.runs]) for group in digest.failures] == [
        ("CUDA out of memory", ["b", "c", "e"]),
        ("a b c", ["f", "g"]),
        ("A timeout.", ["a"]),
        (None, ["d"]),
    ]


def test_ten_thousand_jobs_are_counted_and_a_few_named() -> None:
    """The lists are cut, the counts are whole."""
    jobs = tuple(_row(str(n), ("COMPLETED", "FAILED", "RUNNING", "QUEUED")[n % 4]) for n in range(10_000))
    failed = [_failed(f"x{n}", f"reason {n}") for n in range(50)]
    digest = _digest(*failed, jobs=jobs)
    assert digest is not None
    assert (digest.completed, digest.failed, digest.running, digest.queued) == (2500, 2550, 2500, 2500)
    assert len(digest.failures) == MOST_GROUPS
    assert len(digest.completed_runs) == len(digest.running_runs) == MOST_RUNS
    assert len(digest.model_dump_json()) < 20_000


def test_an_id_without_end_does_not_make_a_message_without_end() -> None:
    """The list may call anything an id."""
    digest = _digest(jobs=tuple(_row(f"{n}" * 100_000, "RUNNING") for n in range(MOST_RUNS)))
    assert digest is not None
    assert len(digest.model_dump_json()) < 20_000


def test_jobs_with_a_finding_come_first() -> None:
    """Those that completed and those that run; what is stored of others is not told."""
    jobs = (*(_row(str(n), "RUNNING") for n in range(20)), _row("done", "COMPLETED"), _row("bad", "FAILED"))
    found = Findings((), jobs, standing=dict.fromkeys(("19", "done", "bad"), FINDING))
    digest = make_digest("org", Period.DAILY, SINCE, NOW, found)
    assert digest is not None
    assert [(run.request_id, run.finding) for run in digest.running_runs[:2]] == [
        ("19", "plateau"),
        ("0", ""),
    ]
    assert [run.finding for run in digest.completed_runs] == ["plateau"]
    assert [run.finding for group in digest.failures for run in group.runs] == [""]
    assert told_ids(found, SINCE, NOW) == {*map(str, range(20)), "done"}


def test_without_a_list_what_is_remembered_is_told() -> None:
    """And that nobody knows what runs."""
    digest = _digest(ENDED, jobs=None)
    assert digest is not None
    assert (digest.completed, digest.knows_list) == (1, False)
