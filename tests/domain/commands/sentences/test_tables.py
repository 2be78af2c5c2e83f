"""What people say, and what it means: tables, of which each was written before it was tried."""

from __future__ import annotations

import pytest

from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.commands.sentences.vocabulary.plain_words import PHRASES, is_filler
from bot.domain.commands.sentences.vocabulary.signs import SIGNS
from tests.domain.commands.sentences.jobs import NAMES, Said, expected, meant, table

TABLES = {name: list(table(f"{name}.txt")) for name in ("said", "held_back", "overheard")}
EVERY = [said for lines in TABLES.values() for said in lines]


@pytest.mark.parametrize("said", EVERY, ids=lambda said: f"{said.how}: {said.text}")
def test_a_sentence_means_what_a_colleague_takes_it_for(said: Said) -> None:
    """Wherever it was said, in whatever order, with fillers and slips."""
    is_private = said.how in {"dm", "slash"}
    reading = read_sentence(said.text, NAMES, in_thread=said.how == "thread", is_private=is_private)
    assert meant(reading, said.how) == expected(said)


def test_the_tables_are_long_enough_to_mean_something() -> None:
    """Of every family some lines were held back."""
    assert len(EVERY) > 300
    assert len(TABLES["held_back"]) > 100
    assert {said.family for said in TABLES["said"]} == {said.family for said in TABLES["held_back"]}
    assert len({(said.how, said.text) for said in EVERY}) == len(EVERY)


def test_a_phrase_means_one_thing() -> None:
    """Each stands in one line of the vocabulary, folded, and none of its words alone is a filler too."""
    phrases = [phrase.strip() for line in SIGNS.values() for phrase in line.split(";")]
    assert sorted({phrase for phrase in phrases if phrases.count(phrase) > 1}) == []
    assert [phrase for phrase in phrases if phrase != phrase.casefold() or not phrase] == []
    assert [phrase for phrase in phrases if is_filler(phrase)] == []
    assert all(first == words[0] for first, each in PHRASES.items() for words, _ in each)
