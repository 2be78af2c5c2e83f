"""Some eight hundred kinds of secrets that must go, and some four hundred texts that must stay."""

from __future__ import annotations

from pathlib import Path

from bot.domain.redaction import cleaned, redact
from bot.domain.redaction.tokens.prefixes import PREFIXES
from tests.domain.redaction import kinds
from tests.tables import each_row

KINDS = kinds.lines()
INNOCENT = tuple(
    kinds.spelled_out(line)
    for line in (Path(__file__).parent / "innocent.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("# Texts")
)
SURROUNDINGS = ("{}", "  {}", "before\n{}\nafter")


@each_row("line", KINDS)
def test_a_secret_of_every_kind_goes(line: str) -> None:
    """Not eight characters of it in a row can be read, whatever it is made of."""
    for seed in range(3):
        filled = kinds.filled(line, seed)
        assert filled.shown_in(redact(filled.text)) == []
        assert filled.shown_in(cleaned(filled.text)) == []


@each_row("line", KINDS[::5])
def test_a_secret_goes_between_other_lines(line: str) -> None:
    """A log is seldom the secret alone; and what is redacted stays as it is."""
    filled = kinds.filled(line, 7)
    shown = redact(f"step 1 loss=0.31\n{filled.text}\nstep 2 loss=0.30")
    assert filled.shown_in(shown) == []
    assert shown.startswith("step 1 loss=0.31\n")
    assert redact(shown) == shown


@each_row("text", INNOCENT)
def test_innocent_text_stays_whole(text: str) -> None:
    """Hashes, ids, models, paths, metrics, tokens of tokenizers, and what an error says about secrets."""
    for surroundings in SURROUNDINGS:
        whole = surroundings.replace("{}", text)
        assert redact(whole) == whole


def test_the_table_of_prefixes_says_where_each_is_written() -> None:
    """One line a prefix, with its source, and none twice."""
    assert all(row.source and row.least >= 3 for row in PREFIXES)
    assert len({row.prefix for row in PREFIXES}) == len(PREFIXES)
