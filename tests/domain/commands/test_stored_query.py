"""Queries that are written down, in the database and on buttons, and read back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.commands.query_words import Bare
from bot.domain.commands.search import query_of_text, read_query
from bot.domain.commands.stored_query import (
    query_from_button,
    query_from_json,
    query_to_button,
    query_to_json,
)
from bot.domain.errors import NotUnderstoodError
from tests.tables import each_row

TERMS = st.text("aBß训\u00e9 ,:=-\u201c`'*_~;\u3001.", max_size=12) | st.sampled_from(
    [
        "status:",
        "status=failed",
        "--status",
        "failed",
        "running",
        "since",
        "7d",
        "7",
        "days",
        "ago",
        "model",
        "name:",
        "and",
    ]
)


@given(st.lists(TERMS, max_size=12))
@example(["name:", "':;", "'"])
@example(["model", "' ;:'"])
@example(["'", "model", "::“:", "';'", ":;:'"])
@example(["name:«a\"'`,b»"])
def test_any_words_are_read_or_refused_and_read_back(words: list[str]) -> None:
    """However long what is written down is: what was accepted is never refused."""
    for bare in (Bare.NONE, Bare.SURE, Bare.SURE | Bare.LIKELY):
        try:
            query = read_query(" ".join(words).split(), bare)
        except NotUnderstoodError:
            continue
        assert query_from_json(query_to_json(query)) == query
        assert query_from_button(query_to_button(query)) == query
        filters = replace(query, words=())
        assert query_of_text(filters.text) == filters
        assert read_query(filters.text.split()) == filters


@pytest.mark.parametrize("piece", ["'a", '"', "status:", "since 7 ", "name:'", "failed and ", ", "])
def test_words_cost_no_more_than_there_may_be(piece: str) -> None:
    """What is longer is refused before it is read."""
    with pytest.raises(NotUnderstoodError, match="fewer words"):
        read_query((piece * 2_000).split())


@each_row(
    "stored, text",
    [
        ("status:completed,failed name:" + ",".join(["x" * 18] * 20), None),
        ("status:failed", "status:failed"),
        ("status:failed name:Größe word", "status:failed name:grösse word"),
        ("", ""),
        ("status:broken", False),
        ("{", False),
        ('{"statuses":["GONE"]}', False),
        ('{"statuses":"FAILED"}', False),
        ('{"names":[1]}', False),
        ("[" * 10_000, "[" * 10_000),
        ("{" + "[" * 100_000, False),
    ],
)
def test_what_is_stored_is_read_whatever_its_length(stored: str, text: str | bool | None) -> None:  # noqa: FBT001
    """As earlier versions wrote it, too; what cannot be read raises nothing."""
    query = query_from_json(stored)
    assert (query is None) is (text is False)
    if query is not None:
        assert query.text == (stored if text is None else text)
