"""From a sentence in people's own words to what it asks for: no model, and no guess in secret."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from bot.domain.commands.conditions.reading import read_condition
from bot.domain.commands.sentences.comparisons import find_comparison
from bot.domain.commands.sentences.intents import Fix, Intent, Named, Reading
from bot.domain.commands.sentences.meaning.rules import meaning_of
from bot.domain.commands.sentences.meaning.updates import nearest_alert
from bot.domain.commands.sentences.names import NO_NAMES, Names, parts_of
from bot.domain.commands.sentences.slips import meant_by
from bot.domain.commands.sentences.typed_words import Word, looks_like_a_name, words_of
from bot.domain.commands.sentences.vocabulary.plain_words import is_filler
from bot.domain.commands.sentences.vocabulary.signs import STATUS_SIGNS
from bot.domain.commands.sentences.words import Sentence, sentence_of, take_signs
from bot.domain.commands.typed import folded
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobSummary

_UNCLEAR: Final = Reading(Intent.UNCLEAR)
_ABOUT_ONE_WORDS: Final = """
    why state left then health metrics report compare subscribe notify alert dm unsubscribe cancel restart
    delete change logs download stop
"""
_ABOUT_ONE: Final = frozenset(_ABOUT_ONE_WORDS.split())
"""Signs that ask for a job: beside one of them a part of a name is enough."""
NEEDS_JOB: Final = frozenset(
    {
        Intent.STATUS,
        Intent.ETA,
        Intent.WHY,
        Intent.METRICS,
        Intent.COMPARE,
        Intent.REPORT,
        Intent.SUBSCRIBE,
        Intent.ALERT,
        Intent.UNSUBSCRIBE,
    }
)


_CHANGING: Final = frozenset(
    {
        "subscribe",
        "notify",
        "alert",
        "dm",
        "unsubscribe",
        "pause me",
        "resume me",
        "quiet",
        "stop",
        "cancel",
        "feed",
        "post",
        "digest",
        "report",
    }
)
"""Signs of what changes something that is stored; some only beside others."""


def may_change(text: str) -> bool:
    """Whether what ``text`` asks for may change something that is stored, whatever the jobs are called."""
    words = words_of(text)
    if not words:
        return False
    sentence = sentence_of(text, words, NO_NAMES)
    take_signs(sentence)
    return sentence.has(*_CHANGING)


def asks_something(text: str, *, in_thread: bool) -> bool:
    """Whether ``text`` is a question, as far as can be told without the names of the jobs."""
    said_to_the_bot = {Intent.HELP, Intent.GREETING, Intent.THANKS, Intent.UNCLEAR}
    return read_sentence(text, NO_NAMES, in_thread=in_thread).intent not in said_to_the_bot


def read_sentence(text: str, names: Names, *, in_thread: bool = False, is_private: bool = True) -> Reading:
    """What ``text`` asks for.

    Args:
        text: what was typed, as Slack sends it, without the slash command or the mention.
        names: the organization's jobs.
        in_thread: it was said in a thread that may be about a job.
        is_private: only who said it sees the answer.
    """
    words = words_of(text)
    if not words:
        return Reading(Intent.HELP) if text.strip() and set(text.strip()) <= {"?"} else _UNCLEAR
    where = _Where(names, in_thread, is_private)
    reading = _read(text, words, where)
    return reading if not reading.unknown else _fixed(text, words, reading, where) or reading


class _Where(NamedTuple):
    """What the words of a sentence are held against."""

    names: Names
    in_thread: bool
    is_private: bool


def _read(text: str, words: list[Word], where: _Where) -> Reading:
    names, in_thread, is_private = where
    sentence = sentence_of(text, words, names)
    condition = _take_condition(sentence)
    take_signs(sentence)
    _take_unlisted(sentence, names, in_thread=in_thread)
    _take_parts_of_names(sentence, names)
    _take_sibling(sentence, names)
    reading = meaning_of(sentence, names, in_thread=in_thread, is_private=is_private)
    if condition:
        is_when = sentence.has("when") and not sentence.has("yes or no")
        return _with_condition(reading, condition, is_when=is_when)
    if nearest := nearest_alert(sentence, reading):
        return replace(_UNCLEAR, other=reading, more=(nearest,))
    if sentence.soft and not reading.jobs:
        return _softly(sentence, reading)
    return reading


def _with_condition(reading: Reading, condition: str, *, is_when: bool) -> Reading:
    """An alert, where somebody asks for updates, or says no more than when."""
    if reading.other is not None:
        return replace(reading, other=_with_condition(reading.other, condition, is_when=is_when))
    is_alert = reading.intent is Intent.SUBSCRIBE or (is_when and reading.intent is Intent.METRICS)
    return replace(reading, intent=Intent.ALERT, condition=condition, keys=()) if is_alert else reading


def _softly(sentence: Sentence, reading: Reading) -> Reading:
    """A job that is called as something else: where it is all that was said, or a job is needed."""
    named = sentence.soft[0]
    if len(named.typed.split()) >= len(sentence.words):
        return Reading(Intent.STATUS, (named,), other=reading)
    needs_one = reading.intent in NEEDS_JOB and not reading.is_here and not reading.is_latest
    return replace(reading, jobs=(named,), words=()) if needs_one else reading


def _take_condition(sentence: Sentence) -> str:
    """The comparison in the sentence, as a condition is written; its words are explained then."""

    def typed_at(place: int) -> str:
        return sentence.words[place].typed

    found = find_comparison(sentence.text_at, typed_at, len(sentence.words))
    if found is None:
        return ""
    try:
        condition = read_condition(found.text).text
    except NotUnderstoodError:
        sentence.unknown.append(sentence.words[found.after - 1])  # nothing is promised without it
        return ""
    sentence.use(range(found.first, found.after))
    sentence.keys.append(found.key)
    return condition


def _take_unlisted(sentence: Sentence, names: Names, *, in_thread: bool) -> None:
    """Words that only a metric, or only a job would be called: by a part of its name, or one in no list."""
    for word in tuple(sentence.unknown):
        if not looks_like_a_name(word):
            continue
        is_key = "_" in word.text and (in_thread or bool(sentence.jobs))
        if is_key:
            sentence.keys.append(word.typed)
        elif ":" not in word.text:
            is_part = all(map(names.has_part, word.parts))
            sentence.jobs.append(Named(word.typed, names.with_parts(word.parts) if is_part else ()))
        else:
            continue
        sentence.unknown.remove(word)


def _take_parts_of_names(sentence: Sentence, names: Names) -> None:
    """Words that a few jobs have in their names, where a job is asked for and no whole name was said."""
    is_question = sentence.has("yes or no", "it") and sentence.has(
        "completed", "failed", "running", "started"
    )
    is_question = is_question or (sentence.has_question_mark and sentence.has(*STATUS_SIGNS))
    is_all = bool(sentence.words) and len(sentence.unknown) == len(sentence.words)
    is_asked = sentence.has(*_ABOUT_ONE) or is_question or is_all
    if sentence.jobs or not is_asked or sentence.has("list", "prose"):
        return
    said = [word for word in sentence.unknown if word.parts and all(map(names.has_part, word.parts))]
    found: tuple[JobSummary, ...] = names.with_parts([part for word in said for part in word.parts])
    if found:
        sentence.jobs.append(Named(" ".join(word.typed for word in said), found))
        sentence.unknown = [word for word in sentence.unknown if word not in said]


def _take_sibling(sentence: Sentence, names: Names) -> None:
    """The other job of a comparison, named by the part in which its name differs: "v3 and v2"."""
    if len(sentence.jobs) != 1 or not sentence.has("compare"):
        return
    for word in tuple(sentence.unknown):
        parts = parts_of(folded(sentence.jobs[0].typed))
        for place in reversed(range(len(parts))):
            found = names.with_parts([*parts[:place], *word.parts, *parts[place + 1 :]]) if word.parts else ()
            if len(found) == 1:
                sentence.jobs.append(Named(word.typed, found))
                sentence.unknown.remove(word)
                return


def _is_in_a_name(typed: str, names: Names) -> bool:
    parts = parts_of(folded(typed))
    return bool(parts) and all(names.has_part(part) or names.has_model(part) for part in parts)


def _fixed(text: str, words: list[Word], reading: Reading, where: _Where) -> Reading | None:
    """What would be asked if each word that says nothing was a slip; None where one of them can be none."""
    slips = [typed for typed in reading.unknown if not _is_in_a_name(typed, where.names)]
    fixes = [Fix(typed, meant_by(typed.lower())) for typed in slips]
    fixes = [fix for fix in fixes if fix.meant]
    if not fixes:
        return None
    meant = dict(fixes)
    corrected = [
        word._replace(text=meant[word.typed], typed=meant[word.typed]) if word.typed in meant else word
        for word in words
    ]
    found = _read(text, corrected, where)
    if found.intent is Intent.UNCLEAR or len(found.unknown) > len(reading.unknown) - len(fixes):
        return None
    same = replace(found, unknown=reading.unknown)
    is_nothing = same == reading and all(is_filler(fix.meant) for fix in fixes)
    return None if is_nothing else replace(found, fixes=tuple(fixes))
