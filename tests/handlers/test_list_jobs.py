"""`/job list` and its buttons."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.cards.kit import actions
from bot.domain.job import JobStatus, JobSummary
from tests.handlers.neighbours import Neighbourhood
from tests.handlers.test_naming import press_button
from tests.tables import each_row


@pytest.fixture
def made() -> Neighbourhood:
    """An organisation of 25 jobs."""
    made = Neighbourhood()
    made.jobs.list_of(*(JobSummary(f"run-{n}", f"name {n}", JobStatus.RUNNING, "RUNNING") for n in range(25)))
    return made


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("list", "25 jobs"),
        ("list name 24", "1 job"),
        ("list status:failed, running", "25 jobs"),
        ("LIST run-2", "6 jobs"),
    ],
)
async def test_it_lists_what_fits(made: Neighbourhood, line: str, count: str) -> None:
    """All words behind it are the query."""
    (card,) = await made.ask(line)
    assert f"*{count}*" in card


@each_row(
    "line, found",
    [
        ("list failed", ["broken"]),
        ("list --status failed", ["broken"]),
        ("list status=failed, since 7d", ["broken"]),
        ("list failed jobs", ["broken"]),
        ("list failed?", ["broken"]),
        ("list state:failed last 7 days please", ["broken"]),
        ("list 7d", ["broken", "running shoes", "fine tune"]),
        ("list last 7 days", ["broken", "running shoes", "fine tune"]),
        ("list status:failed|running", ["broken"]),
        ("list all", ["broken", "running shoes", "fine tune", "name model"]),
        ("list since 7d", ["broken", "running shoes", "fine tune"]),
        ("list running shoes", ["running shoes"]),
        ("list shoes running", ["running shoes"]),
        ("list model name", ["name model"]),
        ("list model qwen", ["broken"]),
        ("list completed", ["running shoes", "fine tune", "name model"]),
        ("list status: failed , completed", ["broken", "running shoes", "fine tune", "name model"]),
        ('list name:"fine tune"', ["fine tune"]),
        ("list <http://fine.ai|fine> `tune`", ["fine tune"]),
    ],
)
async def test_words_that_may_be_filters_find_what_is_meant(line: str, found: list[str]) -> None:
    """As filters, and where no job fits those, as words: never is it said that no job fits while one does."""
    made = Neighbourhood()
    done, new = JobStatus.COMPLETED, made.clock.now()
    old = new - timedelta(days=30)
    made.jobs.list_of(
        JobSummary("a", "broken", JobStatus.FAILED, "FAILED", updated_at=new, base_model="qwen"),
        JobSummary("b", "running shoes", done, "COMPLETED", updated_at=new),
        JobSummary("c", "fine tune", done, "COMPLETED", updated_at=new),
        JobSummary("d", "name model", done, "COMPLETED", updated_at=old),
    )
    (card,) = await made.ask(line)
    names = ("broken", "running shoes", "fine tune", "name model")
    assert [name for name in names if f" {name}\u00a0" in card] == found


async def test_words_that_cannot_be_read_are_told(made: Neighbourhood) -> None:
    """That no job fits would be false: nobody knows what was asked for."""
    (card,) = await made.ask("list owner:me running")
    assert "“owner:me” is no filter" in card
    assert "`/job list status:running`" in card
    assert "No job fits" not in card


async def test_what_cannot_be_listed_is_told(made: Neighbourhood) -> None:
    """A word that says nothing, before anybody is asked; then a list that is not to be had."""
    (card,) = await made.ask("list status:broken")
    assert "isn't a status" in card
    assert made.jobs.lists_asked == 0
    made.jobs.listing = None
    (card,) = await made.ask("list")
    assert "Simplismart has a problem" in card


async def test_the_pages_turn_in_place(made: Neighbourhood) -> None:
    """With the query; where there is no list any more, the page stays."""
    ((_, _, said),) = await press_button(made, {"action_id": actions.OLDER, "value": "1 name"})
    assert said["replace_original"]
    assert "Page 2 of 3" in json.dumps(said)
    ((_, _, said),) = await press_button(made, {"action_id": actions.NEWER, "value": "0 status:broken"})
    assert (said["replace_original"], said["response_type"]) == (False, "ephemeral")
    made.jobs.listing = None
    ((_, _, said),) = await press_button(made, {"action_id": actions.NEWER, "value": "0 name"})
    assert (said["replace_original"], said["response_type"]) == (False, "ephemeral")
    ((_, _, said),) = await press_button(made, {"action_id": actions.NEWER, "value": "x"})
    assert (said["replace_original"], said["response_type"]) == (False, "ephemeral")
    assert "another version of me" in said["text"]


async def test_a_card_opens_for_the_presser(made: Neighbourhood) -> None:
    """Beside the list, whoever sees that; it can be shared."""
    ((_, _, said),) = await press_button(made, {"action_id": actions.OPEN, "value": "run-7"}, private=False)
    assert (said["replace_original"], said["response_type"]) == (False, "ephemeral")
    assert "name 7" in json.dumps(said)
    assert actions.SHARE in json.dumps(said)


async def test_a_day_begins_where_the_asker_is(made: Neighbourhood) -> None:
    """As Slack says; without it, where the setting says. Also on the list's next page, and for a digest."""
    now = made.clock.now().replace(hour=1, minute=0)
    made.clock.advance((now - made.clock.now()).total_seconds() % 86_400)
    moment = made.clock.now() - timedelta(hours=3)
    made.jobs.list_of(JobSummary("run-1", "of yesterday, in UTC", updated_at=moment))
    assert "No job fits" in (await made.ask("list today"))[0]
    made.slack.time_zones["U01"] = "America/New_York"
    assert "of yesterday" in (await made.ask("list today"))[0]
    assert "America/New_York" in (await made.ask("digest daily 09:00"))[0]
    made.slack.time_zones["U01"] = "Mars/Olympus"
    assert "No job fits" in (await made.ask("list today"))[0]


async def test_a_row_says_what_is_at_hand_and_asks_for_nothing() -> None:
    """A list costs one request, whatever was looked at before."""
    made = Neighbourhood()
    error = "torch.OutOfMemoryError: CUDA out of memory."
    made.jobs.list_of(
        JobSummary("a", "known", JobStatus.FAILED, "FAILED"),
        JobSummary("b", "unseen", JobStatus.FAILED, "FAILED"),
        JobSummary("c", "moved", JobStatus.COMPLETED, "COMPLETED"),
    )
    made.jobs.give("a", status="FAILED", error_message=error)
    made.jobs.give("c", status="FAILED", error_message=error)
    (card,) = await made.ask("list")
    assert card.count("CUDA out of memory") == 1
    assert "failed, CUDA out of memory" in card
    assert made.jobs.lists_asked == 1
    assert set(made.jobs.known) == {"a", "c"}
