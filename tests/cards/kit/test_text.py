"""Cleaning, cutting and escaping untrusted text."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.kit.text import (
    clean,
    code,
    cut,
    cut_front,
    date,
    escape,
    length,
    line,
    plain,
    tail,
    verbatim,
    words,
)

ODD = st.text(
    alphabet=st.sampled_from([*"&<>`*_~ab \n\r\t\x00\x1b", "\u202e", "\u200d", "é", "😀", "א", "\ud800"])
)
BROKEN_ESCAPE = re.compile(r"&(?!amp;|lt;|gt;)")


@settings(max_examples=100)
@given(ODD | st.text(), st.integers(40, 120))
def test_plain_is_one_escaped_line_within_the_limit(text: str, most: int) -> None:
    """Whatever comes in: one line, escaped, whole escapes, no control characters, not too long."""
    shown = plain(text * 5, most)
    assert length(shown) <= most
    assert not BROKEN_ESCAPE.search(shown)
    assert shown.isascii() or shown.encode()
    assert not re.search(r"[<>\n\r\x00-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", shown)


@settings(max_examples=100)
@given(ODD | st.text(), st.integers(40, 120))
def test_code_cannot_be_left(text: str, most: int) -> None:
    """A back-tick inside does not end the code span."""
    shown = code(text * 5, most)
    assert length(shown) <= most
    assert shown == "" or re.fullmatch(r"`[^`\n]+`", shown)
    assert not BROKEN_ESCAPE.search(shown)


@settings(max_examples=60)
@given(ODD | st.text())
def test_words_hold_no_markup(text: str) -> None:
    """Outside a code span there is nothing Slack would format."""
    shown = words(text, 100)
    assert shown.startswith("`") or not re.search(r"[*~`<>:@#&]|\b_|_\b", shown)


@settings(max_examples=60)
@given(ODD | st.text())
def test_clean_text_can_be_sent(text: str) -> None:
    """Cleaned text is valid UTF-8 without control characters other than line ends and tabs."""
    shown = clean(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)


def test_cut_text_says_so() -> None:
    """The reader learns how long the whole was."""
    assert plain("x" * 12_345, 60) == "x" * 34 + "… (cut, 12,345 characters)"
    assert cut("short", 60) == "short"


def test_a_long_line_is_cut_even_when_its_start_is_blank() -> None:
    """What was not read is not passed over in silence."""
    assert plain(" " * 3000 + "x", 60) == "… (cut, 3,001 characters)"


def test_escapes_stay_whole() -> None:
    """The cut moves before an escape that does not fit."""
    for most in range(30, 40):
        assert re.fullmatch(r"(?:&amp;)*… \(cut, 100 characters\)", plain("&" * 100, most))
        assert not BROKEN_ESCAPE.search(plain("<\u200d" * 50, most))


@pytest.mark.parametrize("joined", ["👩\u200d👩\u200d👧", "e\u0301", "👍🏽", "❤️"])
def test_joined_characters_stay_whole(joined: str) -> None:
    """A cut does not take an emoji or an accented letter apart."""
    for most in range(1, 40):
        kept = cut(joined * 30, most, note="")
        assert kept == joined * (len(kept) // len(joined))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("train/loss of rank 7", "…of rank 7"),
        ("rank 7 of " + "\U0001f469\u200d\U0001f467" * 3, "…" + "\U0001f469\u200d\U0001f467"),
        ("0123456789" + "\U0001f642" * 4 + "5", "…" + "\U0001f642" * 4 + "5"),
        ("0123456789" + "\U0001f642" * 5, "…" + "\U0001f642" * 4),
    ],
)
def test_the_front_is_cut_between_joined_characters(text: str, shown: str) -> None:
    """Counted as Slack does: an emoji is two."""
    assert cut_front(text, 10) == shown
    assert length(shown) <= 10


def test_length_counts_as_javascript_does() -> None:
    """An emoji is two."""
    assert length("a😀") == 3


def test_terminal_colours_are_dropped() -> None:
    """Progress bars and colours leave no rubbish."""
    assert clean("\x1b[31mError\x1b[0m\rstep 1\r\nstep 2") == "Error\nstep 1\nstep 2"


def test_right_to_left_text_is_isolated() -> None:
    """A Hebrew name does not reorder what follows; overrides are dropped."""
    assert line("\u05e9\u05dc\u05d5\u05dd") == "\u2068\u05e9\u05dc\u05d5\u05dd\u2069"
    assert line("a\u202eb\u2066c") == "abc"
    assert plain("\u05e9" * 100, 40).startswith("\u2068")
    assert "\u2069…" in plain("\u05e9" * 100, 40)


def test_invisible_characters_do_not_hide_a_secret() -> None:
    """Secrets are looked for in what people will see."""
    assert "hf_" not in line("hf_abcd\u200bEFGHijklMNOPqrstUVWXyz0123456789")


def test_escape() -> None:
    """Only the three characters Slack decodes are escaped."""
    assert escape("<a&b>'\"") == "&lt;a&amp;b&gt;'\""


def test_harmless_words_are_plain_and_others_code() -> None:
    """Names with underscores stay as they are; what Slack would format goes into code."""
    assert words("causal_lm", 60) == "causal_lm"
    assert words("_emphasis_", 60) == "`_emphasis_`"
    assert words(":tada:", 60) == "`:tada:`"
    assert words("", 60) == ""


def test_rich_text_has_no_mentions() -> None:
    """Whoever turns rich text into markup finds no mention in it."""
    assert "<!" not in verbatim("<!channel>")
    assert "<@" not in verbatim("<@U123>")


def test_date_is_a_token_with_a_fallback() -> None:
    """Each reader sees the time in their own zone; before 1970 Slack has no token."""
    moment = datetime(2025, 11, 3, 9, 5, tzinfo=UTC)
    assert date(moment) == "<!date^1762160700^{date_short_pretty} {time}|2025-11-03 09:05 UTC>"
    assert date(datetime(1969, 1, 1, tzinfo=UTC)) == "1969-01-01 00:00 UTC"


def test_tail_starts_at_a_line() -> None:
    """The end of a text starts where a line does, and never within a private key."""
    assert tail("one\n" * 50, 42) == "one\n" * 10
    assert tail("short", 100) == "short"
    key = "-----BEGIN PRIVATE KEY-----\n" + "QUJD\n" * 50
    assert tail("log\n" + key + "end", 40).startswith("-----BEGIN")
    assert tail(key + "-----END PRIVATE KEY-----\n" + "line\n" * 20, 40).startswith("line")
    assert len(tail("x" * 100 + "\n", 40)) == 40
