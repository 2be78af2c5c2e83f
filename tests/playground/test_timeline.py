"""Fast lives are told in times that make sense to someone on the real clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.job import TrainingJob
from bot.playground.clock import FastClock, ManualClock
from bot.playground.training_suite import IDS, Timeline, TrainingSuite, demo_jobs

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class _Sped(FastClock):
    """A fast clock driven by a manual one instead of the machine's."""

    real: ManualClock

    def __post_init__(self) -> None:
        super().__init__(60.0, START)
        self._reached, self._real_since = 0.0, 0.0

    def pause(self) -> None:
        self._reached, self._is_paused = self.monotonic(), True

    def resume(self) -> None:
        self._real_since, self._is_paused = self.real.monotonic(), False

    @property
    def speed(self) -> float:
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._reached, self._real_since, self._speed = self.monotonic(), self.real.monotonic(), speed

    def monotonic(self) -> float:
        if self.is_paused:
            return self._reached
        return self._reached + (self.real.monotonic() - self._real_since) * self._speed


def _world() -> tuple[ManualClock, Timeline]:
    real = ManualClock(START)
    return real, Timeline(_Sped(real), real)


def _job(suite: TrainingSuite, key: str) -> TrainingJob:
    return TrainingJob.model_validate(suite.document(IDS[key]))


def test_a_running_job_has_run_as_long_as_it_lived() -> None:
    """Elapsed time, seen from the real clock, is in the job's own hours, and nothing is in the future."""
    real, timeline = _world()
    suite = TrainingSuite(real, timeline=timeline)
    real.advance(60)
    job = _job(suite, "running")
    assert job.started_at is not None
    assert job.updated_at is not None
    assert real.now() - job.started_at == timedelta(hours=2.4)
    assert job.updated_at <= real.now()


def test_a_finished_job_no_longer_changes() -> None:
    """It ended when the fast clock passed its end, and took as long as it lived."""
    real, timeline = _world()
    suite = TrainingSuite(real, timeline=timeline)
    plan = next(plan for plan in demo_jobs(START) if plan.request_id == IDS["running"])
    assert plan.finishes_at is not None
    real.advance((plan.finishes_at - START).total_seconds() / 60 + 1)
    before = suite.document(IDS["running"])
    job = _job(suite, "running")
    assert job.completed_at is not None
    assert job.started_at is not None
    assert real.now() - job.completed_at == timedelta(seconds=1)
    assert job.completed_at - job.started_at == timedelta(seconds=plan.run_seconds)
    real.advance(1000)
    assert suite.document(IDS["running"]) == before


def test_what_was_before_the_start_is_told_as_it_was() -> None:
    """Before, both clocks ran alike."""
    real, timeline = _world()
    assert timeline.real_at(START - timedelta(hours=20)) == START - timedelta(hours=20)
    real.advance(10)
    assert timeline.real_at(START - timedelta(hours=20)) == START - timedelta(hours=20)


def test_changing_the_speed_keeps_what_has_been() -> None:
    """The same fast moment stays at the same real one."""
    real, timeline = _world()
    real.advance(10)
    timeline.speed = 1
    real.advance(10)
    assert timeline.real_at(START + timedelta(seconds=300)) == START + timedelta(seconds=5)
    assert timeline.real_at(START + timedelta(seconds=605)) == START + timedelta(seconds=15)
    assert timeline.fast.now() == START + timedelta(seconds=610)


def test_jobs_wait_while_their_clock_stands_still() -> None:
    """However long nobody acts: they are as old and as far as at the start, and live on from there."""
    real, timeline = _world()
    suite = TrainingSuite(real, timeline=timeline)
    timeline.pause()
    before = _job(suite, "running")
    real.advance(7200)
    waited = _job(suite, "running")
    assert before.started_at is not None
    assert waited.started_at is not None
    assert waited.progress == before.progress
    assert waited.started_at - before.started_at == timedelta(hours=2)
    timeline.resume()
    real.advance(60)
    lived = _job(suite, "running")
    assert lived.started_at is not None
    assert real.now() - lived.started_at == timedelta(hours=2.4)
    assert lived.progress is not None
    assert waited.progress is not None
    assert lived.progress > waited.progress
