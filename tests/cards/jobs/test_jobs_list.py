"""The list of jobs: what a page shows, and which page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.jobs.jobs_list import Page, jobs_list_card
from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.domain.commands.search import read_query
from bot.domain.errors import KeyRejectedError
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing
from bot.playground.block_kit import message_problems
from tests.cards.shown import live_markup

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
JOBS = tuple(
    JobSummary(f"run-{number}", f"name {number}", JobStatus.FAILED if number % 5 == 0 else JobStatus.RUNNING)
    for number in range(25)
)


def card_of(*jobs: JobSummary, query: str = "", number: int = 0) -> Card:
    """One page."""
    listing = JobListing(jobs, NOW)
    return jobs_list_card(listing, read_query(query.split()), number=number, now=NOW, slash_command="/job")


def lines(card: Card) -> list[str]:
    """The jobs, as they are shown."""
    return [block["text"]["text"] for block in card.blocks if "accessory" in block]


def turns(card: Card) -> dict[str, Any]:
    """What the buttons under the list carry."""
    rows = [block for block in card.blocks if block["type"] == "actions"]
    return {each["action_id"]: each["value"] for row in rows for each in row["elements"]}


def test_ten_are_on_a_page_with_the_way_to_the_others() -> None:
    """The buttons carry the query along; a page that is not there is the last one."""
    first, second, last = (card_of(*JOBS, query="name", number=number) for number in (0, 1, 99))
    assert [len(lines(each)) for each in (first, second, last)] == [10, 10, 5]
    assert turns(first) == {actions.OLDER: "1 name"}
    assert turns(second) == {actions.NEWER: "0 name", actions.OLDER: "2 name"}
    assert turns(last) == {actions.NEWER: "1 name"}
    assert "name 0" in lines(first)[0]
    assert turns(card_of(*JOBS[:10])) == {}


def test_the_counts_by_status_stand_on_top() -> None:
    """Of all that fit, not of the page."""
    assert (
        card_of(*JOBS).blocks[1]["text"]["text"]
        == "*25 jobs*\n🔵\u00a020\u00a0running\u00a0· ❌\u00a05\u00a0failed"
    )
    assert (
        "for `status:failed`\n❌\u00a05\u00a0failed"
        in card_of(*JOBS, query="status:failed").blocks[1]["text"]["text"]
    )


def test_jobs_of_one_name_show_their_ids() -> None:
    """Others do without."""
    one, other, third = lines(card_of(JobSummary("a-1", "x"), JobSummary("a-2", "x"), JobSummary("a-3", "y")))
    assert "a-1" in one
    assert "a-2" in other
    assert "a-3" not in third


def test_an_empty_list_says_what_to_try() -> None:
    """Unless there is no job at all."""
    assert "Use fewer words" in card_of(*JOBS, query="nothing").text
    assert "no training jobs yet" in card_of().text


def test_an_earlier_list_says_that_it_is_one() -> None:
    """And why."""
    listing = JobListing(JOBS, NOW - timedelta(minutes=5), KeyRejectedError())
    card = jobs_list_card(listing, read_query([]), now=NOW, slash_command="/job")
    assert "Not current" in card.blocks[2]["text"]["text"]


@pytest.mark.parametrize("value", ["", "x", "-1 a", "1234567", "²"])
def test_a_value_that_is_no_page_is_none(value: str) -> None:
    """Whatever else a button may hold."""
    assert Page.read(value) is None


def test_a_page_comes_back_from_its_button() -> None:
    """With its query, if it has one."""
    for page in (Page(3, "status:failed a b"), Page(0)):
        assert Page.read(page.value()) == page


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.text(max_size=3000), st.text(max_size=3000), st.sampled_from(JobStatus)), max_size=12
    ),
    st.lists(st.text(min_size=1, max_size=12).filter(lambda word: ":" not in word), max_size=5),
)
def test_slack_takes_whatever_is_listed(told: list[tuple[str, str, JobStatus]], words: list[str]) -> None:
    """Hostile names, ids and queries stay words, within the limits."""
    jobs = [JobSummary(an_id, name, status, base_model=name) for an_id, name, status in told]
    for query in ([], words):
        card = jobs_list_card(JobListing(tuple(jobs), NOW), read_query(query), now=NOW, slash_command="/job")
        assert message_problems(card.message()) == []
        assert live_markup(card.message()) == []
