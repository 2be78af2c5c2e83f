"""How much longer a job takes that goes on after a pause: by the pace of this attempt, as it was seen."""

from __future__ import annotations

import pytest

from bot.cards.kit.timing import timing_of
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.job.forecast import eta_seconds, remaining_seconds
from bot.domain.job.resuming import resumed
from bot.domain.job.stored import from_json, kept, to_json
from bot.domain.subscriptions.alerts.alerts import Logged, Situation, verdict
from tests.domain.subscriptions.story import MINUTE, Story, document, moment

HOUR = 60 * MINUTE
PAUSE = 5 * HOUR
"""When it goes on: it had done a fifth in the hours before."""


def _eta(story: Story) -> float | None:
    return remaining_seconds(story.state.job, 0.0)


def _is_met(story: Story) -> bool:
    condition = read_condition("eta < 30m")
    return verdict(condition, Situation(story.state, Logged.of(()), story.now), moment(0)).is_met


def _interrupted(*way: str) -> Story:
    """At 20 % after five hours; then whatever comes between."""
    story = Story("RUNNING", progress=20, started_at=0, updated_at=PAUSE)
    assert _eta(story) == pytest.approx(4 * PAUSE)
    for status in way:
        story.look(status, progress=20, updated_at=PAUSE + 60)
    return story


@pytest.mark.parametrize(
    "way",
    [
        (),
        ("QUEUED",),
        ("FAILED",),
        ("FAILED", "QUEUED"),
        ("preempted",),
        ("preempted", "QUEUED"),
        ("CHECKPOINTING",),
    ],
)
def test_a_resume_is_counted_from_where_it_was_seen_to_go_on(way: tuple[str, ...]) -> None:
    """At 18 % with a new start: unknown until two per cent more are done, however it got there."""
    story = _interrupted(*way)
    for _ in range(3):  # two of them, where it had ended
        story.look("RUNNING", progress=18, started_at=PAUSE + 600, updated_at=PAUSE + 660)
    assert _eta(story) is None
    assert not _is_met(story)
    story.look("RUNNING", progress=19.9, started_at=PAUSE + 600, updated_at=PAUSE + 660 + 1.9 * 900)
    assert _eta(story) is None
    story.look("RUNNING", progress=28, started_at=PAUSE + 600, updated_at=PAUSE + 660 + 10 * 900)
    assert _eta(story) == pytest.approx(72 * 900)
    assert not _is_met(story)


def test_a_fall_back_to_a_checkpoint_is_a_resume_too() -> None:
    """Also where the start is told as it was."""
    story = _interrupted()
    story.look("RUNNING", progress=10, started_at=0, updated_at=PAUSE + 600)
    assert _eta(story) is None
    story.look("RUNNING", progress=20, started_at=0, updated_at=PAUSE + 600 + 100)
    assert _eta(story) == pytest.approx(800)


def test_a_second_resume_is_counted_anew() -> None:
    """From where the last one went on."""
    story = _interrupted()
    for begun, progress in ((PAUSE, 18), (2 * PAUSE, 38)):
        story.look("RUNNING", progress=progress, started_at=begun + 120, updated_at=begun + 120)
        assert _eta(story) is None
        for _ in range(2):
            story.look("RUNNING", progress=progress + 10, started_at=begun + 120, updated_at=begun + 1120)
            assert _eta(story) == pytest.approx((90 - progress) * 100)


def test_the_list_tells_of_a_fall_as_well() -> None:
    """Where several jobs are followed, rows are all there is for long."""
    story = _interrupted()
    story.list("RUNNING", progress=10, updated_at=PAUSE + 600)
    assert _eta(story) is None
    story.list("RUNNING", progress=20, updated_at=PAUSE + 700)
    assert _eta(story) == pytest.approx(800)


@pytest.mark.parametrize("missing", ["progress", "updated_at"])
def test_it_stays_unknown_until_there_is_something_to_count_from(missing: str) -> None:
    """A resume whose first documents leave out how far it is, or when."""
    story = _interrupted()
    said = {"progress": 18.0, "updated_at": PAUSE + 660.0}
    story.look("RUNNING", started_at=PAUSE + 600, **{k: v for k, v in said.items() if k != missing})
    assert _eta(story) is None
    story.look("RUNNING", progress=18, started_at=PAUSE + 600, updated_at=PAUSE + 660)
    assert _eta(story) is None
    story.look("RUNNING", progress=28, started_at=PAUSE + 600, updated_at=PAUSE + 1660)
    assert _eta(story) == pytest.approx(7200)


def test_what_is_no_resume_is_counted_from_its_start() -> None:
    """A start that is put right by seconds, an answer from before, a pause in its words."""
    story = Story("QUEUED", created_at=0)
    story.look("RUNNING", progress=0, started_at=60, updated_at=60)
    story.look("RUNNING", progress=10, started_at=75, updated_at=1060)
    story.look("RUNNING", progress=5, started_at=75, updated_at=560)
    story.look("CHECKPOINTING", progress=10, started_at=75, updated_at=1060)
    story.look("RUNNING", progress=20, started_at=60, updated_at=2060)
    assert _eta(story) == pytest.approx(8000)


def test_what_is_kept_for_a_card_says_the_same() -> None:
    """A card is drawn from what is stored, long after the look."""
    before = document("RUNNING", progress=20, started_at=0, updated_at=PAUSE)
    job = resumed(document("RUNNING", progress=18, started_at=PAUSE + 600, updated_at=PAUSE + 660), before)
    later = resumed(document("RUNNING", progress=28, started_at=PAUSE + 600, updated_at=PAUSE + 1660), job)
    for each, left in ((job, ""), (later, "2 h")):
        stored = from_json(to_json(kept(each)))
        assert timing_of(stored, moment(PAUSE + 1660)).left == left
    assert eta_seconds(later, moment(PAUSE + 1660)) == pytest.approx(7200)


def test_a_document_says_nothing_of_it_by_itself() -> None:
    """The details show what the training suite sent, and no more."""
    job = resumed(document("RUNNING", progress=1), document("RUNNING", progress=20))
    assert not any("jobbot" in name for name in job.configuration())
