"""What the watcher remembers, and what the list's rows are believed to say."""

from __future__ import annotations

import json

import pytest

from bot.domain.subscriptions.unanswered import MOST_FAILURES, unanswered
from bot.domain.subscriptions.watch_state import WatchedState, first_state
from tests.domain.subscriptions.story import MINUTE, START, Story, document, moment, row


def test_a_state_is_small_and_comes_back_as_it_was() -> None:
    """Nothing is stored of the document but what rules and schedule need."""
    job = document(
        "RUNNING", progress=40, infra_config={"gpu_count": 8, "gpu_type": "h100"}, error_message="x" * 10_000
    )
    state = first_state(job, START)
    text = state.to_json()
    assert WatchedState.from_json(text) == state
    assert len(text) < 500
    assert state.job.infra_config.gpu_count == 8


def test_states_of_other_versions_are_read() -> None:
    """What an older one did not know is as at first, what a newer one added is passed over."""
    text = json.dumps(
        {
            "job": {"status": "running"},
            "first_seen_at": START.isoformat(),
            "seen_at": START.isoformat(),
            "new": [1],
        }
    )
    state = WatchedState.from_json(text)
    assert (state.job.status, state.run, state.movement.stalls) == ("RUNNING", 1, 0)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"job": 1}'])
def test_what_is_no_state_is_refused(text: str) -> None:
    """As a ValueError."""
    with pytest.raises(ValueError, match="WatchedState"):
        WatchedState.from_json(text)


def test_the_first_row_asks_for_the_document() -> None:
    """What people subscribed on may come from a cache."""
    story = Story("RUNNING", progress=1)
    story.list("RUNNING", progress=2)
    assert story.wants_details
    story.look("RUNNING", progress=2)
    story.list("RUNNING", progress=3)
    assert not story.wants_details


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("QUEUED", "RUNNING"),
        ("RUNNING", "FAILED"),
        ("RUNNING", "PAUSED"),
        ("PAUSED", "HELD"),
        ("FAILED", "RUNNING"),
    ],
)
def test_another_status_asks_for_the_document(before: str, after: str) -> None:
    """Starts, ends, words nobody knows and revivals are told and drawn from it."""
    story = Story(before)
    story.look(before)
    assert not story.wants_details
    assert story.list(after) == []
    assert story.wants_details


def test_starts_and_ends_wait_for_the_document() -> None:
    """The row has neither the times nor the error."""
    story = Story("QUEUED")
    assert story.list("RUNNING", progress=30) == []
    assert story.look("RUNNING", started_at=50, created_at=0, progress=30) == ["progress"]
    assert story.list("RUNNING", progress=55) == ["progress"]
    assert story.list("FAILED", progress=80) == []
    assert story.look("FAILED", error_message="boom", progress=80) == ["failed"]
    assert story.last.error_message == "boom"


def test_milestones_come_by_the_list_alone() -> None:
    """With the time that is left: when it started is known from the document."""
    story = Story("QUEUED")
    story.look("RUNNING", started_at=0, updated_at=60, progress=1)
    assert story.list("RUNNING", after=40 * MINUTE, updated_at=2400, progress=40) == ["progress"]
    assert not story.wants_details
    assert story.last.eta_seconds == pytest.approx(3540, abs=1)


def test_a_row_says_only_what_it_says() -> None:
    """Absent fields stay as they were, and the times only the document has stay too."""
    story = Story("RUNNING", experiment_name="run 7", started_at=0, progress=10)
    story.list("RUNNING", experiment_name=None, progress=None, updated_at=30)
    job = story.state.job
    assert (job.experiment_name, job.progress, job.started_at, job.updated_at) == (
        "run 7",
        10,
        START,
        moment(30),
    )
    story.list(None, progress=11)
    assert story.state.job.status == "RUNNING"


def test_a_list_that_lags_behind_the_document_tells_nothing() -> None:
    """RUNNING rows after the document said FAILED, as often as they come."""
    story = Story("RUNNING", progress=40, updated_at=0)
    story.look("RUNNING", progress=40, updated_at=0)
    assert story.look("FAILED", progress=50, updated_at=60) == ["failed"]
    for second in range(40, 60):
        assert story.list("RUNNING", progress=49, updated_at=second) == []
        assert not story.wants_details
    assert story.list("FAILED", progress=50, updated_at=60) == []


def test_an_older_row_takes_nothing_back() -> None:
    """Where its status differs too, the document decides."""
    story = Story("RUNNING", progress=40, updated_at=100)
    story.look("RUNNING", progress=40, updated_at=100)
    story.list("RUNNING", progress=30, updated_at=90)
    assert (story.state.job.progress, story.wants_details) == (40, False)
    story.list("QUEUED", progress=0, updated_at=80)
    assert (story.state.job.status, story.wants_details) == ("RUNNING", True)


def test_a_list_whose_times_stand_still_is_believed() -> None:
    """More progress is news, whatever the row's time says."""
    story = Story("RUNNING", progress=10, updated_at=100)
    story.look("RUNNING", progress=10, updated_at=100)
    assert story.list("RUNNING", progress=30, updated_at=0) == ["progress"]


def test_a_document_that_lags_behind_the_list_is_asked_for_again() -> None:
    """With growing pauses, until it says what the row said; or until the row takes it back."""
    story = Story("RUNNING", progress=90)
    story.list("COMPLETED", progress=100)
    assert story.wants_details
    for tries in range(1, 4):
        assert story.look("RUNNING", progress=90) == []
        assert (story.state.wants_document, story.state.unsettled) == (True, tries)
    assert story.look("COMPLETED", progress=100) == ["completed"]
    assert (story.state.wants_document, story.state.unsettled) == (False, 0)


def test_an_end_without_a_document_is_told_when_it_cannot_be_had() -> None:
    """404 three times in a row: how it ended is known from the row."""
    story = Story("RUNNING", progress=90)
    story.list("FAILED", progress=90)
    assert [story.miss(), story.miss(), story.miss()] == [[], [], ["failed", "job_gone"]]
    story = Story("RUNNING", progress=90)
    story.list("FAILED", progress=90)
    told = [story.fail() for _ in range(MOST_FAILURES)]
    assert [kinds for kinds in told if kinds] == [["failed"]]
    assert story.look("FAILED", error_message="boom") == ["added"]  # the row knew of no reason


def test_a_document_asked_for_in_vain_is_not_asked_for_at_each_row() -> None:
    """The schedule says when: a document that cannot be read would double every list."""
    story = Story("QUEUED")
    story.list("RUNNING", progress=1)
    assert story.wants_details
    story.fail()
    for progress in range(2, 10):
        story.list("RUNNING", progress=progress)
        assert (story.wants_details, story.state.wants_document) == (False, True)
    assert story.state.failures == 1


def test_a_row_that_flips_brings_nothing_back_to_life() -> None:
    """Only documents do, two of them."""
    story = Story("RUNNING", progress=40)
    story.look("CANCELLED")
    for word in ("RUNNING", "CANCELLED", "RUNNING", "RUNNING"):
        assert story.list(word) == []
    assert story.look("CANCELLED") == []
    assert story.look("RUNNING") == []
    assert story.wants_details
    assert story.look("RUNNING") == ["started"]


def test_failures_are_counted_until_an_answer() -> None:
    """They change nothing else."""
    state = first_state(document("RUNNING", progress=1), START)
    for failures in (1, 2, 3):
        state = unanswered(state, moment(failures))
        assert (state.failures, state.seen_at) == (failures, START)


def test_names_are_kept_without_secrets_and_cut() -> None:
    """Also those that come by a row."""
    name = "run token=hf_abcdefghijklmnopqrstuvwxyzabcdef " + "x" * 5_000
    story = Story("RUNNING", experiment_name=name)
    assert "hf_" not in story.state.to_json()
    story.list("RUNNING", experiment_name=name + "y", progress=1)
    assert "hf_" not in story.state.to_json()
    assert len(story.state.to_json()) < 1_500
    assert row("RUNNING", experiment_name=name).experiment_name == name
