"""The list of jobs: what a page shows, and which page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.gallery import documents
from bot.cards.jobs.job_row import outcome_of
from bot.cards.jobs.jobs_list import Page, jobs_list_card
from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.domain.commands.search import read_query, search
from bot.domain.commands.stored_query import query_from_button
from bot.domain.curves.metrics_facts import LossFacts
from bot.domain.errors import KeyRejectedError
from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.listing import JobListing
from bot.playground.block_kit import message_problems
from tests.cards.shown import LOSSES, live_markup
from tests.tables import each_row

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
    found = {each["action_id"]: each["value"] for row in rows for each in row["elements"]}
    return {name: value for name, value in found.items() if name != actions.ONLY_FAILED}


def test_ten_are_on_a_page_with_the_way_to_the_others() -> None:
    """The buttons carry the query along; a page that is not there is the last one."""
    first, second, last = (card_of(*JOBS, query="name", number=number) for number in (0, 1, 99))
    assert [len(lines(each)) for each in (first, second, last)] == [10, 10, 5]
    assert turns(first) == {actions.OLDER: "1 name"}
    assert turns(second) == {actions.NEWER: "0 name", actions.OLDER: "2 name"}
    assert turns(last) == {actions.NEWER: "1 name"}
    assert "name 0" in lines(first)[0]
    assert turns(card_of(*JOBS[:10])) == {}


def test_the_counts_by_status_stand_below_in_gray() -> None:
    """Of all that fit, not of the page; how many, and of which, stands on top."""
    card = card_of(*JOBS)
    assert card.blocks[0]["text"]["text"] == "*25 jobs*, newest first"
    gray = card.blocks[-2]["elements"][0]["text"]
    assert gray == "Page 1 of 3\u00a0· 🔵\u00a020\u00a0running\u00a0· ❌\u00a05\u00a0failed"
    assert card_of(*JOBS, query="status:failed").blocks[0]["text"]["text"] == (
        "*5 jobs* for `status:failed`, newest first"
    )


def test_the_buttons_say_where_they_lead() -> None:
    """How many come next, and only those that failed, where there are others."""
    pages = [card_of(*JOBS, query="name", number=number).blocks[-1] for number in (0, 1, 2)]
    words = [[each["text"]["text"] for each in row["elements"]] for row in pages]
    assert words == [
        ["Next 10", "Only failed"],
        ["Newer", "Next 5", "Only failed"],
        ["Newer", "Only failed"],
    ]
    failed = next(each for each in pages[0]["elements"] if each["action_id"] == actions.ONLY_FAILED)
    page = Page.read(failed["value"])
    assert page is not None
    found = search(query_from_button(page.query), JOBS, NOW)
    assert (page.number, {job.status for job in found}, len(found)) == (0, {JobStatus.FAILED}, 5)


@each_row("status", tuple(JobStatus))
def test_each_row_offers_what_fits_its_status(status: JobStatus) -> None:
    """Its card first; nothing to subscribe to where it is over; two to five options."""
    (row,) = [block for block in card_of(JobSummary("run-1", "x", status)).blocks if "accessory" in block]
    options = row["accessory"]["options"]
    assert row["accessory"]["action_id"] == actions.ROW_MORE
    chosen = [actions.Chosen.read(each["value"]) for each in options]
    assert all(each is not None and each.value == "run-1" for each in chosen)
    offered = [each.action_id for each in chosen if each is not None]
    assert offered[0] == actions.OPEN
    assert 2 <= len(offered) <= 5
    assert (actions.SUBSCRIBE in offered) is not status.is_finished


@each_row(
    "document, losses, shown",
    (
        (documents.FAILED, None, "CUDA out of memory"),
        (documents.FAILED_UNKNOWN, None, "cause unknown"),
        (documents.FAILED_SILENTLY, LOSSES, ""),
        (documents.COMPLETED, LOSSES, "eval\u00a01.09"),
        (documents.COMPLETED, None, ""),
        (documents.RUNNING, LOSSES, ""),
    ),
)
def test_a_row_says_the_outcome_that_is_at_hand(
    document: dict[str, Any], losses: LossFacts | None, shown: str
) -> None:
    """Why it failed, or how good the model is."""
    assert outcome_of(TrainingJob.model_validate(document), losses) == shown


def test_a_long_id_has_a_button() -> None:
    """A menu's options carry less."""
    (row,) = [block for block in card_of(JobSummary("x" * 300, "x")).blocks if "accessory" in block]
    assert row["accessory"]["action_id"] == actions.OPEN


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
    assert "Not current" in card.blocks[1]["elements"][0]["text"]


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
