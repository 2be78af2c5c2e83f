"""The question which of several jobs is meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

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
    return which_one_card(typed, choices, matches=len(choices), slash_command="/job")


def offered(card: Card) -> list[str]:
    """The words on the buttons."""
    rows = [block["elements"] for block in card.blocks if block["type"] == "actions"]
    return [each["text"]["text"] for row in rows for each in row]


def test_each_button_tells_its_job_from_the_others() -> None:
    """By its name and how it is; by its short ID where others have its name. Phones cut longer words."""
    jobs = (
        JobSummary("3fe92c25-e5fd-4281-93df-5aa886064dbd", "tickets", JobStatus.RUNNING, "RUNNING"),
        JobSummary("a-2", "tickets", JobStatus.FAILED, "FAILED"),
        JobSummary("a-3", "other", JobStatus.QUEUED, "QUEUED"),
        JobSummary("a-4", None, JobStatus.UNKNOWN, "PAUSED"),
        JobSummary("a-5", "a-very-long-name-of-an-experiment", JobStatus.COMPLETED, "COMPLETED"),
    )
    card = card_of("tickets", *jobs)
    assert offered(card) == [
        "🔵 tickets · 3fe92c25",
        "❌ tickets · a-2",
        "⏳ other · queued",
        "❔ a job without a name · a-4",
        "✅ …long-name-of-an-experiment",
    ]
    assert all(len(words) <= 29 for words in offered(card))
    assert card.blocks[0]["text"]["text"] == "5 jobs match `tickets`. Which one?"


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
    assert len(offered(card)) == 8
    assert "12 jobs match" in card.text
    assert "4 more match" in card.blocks[-1]["elements"][0]["text"]


def test_of_thousands_only_those_that_are_offered_are_looked_at() -> None:
    """Everybody waits for a card that is made."""
    taken = [0]

    def choices() -> Iterator[tuple[JobSummary, Choice]]:
        for number in range(10_000):
            taken[0] += 1
            yield JobSummary(f"run-{number}"), Choice("watch", (f"run-{number}",))

    card = which_one_card("run", choices(), matches=10_000, slash_command="/job")
    assert (taken[0], len(offered(card))) == (8, 8)
    assert "10,000 jobs match" in card.text


@settings(max_examples=50)
@given(
    st.text(), st.lists(st.tuples(st.text(max_size=3000), st.text(max_size=3000)), min_size=2, max_size=12)
)
def test_slack_takes_whatever_fits(typed: str, told: list[tuple[str, str]]) -> None:
    """Hostile names and ids stay words, within the limits."""
    card = card_of(typed, *(JobSummary(request_id, name, base_model=name) for request_id, name in told))
    assert message_problems(card.message()) == []
    assert live_markup(card.message()) == []
