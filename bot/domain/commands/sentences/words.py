"""A sentence as words, and as the jobs, moments and signs that its words are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.commands.request_id import find_request_ids
from bot.domain.commands.sentences.intents import Named
from bot.domain.commands.sentences.names import Names, Namesakes
from bot.domain.commands.sentences.typed_words import NUMBER, Word
from bot.domain.commands.sentences.vocabulary.plain_words import (
    METRIC_KEYS,
    PHRASES,
    is_filler,
)
from bot.domain.commands.sentences.vocabulary.signs import STATUS_SIGNS
from bot.domain.commands.times.moments import moment_at, time_at
from bot.domain.commands.typed import folded

_ASKING: Final = frozenset({"is", "was", "did", "has", "does"})
_DOING: Final = frozenset({"doing", "going"})
_SHORTEST_NUMBER: Final = 6
"""Digits alone are an ID only where they are so many."""


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
    return is_picture or is_filler(word.text) or NUMBER.fullmatch(word.text) is not None


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
        has_both = bool(sentence.since and time.since)  # "on saturday or sunday": from the one to the other
        sentence.since = sentence.since or time.since
        sentence.until = time.until if has_both else time.until or sentence.until
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
