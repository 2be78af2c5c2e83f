"""When a job stands still, by which clock, and what does not count."""

from __future__ import annotations

import pytest

from tests.domain.subscriptions.story import MINUTE, Story

HOUR = 60 * MINUTE


def _still(story: Story, minutes: int, progress: float | None = 40.0, **fields: object) -> list[str]:
    told = [story.look("RUNNING", progress=progress, **fields) for _ in range(minutes)]
    return [kind for kinds in told for kind in kinds]


def test_half_an_hour_without_progress_is_told_once() -> None:
    """However long it goes on."""
    story = Story("RUNNING", progress=40, updated_at=0)
    assert _still(story, 29, updated_at=0) == []
    assert _still(story, 1, updated_at=0) == ["stalled"]
    assert (story.last.quiet_seconds, story.last.progress) == (30 * MINUTE, 40)
    assert _still(story, 300, updated_at=0) == []


def test_moving_again_is_told_only_after_a_stall_was() -> None:
    """And a second stall is another one."""
    story = Story("RUNNING", progress=40)
    assert _still(story, 4) == []
    assert story.look("RUNNING", progress=41) == []
    assert _still(story, 30, 41) == ["stalled"]
    assert _still(story, 30, 41) == []
    assert story.look("RUNNING", progress=42) == ["moving"]
    assert story.last.quiet_seconds == 61 * MINUTE
    assert _still(story, 120, 42) == ["stalled"]
    assert [each.once_key for each in story.told] == ["1", "1", "2"]


def test_a_job_that_usually_takes_long_steps_gets_five_of_them() -> None:
    """One per cent every 20 minutes: stalled after 100 minutes, not after 30."""
    story = Story("RUNNING", progress=10, updated_at=0)
    for step in range(1, 6):
        at = step * 20 * MINUTE
        assert _still(story, 19, 9 + step, updated_at=at - 20 * MINUTE) == []
        assert story.look("RUNNING", progress=10 + step, updated_at=at) == []
    assert _still(story, 99, 15) == []
    assert _still(story, 1, 15) == ["stalled"]


def test_a_job_that_has_become_slow_does_not_stall_at_every_step() -> None:
    """Steps of a minute, then of an hour: after one stall an hour is usual."""
    story = Story("RUNNING", progress=0)
    for step in range(20):
        assert story.look("RUNNING", progress=step / 10) == []
    told = [_still(story, 59, step) + story.look("RUNNING", progress=step + 1) for step in range(2, 12)]
    assert told == [["stalled", "moving"], *[[]] * 9]


def test_a_stall_that_ends_with_the_job_is_not_moving_again() -> None:
    """Nor is one that ends in the queue."""
    story = Story("RUNNING", progress=40)
    assert _still(story, 30) == ["stalled"]
    assert story.look("CANCELLED", progress=40) == ["cancelled"]
    story = Story("RUNNING", progress=40)
    assert _still(story, 30) == ["stalled"]
    assert [story.look("QUEUED", progress=0), story.look("RUNNING", progress=50)] == [[], ["progress"]]


def test_a_job_that_saves_its_model_does_not_stall() -> None:
    """At 100 % nothing moves any more, however long the model takes to be saved."""
    story = Story("RUNNING", progress=99, updated_at=0)
    assert story.look("RUNNING", progress=100, updated_at=MINUTE) == []
    assert _still(story, 300, 100, updated_at=MINUTE) == []
    assert [story.rest() for _ in range(300)] == [[]] * 300
    assert story.look("COMPLETED", progress=100) == ["completed"]
    story = Story("RUNNING", progress=100, updated_at=-HOUR)
    assert _still(story, 300, 100, updated_at=-HOUR) == []
    story = Story("RUNNING", progress=99.9)
    assert _still(story, 30, 99.9) == ["stalled"]
    assert story.look("RUNNING", progress=100) == ["moving"]


def test_only_running_jobs_stall() -> None:
    """A long queue is no stall, a status nobody knows none either; the clock waits meanwhile."""
    story = Story("QUEUED")
    assert [story.look("QUEUED", progress=0) for _ in range(100)] == [[]] * 100
    story = Story("RUNNING", progress=40)
    assert _still(story, 20) == []
    assert [story.look("CHECKPOINTING", progress=40) for _ in range(100)] == [[]] * 100
    assert _still(story, 9) == []
    assert _still(story, 2) == ["stalled"]


def test_progress_nobody_tells_is_no_stall() -> None:
    """Without a number nobody can say that it does not grow."""
    story = Story("RUNNING")
    assert _still(story, 100, None) == []


def test_a_job_that_climbs_again_after_a_restart_moves() -> None:
    """From a checkpoint below; a wobble within one per cent is no restart and no progress."""
    story = Story("RUNNING", progress=60)
    assert _still(story, 20, 60) == []
    for progress in range(30, 50):
        assert story.look("RUNNING", after=10 * MINUTE, progress=progress) == []
    story = Story("RUNNING", progress=60)
    told = [story.look("RUNNING", progress=60 - minute % 2 / 2) for minute in range(40)]
    assert [kinds for kinds in told if kinds] == [["stalled"]]


@pytest.mark.parametrize("skew_minutes", [-10, -5, -1, 1, 5, 10])
def test_clocks_that_disagree_by_minutes_make_no_stall(skew_minutes: int) -> None:
    """A step every 25 minutes is never a stall, and real ones are told at the same time as without skew."""
    skew = skew_minutes * MINUTE
    story = Story("RUNNING", progress=10, updated_at=skew)
    for step in range(5):
        at = step * 25 * MINUTE + skew
        assert _still(story, 24, 10 + step, updated_at=at) == []
        assert story.look("RUNNING", progress=11 + step, updated_at=at + 25 * MINUTE) == []
    assert story.state.movement.step_seconds == pytest.approx(25 * MINUTE)
    assert _still(story, 124, 15, updated_at=skew) == []
    assert _still(story, 1, 15, updated_at=skew) == ["stalled"]


@pytest.mark.parametrize("jump", [-3 * HOUR, -5 * MINUTE, 10 * MINUTE, 5 * HOUR])
def test_our_clock_jumping_makes_no_stall(jump: float) -> None:
    """Once forth or back; what is told later has no time below zero."""
    story = Story("RUNNING", progress=40)
    assert _still(story, 10) == []
    assert story.look("RUNNING", after=jump, progress=40) == []
    assert _still(story, 9) == []
    assert story.look("RUNNING", after=-jump, progress=41) == []
    assert _still(story, 29, 41) == []
    assert _still(story, 90, 41) == ["stalled"]
    assert story.last.quiet_seconds is not None
    assert story.last.quiet_seconds >= 30 * MINUTE


def test_time_without_an_answer_does_not_count() -> None:
    """Nobody knows what the job did meanwhile, and it may be the suite that stood still."""
    story = Story("RUNNING", progress=40)
    assert _still(story, 20) == []
    assert [story.fail(after=10 * MINUTE) for _ in range(12)] == [[]] * 12
    assert _still(story, 10) == []
    assert _still(story, 1) == ["stalled"]


def test_of_a_pause_of_ours_ten_minutes_count() -> None:
    """The bot was stopped for a day: the job has stood still, but it does not say so at the first look."""
    story = Story("RUNNING", progress=40)
    assert story.look("RUNNING", after=24 * HOUR, progress=40) == []
    assert _still(story, 19) == []
    assert _still(story, 1) == ["stalled"]


def test_of_the_time_before_the_first_look_a_quarter_of_an_hour_counts() -> None:
    """The message says how long it really was."""
    story = Story("RUNNING", progress=40, updated_at=-5 * HOUR)
    assert _still(story, 14, updated_at=-5 * HOUR) == []
    assert _still(story, 1, updated_at=-5 * HOUR) == ["stalled"]
    assert story.last.quiet_seconds == 5 * HOUR + 15 * MINUTE


def test_a_stall_is_also_seen_by_rows_that_stay_as_they_are() -> None:
    """The list was fetched, and nothing was new."""
    story = Story("RUNNING", progress=40)
    assert [story.rest() for _ in range(29)] == [[]] * 29
    assert story.rest() == ["stalled"]
    assert story.list("RUNNING", progress=41) == ["moving"]
