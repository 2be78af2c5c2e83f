"""What people typed, out of what Slack makes of it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.commands.typed import as_typed, bare_term, bare_word, folded, name_key, plain_words
from tests.tables import each_row


@each_row(
    "sent, typed",
    [
        ("<http://train.py|train.py>", "train.py"),
        ("<https://x.io/a|the job>", "the job"),
        ("<https://x.io/a>", "https://x.io/a"),
        ("<mailto:a@b.c|a@b.c>", "a@b.c"),
        ("<mailto:a@b.c>", "a@b.c"),
        ("<tel:4155551234|415-555-1234>", "415-555-1234"),
        ("name:<http://train.py|train.py>,b", "name:train.py,b"),
        ("R&amp;D &lt;v2&gt;", "R&D <v2>"),
        ("&amp;lt;", "&lt;"),
        ("a\u2013b\u200b", "a-b"),
        ("<@U0123|ada> x <#C1|c><!here>y", "  x   y"),
        ("a < b", "a < b"),
        ("<", "<"),
    ],
)
def test_markup_is_undone(sent: str, typed: str) -> None:
    """Links are their words, mentions are none, and escapes are undone once."""
    assert as_typed(sent) == typed


@each_row(
    "around",
    [
        "{}",
        "`{}`",
        "*{}*",
        "_{}_",
        "*_{}_*",
        "~{}~",
        '"{}"',
        "“{}”",
        "„{}“",
        "\u2039{}\u203a",
        "「{}」",
        "({}),",
        "«{}».",
    ],
)
@each_row("word", ["run-7", "Größe", "训练-第3轮"])
def test_marks_around_a_word_are_taken_off(around: str, word: str) -> None:
    """Whatever marks there are."""
    assert bare_word(around.format(word)) == word


@pytest.mark.parametrize(
    ("word", "term"),
    [("`v2.`", "v2."), ("*c++*", "c++"), ("“a,", "a"), ("_x_", "x"), ("foo_", "foo_"), ("#7", "#7")],
)
def test_a_term_keeps_its_points(word: str, term: str) -> None:
    """What is looked for may have any mark in it."""
    assert bare_term(word) == term


@each_row(
    "one, other",
    [
        ("Größe", "GRÖSSE"),
        ("Größe", unicodedata.normalize("NFD", "größe")),
        ("\uff52\uff55\uff4e\uff0d\uff17", "run-7"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ﬁne", "FINE"),
        ("bob\u2019s  run", "Bob's run"),
        ("a\u2014b", "a-b"),
        ("ИМЯ", "имя"),
        ("שלום\u200f", "שלום"),
    ],
)
def test_the_same_name_is_the_same(one: str, other: str) -> None:
    """However it is written."""
    assert folded(one) == folded(other)


@given(st.text())
def test_folding_is_done_once(text: str) -> None:
    """What is folded is folded, and a name's key is the same in quotes."""
    assert folded(folded(text)) == folded(text)
    assert name_key(folded(f"“{text}”")) == name_key(folded(text))
    assert plain_words(plain_words(text)) == plain_words(text)
