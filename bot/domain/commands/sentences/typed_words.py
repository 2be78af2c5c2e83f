"""A message as words: folded, bare, with their parts; also which of them only a job would be called."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bot.domain.commands.request_id import stands_out
from bot.domain.commands.sentences.names import parts_of
from bot.domain.commands.sentences.vocabulary.plain_words import CONTRACTIONS, MISSPELLED
from bot.domain.commands.typed import QUOTES, as_typed, bare_word, folded

MOST_WORDS: Final = 60
"""A longer text is no question."""
_MOST_CHARACTERS: Final = 2_000
_SIGN: Final = re.compile(r"([<>]=?|=[<>]|[\u2264\u2265])")
_BETWEEN: Final = re.compile(r"[\s,;]+")
NUMBER: Final = re.compile(r"[+-]?(?:\d[\d.,]*|\.\d+)(?:e[+-]?\d+)?%?", re.ASCII)
"""A figure: nothing that stands for a job."""
_ENDS: Final = ".,;:!?)"
_POSSESSIVE: Final = "'s"
_PERSON: Final = re.compile(r"<@[UW][^<>]*>")
_SOMEBODY: Final = " @somebody "
_QUANTITY: Final = re.compile(r"[+-]?\d[\d.,:]*[a-z%]{0,4}", re.ASCII)
"""A time of day, a span, a size: nothing that stands for a job."""
_HARDWARE: Final = re.compile(r"(?:[abhlptv]|gh|gb|mi|rtx)\d{1,4}[a-z]{0,2}s?", re.ASCII)
"""A GPU: nobody asks for a job by it, unless one is called so."""


class Word(NamedTuple):
    """One word."""

    text: str
    """Folded and bare."""
    typed: str
    """Bare, as it was typed."""
    parts: tuple[str, ...]
    """Its letters and digits."""
    is_quoted: bool = False


def words_of(text: str) -> list[Word] | None:
    """The words of a message; None where they are too many for a question."""
    typed = as_typed(_PERSON.sub(_SOMEBODY, text))
    if len(typed) > _MOST_CHARACTERS:
        return None
    words: list[Word] = []
    for raw in _BETWEEN.split(_SIGN.sub(r" \1 ", typed)):
        if not raw:
            continue
        plain = folded(raw)
        number = plain.rstrip(_ENDS)
        bare = plain if _SIGN.fullmatch(plain) else number if NUMBER.fullmatch(number) else bare_word(plain)
        if not bare and not any(map(str.isalnum, plain)):
            bare = plain.strip("?!.,:;()'\"")
        if not bare:
            continue
        bare = MISSPELLED.get(bare, bare)
        if bare in CONTRACTIONS:
            words += (Word(each, each, (each,)) for each in CONTRACTIONS[bare])
            continue
        bare = bare.removesuffix(_POSSESSIVE) if raw[0] != "@" else plain
        words.append(Word(bare, bare_word(raw), tuple(parts_of(bare)), raw[0] in QUOTES))
    return words if len(words) <= MOST_WORDS else None


def looks_like_a_name(word: Word) -> bool:
    """Whether only a job would be called so: with a digit or a mark in it."""
    has_letter = any(map(str.isalpha, word.text))
    is_other = word.text[0] == "@" or any(kind.fullmatch(word.text) for kind in (_QUANTITY, _HARDWARE))
    return has_letter and len(word.text) > len("ab") and stands_out(word.text) and not is_other
