"""What is told of a job, once each, and what is not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.subscriptions.notifications import job_updates
from bot.domain.subscriptions.notifications.notices import (
    ApiBack,
    ApiDown,
)
from bot.domain.subscriptions.rules import RULES, outage_notification
from tests.domain.subscriptions.story import MINUTE, START, Story

HOUR = 60 * MINUTE


def test_a_start_tells_how_long_the_job_queued() -> None:
    """The suite's own times say how long, whenever we happened to look."""
    story = Story(created_at=-300)
    assert story.look("QUEUED", created_at=-300) == []
    assert story.look("RUNNING", created_at=-300, started_at=90, progress=0) == ["started"]
    assert story.last.queued_seconds == 390
    assert not story.last.is_again
    assert story.look("RUNNING", created_at=-300, started_at=90, progress=1) == []


def test_a_start_is_told_once_however_the_status_flips() -> None:
    """A job that goes back into the queue and on again has started already."""
    story = Story()
    assert story.look("RUNNING", progress=0) == ["started"]
    assert story.look("QUEUED") == []
    assert story.look("RUNNING", progress=0) == []
    assert story.look("WARMING_UP") == []
    assert story.look("RUNNING", progress=0) == []


def test_milestones_come_one_by_one_with_the_time_that_is_left() -> None:
    """25, 50 and 75 %, as progress passes them."""
    story, told = Story("RUNNING", started_at=0, updated_at=0, progress=0), []
    for percent in range(1, 100):
        at = percent * MINUTE
        told += story.look("RUNNING", started_at=0, updated_at=at - 5, progress=percent)
    assert told == ["progress"] * 3
    assert [each.milestone for each in story.told] == [25, 50, 75]
    assert [each.eta_seconds for each in story.told] == pytest.approx(
        [75 * 59.8 - 5, 50 * 59.9 - 5, 25 * 59.93 - 5], abs=1
    )
    assert [each.once_key for each in story.told] == ["1:25", "1:50", "1:75"]


def test_a_jump_is_one_message() -> None:
    """From 10 to 80 % only the highest milestone is told, and the lower ones never."""
    story = Story("RUNNING", progress=10)
    assert story.look("RUNNING", progress=80) == ["progress"]
    assert story.last.milestone == 75
    assert story.look("RUNNING", progress=30) == []
    assert story.look("RUNNING", progress=60) == []
    assert story.look("RUNNING", progress=90) == []


def test_what_was_passed_when_the_job_was_first_seen_is_not_told() -> None:
    """Who follows a job at 60 % sees that on the card."""
    story = Story("RUNNING", progress=60)
    assert story.look("RUNNING", progress=61) == []
    assert story.look("RUNNING", progress=75) == ["progress"]


def test_a_start_noticed_beyond_a_milestone_is_one_message() -> None:
    """The document people subscribed on may be some seconds old; the milestone says it all."""
    story = Story("QUEUED", created_at=0)
    assert story.look("RUNNING", created_at=0, started_at=20, updated_at=30, progress=30) == ["progress"]
    assert (story.last.milestone, story.last.queued_seconds) == (25, 20)
    assert story.look("RUNNING", created_at=0, started_at=20, updated_at=40, progress=31) == []


def test_progress_going_backwards_says_nothing() -> None:
    """Nor does climbing again over what was passed before."""
    story = Story("RUNNING", progress=49)
    assert story.look("RUNNING", progress=50) == ["progress"]
    for progress in (49.9, 50.1, 20, 26, 50, 51, None, 52):
        assert story.look("RUNNING", progress=progress) == []


def test_nothing_changed_says_nothing() -> None:
    """Neither documents nor rows that repeat themselves."""
    story = Story("RUNNING", progress=26, updated_at=0)
    for _ in range(10):
        assert story.look("RUNNING", progress=26, updated_at=0) == []
        assert story.rest() == []


def test_completed_tells_duration_gpu_hours_and_where_the_model_is() -> None:
    """The facts come from the job's own document."""
    story = Story("RUNNING", progress=99)
    told = story.look(
        "COMPLETED",
        created_at=-600,
        started_at=-HOUR,
        completed_at=HOUR,
        after=2 * HOUR,
        progress=100,
        infra_config={"gpu_count": 4, "node_count": 2},
        output_model_path="s3://models/run?X-Amz-Signature=abcdef0123456789",
    )
    assert told == ["completed"]
    assert (story.last.duration_seconds, story.last.gpu_hours) == (2 * HOUR, 16)
    assert story.last.output_model_path is not None
    assert "abcdef0123456789" not in story.last.output_model_path


def test_failed_tells_the_error_without_its_secrets() -> None:
    """Also of a job that never ran."""
    story = Story()
    assert story.look("FAILED", error_message="no token=hf_abcdefghijklmnopqrstuvwxyzabcdef") == ["failed"]
    assert story.last.error_message is not None
    assert "no token=" in story.last.error_message
    assert "hf_" not in story.last.error_message
    assert story.last.cause is None


def test_failed_tells_the_likely_cause_where_that_is_sure() -> None:
    """With the job's own values, and what to change."""
    story = Story()
    steps = {"hyperparameters": {"per_device_train_batch_size": 8}}
    error = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.37 GiB."
    assert story.look("FAILED", error_message=error, train_config=steps) == ["failed"]
    assert "batch 8" in str(story.last.cause)
    assert "Try batch 4" in str(story.last.advice)


@pytest.mark.parametrize("word", ["CANCELLED", "CANCELED", "cancelled"])
def test_cancelled_is_told_in_either_spelling(word: str) -> None:
    """Both are in use."""
    assert Story("RUNNING", progress=3).look(word) == ["cancelled"]


def test_nothing_but_the_end_is_told_beside_it() -> None:
    """A job that started, passed all milestones and ended between two looks has only ended."""
    assert Story("QUEUED").look("COMPLETED", progress=100) == ["completed"]
    assert Story("RUNNING", progress=10).look("FAILED", progress=80) == ["failed"]


def test_an_end_is_told_once() -> None:
    """However often it is seen, in whatever word, and with statuses nobody knows in between."""
    story = Story("RUNNING", progress=10)
    assert story.look("FAILED", completed_at=60) == ["failed"]
    for word in ("FAILED", "RUNNING", "FAILED", "COMPLETED", "ARCHIVED", None, None, "CANCELLED", "RUNNING"):
        assert story.look(word, completed_at=60) == []


def test_a_job_finished_at_first_sight_never_tells_its_end() -> None:
    """The card says so."""
    story = Story("COMPLETED")
    assert story.look("COMPLETED") == []
    assert story.list("COMPLETED") == []


def test_a_job_that_comes_back_to_life_is_told_when_two_looks_agree() -> None:
    """Then it may end anew."""
    story = Story("RUNNING", progress=80)
    story.look("FAILED", updated_at=60, progress=80)
    assert story.look("RUNNING", updated_at=120, progress=60) == []
    assert story.look("RUNNING", updated_at=180, progress=61) == ["started"]
    assert story.last.is_again
    assert story.look("RUNNING", updated_at=240, progress=75) == ["progress"]
    assert story.look("FAILED", updated_at=300) == ["failed"]
    assert [each.once_key for each in story.told] == ["1", "2", "2:75", "2"]


def test_a_job_that_comes_back_to_the_queue_starts_again_when_it_runs() -> None:
    """And says so once."""
    story = Story("RUNNING", progress=80)
    story.look("CANCELLED")
    assert [story.look("QUEUED"), story.look("QUEUED"), story.look("RUNNING", progress=30)] == [
        [],
        [],
        ["started"],
    ]
    assert story.last.is_again
    assert story.look("RUNNING", progress=31) == []


def test_an_older_document_brings_nothing_back_to_life() -> None:
    """A server that lags behind the others answers as it did before the end."""
    story = Story("RUNNING", progress=80, updated_at=0)
    story.look("FAILED", updated_at=60)
    for _ in range(5):
        assert story.look("RUNNING", updated_at=30, progress=80) == []
    assert story.state.job.status == "FAILED"


def test_a_second_failure_between_two_looks_is_told() -> None:
    """The job was started again after the end that was told, and has failed again."""
    story = Story("RUNNING", progress=80)
    assert story.look("FAILED", started_at=-60, completed_at=30) == ["failed"]
    assert story.look("FAILED", started_at=70, completed_at=90) == ["failed"]
    assert story.look("FAILED", started_at=-60, completed_at=30) == []
    assert story.look("FAILED", started_at=70, completed_at=90) == []


def test_an_outage_is_told_once_and_so_is_its_end() -> None:
    """The once-key is the outage's own."""
    later = START + timedelta(minutes=10)
    down, back = (outage_notification(kind, START, later) for kind in (ApiDown, ApiBack))
    assert (type(down), down.since, down.at) == (ApiDown, START, later)
    assert type(back) is ApiBack
    assert down.once_key == back.once_key != outage_notification(ApiDown, later, later).once_key


def test_each_kind_has_one_rule() -> None:
    """What comes of a look is told by the rules; the rest comes of time, of metrics, or of no one job."""
    for entry in job_updates.ENTRIES:
        assert sum(issubclass(entry.payload, rule.payload) for rule in RULES) == 1, entry.payload
