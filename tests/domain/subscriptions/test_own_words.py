"""Ends that come under a word that nobody documented."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cards.subscriptions.notification import notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.reading import read_status
from bot.domain.subscriptions.subscription import Subscription
from tests.domain.subscriptions.story import ENDS, START, Story, document, moment
from tests.tables import each_row

END = 600


@pytest.mark.parametrize(
    ("word", "kind", "mentions"),
    [
        ("preempted", "failed", True),
        ("TIMED_OUT", "failed", True),
        ("Evicted by the scheduler", "failed", True),
        ("archived", "ended", False),
        ("stopped", "cancelled", False),
        ("Finished", "completed", False),
    ],
)
def test_the_thread_hears_it_once_under_its_own_name(word: str, kind: str, *, mentions: bool) -> None:
    """Without a time of its end it is no end; with one it is, and what means failure mentions people."""
    assert read_status(word) is JobStatus.UNKNOWN
    story = Story("RUNNING", progress=30, started_at=0)
    assert story.look(word, progress=30, started_at=0) == []
    assert story.look(word, progress=30, started_at=0, completed_at=END) == [kind]
    assert story.look(word, progress=30, started_at=0, completed_at=END) == []
    assert story.rest() == []
    card = notification_card(story.last, Recipient(_subscription(), "/job"))
    shown = str(card.blocks)
    assert f"*Ended as* {word}" in shown
    assert f"ended as {word}" in card.text
    assert ("<@U0123ABC>" in shown) is mentions


@each_row("status", [None, "", "  ", {"state": "FAILED"}, []])
@each_row("is_sent", [True, False])
def test_an_end_without_any_status_is_told_once(status: Any, *, is_sent: bool) -> None:
    """The time of its end says it is over, with what the document has of it; without that it is not."""
    said: dict[str, Any] = {"request_id": "job-1", "error_message": "exit code 9", "progress": 30}
    said |= {"status": status} if is_sent else {}
    going, over = said, {**said, "completed_at": moment(END).isoformat()}
    story = Story("RUNNING", progress=30)
    told = [story.take(TrainingJob.model_validate(each)) for each in (going, going, over, over)]
    assert told == [[], [], ["ended"], []]
    card = notification_card(story.last, Recipient(_subscription(), "/job"))
    assert "Ended, status not reported" in str(card.blocks)
    assert "exit code 9" in str(card.blocks)
    assert "exit code 9" in card.text


def test_a_document_that_leaves_the_status_out_after_the_end_tells_no_other_end() -> None:
    """What is known of the end stays, whatever else moves; a status that comes late is told."""
    story = Story("RUNNING", progress=30)
    assert story.look("FAILED", completed_at=END, updated_at=END) == ["failed"]
    assert story.look(None, completed_at=END, updated_at=END + 10) == []
    assert story.state.job.status is JobStatus.FAILED
    assert story.look("FAILED", completed_at=END, updated_at=END + 20) == []
    unsaid = Story("RUNNING", progress=30)
    assert unsaid.look(None, completed_at=END, updated_at=END) == ["ended"]
    assert unsaid.look("FAILED", completed_at=END, updated_at=END + 10) == ["failed"]
    assert unsaid.look("FAILED", completed_at=END, updated_at=END + 20) == []


def test_every_end_has_its_own_kind() -> None:
    """A status that counts as finished is told of, whichever it is: the next one, too."""
    words = {JobStatus.ENDED: "archived"}
    for status in JobStatus:
        if not status.is_finished:
            continue
        story = Story("RUNNING", progress=30)
        assert len(ENDS & set(story.look(words.get(status, status.value), completed_at=END))) == 1


def test_a_status_that_the_list_has_first_is_looked_up() -> None:
    """A row says nothing of an end: the document is fetched, and tells it."""
    story = Story("RUNNING", progress=30)
    assert story.list("preempted", progress=30, updated_at=END) == []
    assert story.wants_details
    assert story.look("preempted", completed_at=END, updated_at=END) == ["failed"]


@pytest.mark.parametrize("word", ["RUNNING", "queued", "pending"])
def test_what_is_under_way_has_no_end(word: str) -> None:
    """A job that runs again may still show when it ended before: it runs, and no end is shown."""
    job = document(word, completed_at=END)
    assert job.status.is_alive
    assert job.completed_at is None
    story = Story(word, completed_at=END)
    assert story.state.finished_seen_at is None


def test_a_row_that_is_under_way_takes_the_end_away() -> None:
    """Laid over what was known of the job, the end before goes with it."""
    story = Story("RUNNING", progress=90)
    story.look("FAILED", progress=90, completed_at=END)
    story.look("RUNNING", progress=1, started_at=END + 60, completed_at=END)
    assert story.look("RUNNING", progress=2, started_at=END + 60, completed_at=END) == ["started"]
    assert story.state.job.completed_at is None


def _subscription() -> Subscription:
    return Subscription("s", "T1", "C1", "org", "job-1", START, subscribers=("U0123ABC",))
