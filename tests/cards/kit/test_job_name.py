"""A job's name as it leads its cards: linked to its page, and harmless whatever people call their jobs."""

from __future__ import annotations

import re

import pytest

from bot.cards.kit.card_settings import CardSettings, job_name, short_id
from bot.cards.kit.text import length

ID = "3fe92c25-8b1f-4c5e-9a70-6d2f1e0b7a94"
LINKED = CardSettings("https://console.example/jobs?id={request_id}&tab=1")
ADDRESS = f"https://console.example/jobs?id={ID}&amp;tab=1"
UNSET = CardSettings()

NAMES = {
    "plain": ("legal-full-8b", "legal-full-8b"),
    "underscores inside": ("legal_full_8b", "legal_full_8b"),
    "bold": ("*run* 7", "\N{ASTERISK OPERATOR}run\N{ASTERISK OPERATOR} 7"),
    "italic": ("_run_", "\N{MODIFIER LETTER LOW MACRON}run\N{MODIFIER LETTER LOW MACRON}"),
    "struck": ("~run~", "\N{TILDE OPERATOR}run\N{TILDE OPERATOR}"),
    "back-ticks": ("```run``` `x`", "'''run''' 'x'"),
    "a bar ends an address": ("a|b", "a\N{BROKEN BAR}b"),
    "angles end a link": (
        "a>b <!channel> <https://evil.example|x>",
        "a\u203ab \u2039!channel\u203a \u2039https://evil.example\N{BROKEN BAR}x\u203a",
    ),
    "an escape stays one": ("a&lt;b & c", "a&amp;lt;b &amp; c"),
    "emoji": (":100: :tada:", "\N{RATIO}100\N{RATIO} \N{RATIO}tada\N{RATIO}"),
    "one colon": ("lr:1e-4", "lr:1e-4"),
    "right to left": ("\u05de\u05d5\u05d3\u05dc abc", "\u2068\u05de\u05d5\u05d3\u05dc abc\u2069"),
    "an override": ("a\u202efdp.exe", "a"),
    "lines": ("a\nb\tc", "a b c"),
}


@pytest.mark.parametrize(("name", "shown"), NAMES.values(), ids=NAMES)
def test_a_hostile_name_is_a_harmless_label(name: str, shown: str) -> None:
    """Bold around the whole link; nothing in the label ends it, and nothing in it is markup."""
    link = job_name(name, ID, LINKED, is_bold=True)
    match = re.fullmatch(r"\*<([^<>|]+)\|([^<>|*`~]+)>\*", link)
    assert match is not None
    assert match[1] == ADDRESS
    assert match[2].startswith(shown)
    assert "\u202e" not in link


@pytest.mark.parametrize("name", ["x" * 3000, "*" * 3000, "&<>" * 1000, "\u05d0" * 3000, "\U0001f600" * 3000])
def test_a_very_long_name_is_cut(name: str) -> None:
    """To two lines on a phone, and it says so; a cut closes what right-to-left words opened."""
    label = job_name(name, ID, LINKED).removesuffix(">").partition("|")[2]
    assert length(label) <= 60
    assert label.endswith("…")
    assert label.count("\u2068") == label.count("\u2069")
    assert length(job_name(name, ID, UNSET, is_bold=True)) <= 62


def test_without_a_page_a_name_is_bold_or_code() -> None:
    """Code keeps what people would copy as it is; bold around it would show its stars."""
    assert job_name("legal-full-8b", ID, UNSET, is_bold=True) == "*legal-full-8b*"
    assert job_name("legal-full-8b", ID, UNSET) == "legal-full-8b"
    assert job_name("*run* 7", ID, UNSET, is_bold=True) == "`*run* 7`"


def test_a_job_without_a_name_goes_by_its_short_id() -> None:
    """As it can be typed; without any ID it says so."""
    assert job_name(None, ID, UNSET, is_bold=True) == "*3fe92c25*"
    assert job_name("  ", ID, LINKED) == f"<{ADDRESS}|3fe92c25>"
    assert job_name(None, "", LINKED, is_bold=True) == "*a job without a name*"
    assert [short_id(each) for each in ("job-7", "a" * 40)] == ["job-7", "a" * 20]


@pytest.mark.parametrize("request_id", ["a|b", "x> <!channel", "a b/../c?d#e", "&amp;"])
def test_a_hostile_id_is_quoted_in_the_address(request_id: str) -> None:
    """It stays one part of the path."""
    link = job_name("run", request_id, CardSettings("https://console.example/{request_id}"))
    assert re.fullmatch(r"<https://console\.example/[\w%.-]+\|run>", link)


@pytest.mark.parametrize("request_id", ["x" * 3000, "\u202e", "a\ud800", "xoxb-1234567890-abcdefghij"])
def test_an_id_that_is_not_fit_to_be_shown_makes_no_link(request_id: str) -> None:
    """Slack takes no address of that length; half a letter is no address, and a secret never is."""
    assert job_name("run", request_id, LINKED) == "run"
