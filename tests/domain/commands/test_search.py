"""Finding jobs by what people remember of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands.query import Query
from bot.domain.commands.request_id import typed_words
from bot.domain.commands.search import named, query_of_text, read_query, resolve, search
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus, JobSummary
from tests.tables import each_row

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
UUID = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"


def job(request_id: str, name: str | None = None, **more: object) -> JobSummary:
    """A row of the list."""
    return JobSummary(request_id, name, **more)  # type: ignore[arg-type]


JOBS = (
    job(UUID, "Tickets v3"),
    job("3fe9ffff-0000-4000-8000-000000000000", "tickets v2"),
    job("beef0000-0000-4000-8000-000000000000", "old tickets"),
    job("run-7", "vision"),
    job("Run-7", "VISION"),
    job("tick0000", None),
)


def ids(jobs: Sequence[JobSummary]) -> list[str]:
    """Which."""
    return [each.request_id for each in jobs]


@each_row(
    "word, positions",
    [
        (UUID, [0]),
        (UUID.upper(), [0]),
        ("run-7", [3]),
        ("Run-7", [4]),
        ("RUN-7", [3, 4]),
        ("vision", [3, 4]),
        ("3fe92", [0]),
        ("3FE9", [0, 1]),
        ("beef", [2]),
        ("bee", []),
        ("tick", [5]),
        ("tickets", [0, 1]),
        ("old", [2]),
        ("sion", [3, 4]),
        ("on", []),
        ("nothing", []),
        ("", []),
    ],
)
def test_a_word_means_the_jobs_that_fit_it_best(word: str, positions: list[int]) -> None:
    """An id, a name, the one id that begins so, what begins so, what has it inside; case is ignored."""
    assert ids(resolve(word, JOBS)) == [JOBS[each].request_id for each in positions]


@pytest.mark.parametrize(
    ("name", "exactly", "positions"),
    [
        ("tickets  V3", True, [0]),
        ("tickets v", True, []),
        ("tickets v", False, [0, 1]),
        ("d tickets", False, [2]),
        ("3fe92c25", False, []),
    ],
)
def test_several_words_mean_a_name(name: str, exactly: bool, positions: list[int]) -> None:  # noqa: FBT001
    """Never an id; blanks do not matter."""
    assert ids(named(name, JOBS, exactly=exactly)) == [JOBS[each].request_id for each in positions]


@given(st.text(), st.lists(st.text(min_size=1)))
def test_any_word_is_looked_for_among_any_names(word: str, names: list[str]) -> None:
    """Nothing raises, what is found is in the list, and an id always finds its job."""
    jobs = [job(f"id-{number}", name) for number, name in enumerate(names)]
    assert set(ids(resolve(word, jobs))) <= set(ids(jobs))
    assert all(resolve(each.request_id, jobs) == (each,) for each in jobs)


def listed(**fields: object) -> JobSummary:
    """A failed job of two hours ago."""
    told = {
        "status": JobStatus.FAILED,
        "updated_at": NOW - timedelta(hours=2),
        "base_model": "meta-llama/Llama-3.1-8B",
        "train_type": "SFT",
        **fields,
    }
    return job(**{"request_id": "run-7", "name": told.pop("experiment_name", "Tickets v3"), **told})  # type: ignore[arg-type]


@each_row(
    "line, is_found",
    [
        ("", True),
        ("status:failed", True),
        ("STATUS:Failed,Running", True),
        ("status:completed", False),
        ("status: failed, running", True),
        ("status:running, failed tickets", True),
        ("model:llama", True),
        ("model:qwen,llama", True),
        ("model:qwen", False),
        ("name:tick", True),
        ("name:vision", False),
        ("since:3h", True),
        ("since:90m", False),
        ("since:1d", True),
        ("since:2w", True),
        ("v3 TICKETS", True),
        ("tickets v4", False),
        ("sft run-7", True),
        ("status:failed model:llama since:7d tickets", True),
        ("other:thing", False),
        ("failed", True),
        ("Failed, running tickets", True),
        ("tickets failed or running", True),
        ("completed", False),
        ("status=failed", True),
        ("status = completed", False),
        ("--status failed", True),
        ("--status=completed", False),
        ("\u2014status failed", True),
        ("status failed", True),
        ("status: failed , running", True),
        ("status : running , completed", False),
        ("status:running model:llama", False),
        ("model = qwen , llama", True),
        ("since 3h", True),
        ("since 90m", False),
        ("since = 3 hours", True),
        ("since:3hours tickets", True),
        ("since 90 minutes ago", False),
        ("since 7d failed, tickets", True),
        ("tickets since: 2w model=llama failed", True),
        ('name:"tickets v3"', True),
        ("name: “tickets v3”, “other”", True),
        ('name:"v3 tickets"', False),
        ("`status:failed since:7d`", True),
        ("'failed' *tickets*", True),
        ("“tickets v3”", True),
        ("\uff34\uff29\uff23\uff2b\uff25\uff34\uff33", True),
    ],
)
def test_a_query_finds_what_fits_all_of_it(line: str, is_found: bool) -> None:  # noqa: FBT001
    """Of what one filter lists, any; of words, all."""
    assert len(search(read_query(typed_words(line)), [listed()], NOW)) == is_found


def test_since_goes_by_when_a_job_last_changed() -> None:
    """Else by when it was made; a job without a time is not recent."""
    query = read_query(["since:1d"])
    assert not query.fits(listed(updated_at=None), NOW)
    assert query.fits(listed(updated_at=None, created_at=NOW), NOW)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("status:broken", "“broken” isn't a status"),
        ("since:lunch", "isn't a time span"),
        ("since:7", "isn't a time span"),
        ("a " * 21, "fewer words"),
        ("a" * 201, "fewer words"),
    ],
)
def test_what_says_nothing_is_refused(line: str, reason: str) -> None:
    """With what is possible."""
    with pytest.raises(NotUnderstoodError, match=reason):
        read_query(line.split())


@given(
    st.lists(
        st.sampled_from(
            ["status:failed", "status:queued,canceled", "model:a,B", "name:x", "since:7d", "Word", "a:b"]
        ),
        max_size=10,
    )
)
def test_a_query_written_down_is_the_same_query(words: list[str]) -> None:
    """Buttons carry it as text."""
    query = read_query(words)
    assert read_query(query.text.split()) == query


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("status:faild model:llama", "list status:failed model:llama"),
        ("since:lunch failed tickets", "list status:failed tickets"),
        ("status:broken", "list status:failed since:7d"),
        ("a " * 21, "list status:failed since:7d"),
    ],
)
def test_a_correction_keeps_what_was_understood(line: str, kept: str) -> None:
    """And something to begin with where that is nothing."""
    with pytest.raises(NotUnderstoodError) as caught:
        read_query(line.split())
    assert caught.value.suggestion == kept


def test_no_query_is_every_job() -> None:
    """And says nothing."""
    assert (read_query([]), Query().text) == (Query(), "")
    assert search(Query(), JOBS, NOW) == JOBS


@each_row("value", ["model:llama", "status:failed", "since:7d", "failed", "r&d <v2>"])
@each_row("quote", ['"', "'", "`"])
@each_row("key", ["name:", "name: ", "name : ", "name = ", "--name "])
def test_what_stands_in_quotes_behind_a_filter_is_its_value(value: str, quote: str, key: str) -> None:
    """A job may be called like a filter."""
    query = read_query(f"{key}{quote}{value}{quote}".split())
    assert (query.names, query.models, query.statuses, query.since) == ((value,), (), frozenset(), "")
    assert query_of_text(query.text) == query


@pytest.mark.parametrize("typed", ["#1-run", "1-run", "“1-Run”"])
def test_letters_that_only_mean_the_same_count_where_no_name_has_them_as_typed(typed: str) -> None:
    """A digit in a circle is a digit, unless a job is called by the digit itself."""
    circled, plain = job("a", "\u2460-run"), job("b", "1-run")
    assert resolve(typed, [circled, plain]) == (plain,)
    assert resolve(typed, [circled]) == (circled,)
    assert named(typed, [circled, plain]) == (plain,)
