"""The question which of several jobs is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.jobs.which_one import Choice, which_one_card
from bot.cards.kit.card import Card
from bot.domain.job import JobStatus, JobSummary
from bot.playground.block_kit import message_problems
from tests.cards.shown import live_markup

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def card_of(typed: str, *jobs: JobSummary) -> Card:
    """As ``watch`` would ask."""
    choices = [(job, Choice("watch", (job.request_id,))) for job in jobs]
    return which_one_card(typed, choices, now=NOW, slash_command="/job")


def lines(card: Card) -> list[str]:
    """What each button stands beside."""
    return [block["text"]["text"] for block in card.blocks if "accessory" in block]


def test_each_line_tells_its_job_from_the_others() -> None:
    """By its id, and how it is."""
    times = (NOW - timedelta(hours=3), NOW - timedelta(hours=1))
    jobs = (
        JobSummary("a-1", "tickets", JobStatus.RUNNING, "RUNNING", *times, base_model="llama", progress=41.5),
        JobSummary("a-2", "tickets", JobStatus.FAILED, "FAILED", *times),
        JobSummary("a-3", "tickets", JobStatus.QUEUED, "QUEUED", *times),
        JobSummary("a-4", None, JobStatus.UNKNOWN, "PAUSED"),
    )
    running, failed, queued, unknown = lines(card_of("tickets", *jobs))
    assert all(word in running for word in ("tickets", "a-1", "41%"))
    assert all(word in failed for word in ("a-2", "failed <!date^"))
    assert all(word in queued for word in ("a-3", "queued\u00a03\u00a0h"))
    assert all(word in unknown for word in ("a-4", "PAUSED"))


def test_a_button_asks_the_same_of_its_job() -> None:
    """The whole question comes back from it."""
    choice = Choice("watch", ("a", "b"), frozenset({"quiet", "dm"}), ("loss",))
    assert Choice.read(choice.value()) == choice


@pytest.mark.parametrize(
    "value", ["", "7", "[]", '["status"]', '["status",{},[],[]]', '["status",[7],[],[]]', '"abcd"']
)
def test_a_value_that_is_no_choice_is_none(value: str) -> None:
    """Whatever else a button may hold."""
    assert Choice.read(value) is None


def test_of_many_the_best_are_offered() -> None:
    """And how many more there are, and what to do about it."""
    card = card_of("run", *(JobSummary(f"run-{number}") for number in range(12)))
    assert len(lines(card)) == 8
    assert "12 jobs match" in card.text
    assert "4 more match" in card.blocks[-1]["elements"][0]["text"]


@settings(max_examples=50)
@given(
    st.text(), st.lists(st.tuples(st.text(max_size=3000), st.text(max_size=3000)), min_size=2, max_size=12)
)
def test_slack_takes_whatever_fits(typed: str, told: list[tuple[str, str]]) -> None:
    """Hostile names and ids stay words, within the limits."""
    card = card_of(typed, *(JobSummary(request_id, name, base_model=name) for request_id, name in told))
    assert message_problems(card.message()) == []
    assert live_markup(card.message()) == []
