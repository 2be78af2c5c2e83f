"""How long to wait before the next look."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.polling.intervals import Bounds, next_list_seconds, next_look_seconds
from bot.domain.subscriptions.watch_state import WatchedState
from tests.domain.subscriptions.story import MINUTE, START, Story

BOUNDS = Bounds(15.0, 120.0)
HOUR = 60 * MINUTE
SHARES = st.floats(0, 1)


def _pause(story: Story, *, later: float = 0, jitter: float = 0.5, bounds: Bounds = BOUNDS) -> float:
    return next_look_seconds(story.state, story.now + timedelta(seconds=later), bounds, jitter)


def _running(percent: float, *, hours: float = 10) -> Story:
    """A job that runs evenly, and has just reached this much."""
    whole = hours * HOUR
    story = Story("RUNNING", started_at=0, updated_at=0, progress=0)
    story.seconds = whole * (percent - 1) / 100
    story.look("RUNNING", after=0, started_at=0, updated_at=story.seconds, progress=percent - 1)
    at = story.seconds + whole / 100
    story.look("RUNNING", after=whole / 100, started_at=0, updated_at=at, progress=percent)
    return story


def test_a_queue_is_watched_closely_at_first() -> None:
    """And ever less, as it gets longer."""
    story, pauses = Story("QUEUED"), []
    for _ in range(10):
        story.look("QUEUED")
        pauses.append(_pause(story))
    assert pauses[0] == 15
    assert pauses == sorted(pauses)
    assert 90 < pauses[-1] < 120


def test_a_run_is_watched_closely_at_first() -> None:
    """Most mistakes in a configuration show in the first minutes."""
    story = Story("QUEUED")
    story.look("RUNNING", after=0, started_at=0, progress=0)
    assert _pause(story) == 15
    assert _pause(story, later=5 * MINUTE) == pytest.approx(50)
    assert _pause(story, later=HOUR) > 90


def test_the_middle_of_a_run_is_watched_from_afar() -> None:
    """As long as nothing is expected."""
    assert 90 < _pause(_running(40)) < 120
    assert 90 < _pause(_running(60)) < 120


def test_the_expected_end_is_watched_closely() -> None:
    """The pauses get shorter towards it, and the last one ends just after it."""
    story = _running(99)
    left = [_pause(story, later=6 * MINUTE - seconds) for seconds in (240, 120, 60, 40)]
    assert left == [pytest.approx(98.4), 60, 30, 20]
    assert _pause(story, later=6 * MINUTE - 20) == pytest.approx(23)


def test_an_end_that_is_overdue_is_watched_ever_less() -> None:
    """Saving the model takes a while, and some jobs hang there."""
    story = _running(99)
    pauses = [_pause(story, later=6 * MINUTE + late) for late in (1, 60, 120, 240, 2 * HOUR)]
    assert pauses == [15, 15, 30, 60, pytest.approx(98.4)]


@pytest.mark.parametrize("milestone", [25, 50, 75])
def test_a_milestone_is_met_just_after_it_is_expected(milestone: int) -> None:
    """Half a minute before it, the next look is half a minute later."""
    story = _running(milestone - 1)
    assert _pause(story, later=6 * MINUTE - 30) == pytest.approx(33)


def test_a_stall_is_met_just_after_it_is_due() -> None:
    """Rather than two minutes later."""
    story = Story("RUNNING", started_at=-HOUR, progress=40)
    story.look("RUNNING", after=9 * MINUTE, started_at=-HOUR, progress=40)
    for _ in range(2):
        story.look("RUNNING", after=10 * MINUTE, started_at=-HOUR, progress=40)
    story.look("RUNNING", after=20, started_at=-HOUR, progress=40)
    assert _pause(story) == pytest.approx(43)


def test_a_finished_job_is_hardly_watched() -> None:
    """Unless it seems to have come back to life."""
    story = Story("RUNNING", progress=90)
    story.look("FAILED")
    assert _pause(story) == 120
    story.look("RUNNING")
    assert _pause(story) == 15


def test_without_an_answer_the_pauses_double() -> None:
    """Up to the longest; also where the answer is 404 or 400."""
    for answer in (Story.fail, Story.miss, Story.refuse):
        story, pauses = Story("RUNNING", progress=99), []
        for _ in range(5):
            answer(story)
            pauses.append(_pause(story))
        assert pauses == [30, 60, 120, 120, 120]


def test_a_document_that_contradicts_the_list_is_asked_for_ever_less() -> None:
    """Servers agree after a while, or never."""
    story, pauses = Story("RUNNING", progress=90), []
    story.list("COMPLETED")
    for _ in range(5):
        pauses.append(_pause(story))
        story.look("RUNNING", progress=90)
    assert pauses == [15, 30, 60, pytest.approx(98.4), pytest.approx(98.4)]


@pytest.mark.parametrize(("skew_minutes", "pause"), [(-10, 30), (0, 60), (10, 60)])
def test_clocks_that_disagree_make_no_difference_but_a_look(skew_minutes: int, pause: float) -> None:
    """Two minutes before the expected end; a step may seem as old as the look before it, but not older."""
    started_at = skew_minutes * MINUTE - 10 * HOUR * 0.98
    story = Story("RUNNING", started_at=started_at, updated_at=skew_minutes * MINUTE, progress=98)
    for minute in range(1, 11):
        at = (minute + skew_minutes) * MINUTE
        story.look("RUNNING", started_at=started_at, updated_at=at, progress=98 + minute / 6)
    assert _pause(story) == pytest.approx(pause, abs=0.1)


def test_chance_spreads_the_pauses() -> None:
    """By a tenth to either side."""
    story = _running(40)
    pauses = [_pause(story, jitter=jitter / 10) for jitter in range(11)]
    assert all(one < other for one, other in pairwise(pauses))
    assert pauses[-1] / pauses[0] == pytest.approx(1.1 / 0.9)


def test_a_list_comes_when_the_first_job_wants_it_but_not_too_often() -> None:
    """Of many jobs one is always in a hurry; nobody waits for an end longer than a minute."""

    def pause(seconds: float) -> float:
        return next_list_seconds(START + timedelta(seconds=seconds), START, BOUNDS, 0.5)

    assert pause(-100) == pause(10) == pytest.approx(32.4)
    assert pause(40) == 40
    assert pause(500) == next_list_seconds(None, START, BOUNDS, 0.5) == pytest.approx(45.6)
    assert next_list_seconds(None, START, BOUNDS, 1.0) < 60


def test_a_list_that_is_not_answered_is_asked_for_ever_less() -> None:
    """As a job is."""
    pauses = [next_list_seconds(START, START, BOUNDS, 0.5, failures) for failures in range(1, 6)]
    assert pauses == [30, 60, 120, 120, 120]


@given(
    status=st.sampled_from(["QUEUED", "RUNNING", "COMPLETED", "ODD"]),
    progress=st.none() | st.floats(0, 100),
    updated_at=st.floats(-1e6, 1e6),
    failures=st.integers(0, 10**9),
    later=st.floats(-1e6, 1e6),
    shortest=st.floats(0.1, 1000),
    factor=st.floats(1, 1000),
    jitter=SHARES,
)
def test_pauses_are_never_shorter_nor_longer_than_they_may_be(  # noqa: PLR0913, PLR0917  (what hypothesis makes)
    status: str,
    progress: float | None,
    updated_at: float,
    failures: int,
    later: float,
    shortest: float,
    factor: float,
    jitter: float,
) -> None:
    """Whatever the job, the clocks and the settings."""
    story = Story("RUNNING", started_at=0, updated_at=0, progress=1)
    story.look(status, started_at=0, updated_at=updated_at, progress=progress)
    story.state = WatchedState(**dict(story.state) | {"failures": failures})
    bounds = Bounds(shortest, shortest * factor)
    pauses = (
        _pause(story, later=later, jitter=jitter, bounds=bounds),
        next_list_seconds(story.now + timedelta(seconds=later), START, bounds, jitter, failures),
    )
    assert all(bounds.min_seconds <= pause <= bounds.max_seconds for pause in pauses)
