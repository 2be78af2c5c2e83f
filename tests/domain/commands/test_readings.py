"""What words behind ``list`` mean: filters among other words, or a name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.commands.readings import meant, readings
from bot.domain.commands.request_id import typed_words
from bot.domain.commands.search import search
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus
from tests.domain.commands.test_search import NOW, listed
from tests.tables import each_row


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("failed model", ["status:failed model", "failed model"]),
        ("model llama", ["model llama", "model:llama"]),
        ("running name eval", ["status:running name eval", "status:running name:eval", "running name eval"]),
        ("status since", ["status since"]),
        ("since yesterday failed", ["status:failed since:yesterday", "since yesterday failed"]),
        ("tickets", ["tickets"]),
    ],
)
def test_what_may_be_words_too_is_read_both_ways(line: str, texts: list[str]) -> None:
    """The likeliest first: who lists takes the first that any job fits."""
    assert [query.text for query in readings(line.split())] == texts


RECENT = (
    listed(request_id="a", experiment_name="broken"),
    listed(
        request_id="b", experiment_name="on", status=JobStatus.RUNNING, base_model="EleutherAI/pythia-70m"
    ),
    listed(
        request_id="c",
        experiment_name="running-shoes",
        status=JobStatus.COMPLETED,
        updated_at=NOW - timedelta(days=30),
    ),
)


def _meant(line: str) -> str:
    words = typed_words(line)
    query = meant(readings(words), words, RECENT, NOW)
    return "".join(each.request_id for each in search(query, RECENT, NOW))


@each_row("before", ["", "all ", "show me the ", "please list "])
@each_row("after", ["", " jobs", " runs please?", " training jobs.", " ?"])
@each_row(
    "line, found",
    [
        ("failed", "a"),
        ("state:failed", "a"),
        ("state failed", "a"),
        ("--state=failed", "a"),
        ("status:failed|running", "ab"),
        ("status: failed | running", "ab"),
        ("failed|running", "ab"),
        ("failed/running", "ab"),
        ("failed / running", "ab"),
        ("failed or running", "ab"),
        ("status:failed or running", "ab"),
        ("status=failed/completed", "ac"),
        ("model:qwen|llama", "ac"),
        ("model:qwen or llama", "ac"),
        ("status:failed and model:llama", "a"),
        ("7d", "ab"),
        ("7 days", "ab"),
        ("last 7 days", "ab"),
        ("in the last 2 weeks", "ab"),
        ("past 3 hours", "ab"),
        ("last:7d", "ab"),
        ("last week", "ab"),
        ("last two weeks", "ab"),
        ("since a week ago", "ab"),
        ("newer than 7d", "ab"),
        ("failed 7d", "a"),
        ("last 7 days failed", "a"),
        ("failed in the past week", "a"),
        ("since:7d running", "b"),
    ],
)
def test_filters_are_read_among_other_words(before: str, line: str, after: str, found: str) -> None:
    """In any order, with words around them that say nothing."""
    assert _meant(f"{before}{line}{after}") == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("all", "abc"),
        ("jobs", "abc"),
        ("running shoes", "c"),
        ("70m", "b"),
        ("all jobs", "abc"),
        ("?", "abc"),
    ],
)
def test_a_name_is_a_name_before_it_is_anything_else(line: str, found: str) -> None:
    """And what says nothing leaves out nothing."""
    assert _meant(line) == found


@pytest.mark.parametrize(
    ("line", "word", "instead"),
    [
        ("owner:me failed", "owner:me", "list status:failed"),
        ("faild", "faild", "list status:failed"),
        ("completed jobs longer than 7d", "longer", "list status:completed 7d"),
        ("status!=failed", "status!=failed", "list"),
        ("failed last 3 months", "last", "list status:failed 3"),
        ("not cancelled", "not", "list status:cancelled"),
        ("--mine", "--mine", "list"),
    ],
)
def test_what_cannot_be_read_is_told_as_such(line: str, word: str, instead: str) -> None:
    """No job fits is said only of what was understood."""
    with pytest.raises(NotUnderstoodError, match="in no job's name") as caught:
        _meant(line)
    assert f"“{word}”" in caught.value.reason
    assert caught.value.suggestion == instead


def test_a_lone_moment_is_a_name_where_a_job_has_it() -> None:
    """Else it says when."""
    old = listed(request_id="d", experiment_name="today-baseline", updated_at=NOW - timedelta(days=30))
    for jobs, found in (((*RECENT, old), "d"), (RECENT, "ab")):
        query = meant(readings(["today"]), ["today"], jobs, NOW)
        assert "".join(each.request_id for each in search(query, jobs, NOW)) == found
