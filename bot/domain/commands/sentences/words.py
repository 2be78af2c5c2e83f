"""A sentence as words, and as the jobs, moments and signs that its words are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from bot.domain.commands.request_id import find_request_ids, stands_out
from bot.domain.commands.sentences.intents import Named
from bot.domain.commands.sentences.names import Names, Namesakes, parts_of
from bot.domain.commands.sentences.vocabulary.plain_words import (
    CONTRACTIONS,
    METRIC_KEYS,
    MISSPELLED,
    PHRASES,
    is_filler,
)
from bot.domain.commands.sentences.vocabulary.signs import STATUS_SIGNS
from bot.domain.commands.times.moments import moment_at, time_at
from bot.domain.commands.typed import QUOTES, as_typed, bare_word, folded

MOST_WORDS: Final = 60
"""A longer text is no question."""
_MOST_CHARACTERS: Final = 2_000
_SIGN: Final = re.compile(r"([<>]=?|=[<>]|[\u2264\u2265])")
_BETWEEN: Final = re.compile(r"[\s,;]+")
_NUMBER: Final = re.compile(r"[+-]?(?:\d[\d.,]*|\.\d+)(?:e[+-]?\d+)?%?", re.ASCII)
_ENDS: Final = ".,;:!?)"
_POSSESSIVE: Final = "'s"
_PERSON: Final = re.compile(r"<@[UW][^<>]*>")
_SOMEBODY: Final = " @somebody "
_QUANTITY: Final = re.compile(r"[+-]?\d[\d.,:]*[a-z%]{0,4}", re.ASCII)
"""A time of day, a span, a size: nothing that stands for a job."""
_HARDWARE: Final = re.compile(r"(?:[abhlptv]|gh|gb|mi|rtx)\d{1,4}[a-z]{0,2}s?", re.ASCII)
"""A GPU: nobody asks for a job by it, unless one is called so."""
_ASKING: Final = frozenset({"is", "was", "did", "has", "does"})
_DOING: Final = frozenset({"doing", "going"})
_SHORTEST_NUMBER: Final = 6
"""Digits alone are an ID only where they are so many."""


class Word(NamedTuple):
    """One word."""

    text: str
    """Folded and bare."""
    typed: str
    """Bare, as it was typed."""
    parts: tuple[str, ...]
    """Its letters and digits."""
    is_quoted: bool = False


@dataclass(slots=True)
class Sentence:
    """What is known of each word."""

    words: Sequence[Word]
    jobs: list[Named] = field(default_factory=list)
    soft: list[Named] = field(default_factory=list)
    """Jobs whose names are words that people use for something else: ``failed``."""
    signs: list[tuple[str, str]] = field(default_factory=list)
    """Each with the words that say it."""
    keys: list[str] = field(default_factory=list)
    """Metrics."""
    since: str = ""
    until: str = ""
    unknown: list[Word] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Places of words that are explained."""
    named: set[int] = field(default_factory=set)
    """Those of them that name jobs."""
    has_question_mark: bool = False
    texts: list[str] = field(default_factory=list)
    """The words themselves; empty where one is explained."""

    def has(self, *signs: str) -> bool:
        """Whether any word is one of these signs."""
        return any(sign in signs for sign, _ in self.signs)

    def use(self, places: Iterable[int]) -> None:
        """The words there are explained now."""
        for place in places:
            self.used.add(place)
            self.texts[place] = ""

    def places_of(self, phrase: Sequence[str], place: int) -> tuple[int, ...]:
        """Where the words of a phrase are that begins there; names of jobs may stand between them."""
        places: list[int] = []
        for word in phrase:
            while places and place in self.named:
                place += 1
            if self.text_at(place) != word:
                return ()
            places.append(place)
            place += 1
        return tuple(places)

    def text_at(self, place: int) -> str:
        """The word there, unless it is explained already."""
        return self.texts[place] if 0 <= place < len(self.texts) else ""


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
        bare = plain if _SIGN.fullmatch(plain) else number if _NUMBER.fullmatch(number) else bare_word(plain)
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


def sentence_of(text: str, words: Sequence[Word], names: Names) -> Sentence:
    """The words with all that is certain of them: jobs, moments, signs; the rest is unknown."""
    sentence = Sentence(words, has_question_mark="?" in text, texts=[word.text for word in words])
    _take_ids(text, sentence, names)
    _take_names(sentence, names)
    return sentence


def take_signs(sentence: Sentence) -> None:
    """Moments, then phrases; what is left is unknown."""
    place = 0
    while place < len(sentence.words):
        if place in sentence.used:
            place += 1
            continue
        used = _moment_at(sentence, place) or _phrase_at(sentence, place)
        if used:
            sentence.use(range(place, place + used))
        elif not _says_nothing(sentence.words[place]):
            sentence.unknown.append(sentence.words[place])
        place += used or 1


def _says_nothing(word: Word) -> bool:
    is_picture = not any(map(str.isalnum, word.text))
    return is_picture or is_filler(word.text) or _NUMBER.fullmatch(word.text) is not None


def _take_ids(text: str, sentence: Sentence, names: Names) -> None:
    """IDs that can be nothing else, then words that an ID begins with."""
    certain = find_request_ids(text)
    sentence.jobs += (Named(each, names.by_id(folded(each))) for each in certain)
    for place, word in enumerate(sentence.words):
        if any(each.lower() in word.text for each in certain):
            sentence.use([place])
        elif _may_be_id(word.text) and (found := names.by_id(word.text)):
            if not any(named.found == found for named in sentence.jobs):
                sentence.jobs.append(Named(word.typed, found))
            sentence.use([place])


def _may_be_id(text: str) -> bool:
    has_digit = any(map(str.isdigit, text))
    return has_digit and (not text.isdecimal() or len(text) >= _SHORTEST_NUMBER)


def _take_names(sentence: Sentence, names: Names) -> None:
    parts: list[str] = []
    starts: dict[int, int] = {}
    for place, word in enumerate(sentence.words):
        starts.setdefault(len(parts), place)
        parts += word.parts or ("",)
    offsets = {place: offset for offset, place in starts.items()}
    ends = frozenset([*starts, len(parts)])
    place = 0
    while place < len(sentence.words):
        found = names.named_at(parts, offsets[place], ends) if place not in sentence.used else None
        if found is None or not found.used:
            place += 1
            continue
        after = starts.get(offsets[place] + found.used, len(sentence.words))
        _take_name(sentence, range(place, after), found.jobs)
        place = after


def _take_name(sentence: Sentence, places: range, jobs: Namesakes) -> None:
    words = [sentence.words[place] for place in places]
    typed = " ".join(word.typed for word in words)
    named = Named(typed, jobs.called(typed))
    if all(is_ordinary(word.text) for word in words):
        sentence.soft.append(named)
        if not (words[0].is_quoted or _is_what_is_asked_about(sentence, places)):
            return
    if named not in sentence.jobs:
        sentence.jobs.append(named)
    sentence.use(places)
    sentence.named.update(places)


def _is_what_is_asked_about(sentence: Sentence, places: range) -> bool:
    """Whether they stand where a question has what it is about: "is failed done?", "how is help doing"."""
    before, after = sentence.text_at(places.start - 1), sentence.text_at(places.stop)
    signs = {sign for phrase, sign in PHRASES.get(after, ()) if len(phrase) == 1}
    return before in _ASKING and (after in _DOING or not signs.isdisjoint(STATUS_SIGNS))


def is_ordinary(word: str) -> bool:
    """Whether people use a folded word for something other than a job."""
    return is_filler(word) or word in PHRASES or bool(moment_at(lambda at: "" if at else word, 0).used)


def _moment_at(sentence: Sentence, place: int) -> int:
    time = time_at(sentence.text_at, place)
    if time.used:
        sentence.since, sentence.until = time.since or sentence.since, time.until or sentence.until
    return time.used


def _phrase_at(sentence: Sentence, place: int) -> int:
    """How many words were taken; those of a phrase may stand around a job's name."""
    after = place + 1
    while after in sentence.named:
        after += 1
    second = sentence.text_at(after)
    for phrase, sign in PHRASES.get(sentence.text_at(place), ()):
        is_near = len(phrase) == 1 or phrase[1] == second
        places = sentence.places_of(phrase, place) if is_near else ()
        if not places:
            continue
        said = " ".join(phrase)
        if sign == "key":
            sentence.keys.append(METRIC_KEYS[said])
        sentence.signs.append((sign, said))
        sentence.use(places)
        return 1
    return 0


def looks_like_a_name(word: Word) -> bool:
    """Whether only a job would be called so: with a digit or a mark in it."""
    has_letter = any(map(str.isalpha, word.text))
    is_other = word.text[0] == "@" or any(kind.fullmatch(word.text) for kind in (_QUANTITY, _HARDWARE))
    return has_letter and len(word.text) > len("ab") and stands_out(word.text) and not is_other
