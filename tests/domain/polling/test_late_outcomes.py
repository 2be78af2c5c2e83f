"""What a job's end was told without comes later, and an end may come after the end."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.polling.intervals import Bounds, next_look_seconds
from bot.domain.subscriptions.watch_state import MOST_ADDED, MOST_BEHIND
from tests.domain.subscriptions.story import Story

ENDED: dict[str, Any] = {"started_at": 0, "completed_at": 60, "updated_at": 60}


def _ended(status: str, **fields: Any) -> Story:
    story = Story("RUNNING", started_at=0, updated_at=0)
    assert story.look(status, **{**ENDED, **fields}) == [status.lower()]
    return story


@pytest.mark.parametrize(
    ("status", "field"), [("FAILED", "error_message"), ("COMPLETED", "output_model_path")]
)
def test_a_row_that_moved_after_the_end_has_the_document_read(status: str, field: str) -> None:
    """What the end came without is told once, whatever spaces it had before; then nothing is read anew."""
    story = _ended(status, **{field: "  "})
    assert story.list(status, updated_at=60) == []
    assert not story.wants_details
    assert story.list(status, updated_at=70) == []
    assert story.wants_details
    later = {**ENDED, "updated_at": 70, field: "s3://models/7"}
    assert story.look(status, **later) == ["added"]
    assert getattr(story.last, field) == "s3://models/7"
    assert (story.look(status, **later), story.state.wants_document) == ([], False)


def test_a_reason_that_becomes_another_is_told_too_but_not_for_ever() -> None:
    """A short word first, the traceback after it; a text that changes every minute is told of some times."""
    story = _ended("FAILED", error_message="exit code 1")
    kinds = [
        story.look("FAILED", **{**ENDED, "updated_at": 70 + number}, error_message=f"boom {number}")
        for number in range(MOST_ADDED + 3)
    ]
    assert kinds == [["added"]] * MOST_ADDED + [[]] * 3
    assert story.look("FAILED", **{**ENDED, "updated_at": 90}) == []


def test_what_was_there_at_the_end_is_not_told_again() -> None:
    """Neither is what somebody saw who began to follow a job that had failed, nor of an older version."""
    story = _ended("FAILED", error_message="boom")
    assert story.look("FAILED", **{**ENDED, "updated_at": 70}, error_message="boom") == []
    story = Story("FAILED", **ENDED, error_message="boom")
    assert story.look("FAILED", **{**ENDED, "updated_at": 70}, error_message="boom") == []
    story = _ended("FAILED")
    story.state = story.state.model_copy(update={"outcome": None})
    assert story.look("FAILED", **{**ENDED, "updated_at": 70}, error_message="boom") == []


def test_a_document_that_is_older_than_its_row_is_asked_for_again() -> None:
    """Soon, and a few times: another server may have the newer one."""
    story = _ended("FAILED")
    story.list("FAILED", updated_at=70)
    pauses = []
    for _ in range(MOST_BEHIND - 1):
        assert story.look("FAILED", **ENDED) == []
        assert story.state.wants_document
        pauses.append(next_look_seconds(story.state, story.now, Bounds(5, 300), 0.5))
    assert pauses == [10, 20, 40, 80]
    story.look("FAILED", **ENDED)
    assert not story.state.wants_document
    story.list("FAILED", updated_at=80)
    assert story.look("FAILED", **{**ENDED, "updated_at": 80}, error_message="boom") == ["added"]


@pytest.mark.parametrize(
    "again",
    [
        {"started_at": 70, "completed_at": 90, "updated_at": 90},
        {"started_at": 70, "completed_at": 300, "updated_at": 300},
        {"started_at": 0, "completed_at": 300, "updated_at": 300},
    ],
)
def test_a_second_end_that_only_the_list_shows_is_told(again: dict[str, Any]) -> None:
    """Failed, started again and failed again between two lists, also where the first start is kept."""
    story = _ended("FAILED", error_message="boom")
    assert story.list("FAILED", updated_at=again["updated_at"]) == []
    assert story.wants_details
    assert story.look("FAILED", **again, error_message="boom") == ["failed"]
    assert story.state.run == 2
    assert story.look("FAILED", **ENDED, error_message="boom") == [], "an older server's"


def test_another_end_after_the_end_is_told() -> None:
    """COMPLETED, and then FAILED: with its reason; the same end with a time put right is none."""
    story = _ended("COMPLETED")
    assert story.list("FAILED", updated_at=70) == []
    assert story.wants_details
    assert story.look("FAILED", **{**ENDED, "updated_at": 70}, error_message="boom") == ["failed"]
    assert story.look("FAILED", **{**ENDED, "completed_at": 80, "updated_at": 90}, error_message="boom") == []


def test_an_end_by_its_own_word_is_not_read_for_its_row() -> None:
    """The row has no time of the end, and so does not say that it is one."""
    story = _ended("FAILED")
    story.look("EVICTED", **{**ENDED, "updated_at": 70, "completed_at": 70})
    story.list("EVICTED", updated_at=70)
    assert not story.wants_details


def test_a_reason_that_comes_with_a_later_time_is_no_second_failure() -> None:
    """A suite may write down the end anew when it writes down the reason."""
    story = _ended("FAILED")
    later = {"started_at": 0, "completed_at": 400, "updated_at": 400}
    assert story.look("FAILED", **later, error_message="boom") == ["added"]
