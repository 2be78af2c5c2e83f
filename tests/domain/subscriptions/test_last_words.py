"""What a thread is told when its subscription ends by itself."""

from __future__ import annotations

import pytest

from bot.domain.subscriptions.rules import last_word
from bot.domain.subscriptions.subscription import Ending
from tests.domain.subscriptions.story import START, Story


def test_three_404_in_a_row_are_the_last_word() -> None:
    """Fewer are not, nor are failures in between."""
    story = Story("RUNNING", progress=80)
    assert [story.miss(), story.miss(), story.look("RUNNING", progress=80)] == [[], [], []]
    assert [story.miss(), story.fail(), story.miss(), story.miss(), story.miss()] == [
        [],
        [],
        [],
        ["job_gone"],
        [],
    ]


def test_five_400_in_a_row_are_the_last_word() -> None:
    """Fewer are not; a document, a 404 and no answer at all are told from them."""
    story = Story("RUNNING", progress=80)
    for other in (lambda: story.look("RUNNING", progress=80), story.miss):
        assert [story.refuse() for _ in range(4)] == [[]] * 4
        assert other() == []
    story.look("RUNNING", progress=80)
    said = [story.refuse(), story.refuse(), story.fail(), *(story.refuse() for _ in range(4))]
    assert said == [[], [], [], [], [], ["job_refused"], []]


def test_subscriptions_that_end_by_themselves_have_a_last_word() -> None:
    """The others end because somebody wants so, or because nothing can be said."""
    words = {
        Ending.FINISHED: "finished",
        Ending.EXPIRED: "expired",
        Ending.JOB_GONE: "job_gone",
        Ending.JOB_REFUSED: "job_refused",
    }
    for ending in Ending:
        if ending in words:
            assert last_word(ending, START).kind == words[ending]
        else:
            with pytest.raises(ValueError, match=ending.value):
                last_word(ending, START)
