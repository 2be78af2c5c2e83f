"""One rule for each thing that can be asked, the surest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from bot.domain.commands.sentences.intents import Intent, Reading
from bot.domain.commands.sentences.meaning import groups, jobs, talk, updates
from bot.domain.commands.sentences.meaning.about import About
from bot.domain.commands.sentences.meaning.channels import digest_asked, feed_asked
from bot.domain.commands.sentences.meaning.lists import list_asked, ranked
from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.words import Sentence

UNCLEAR: Final = Reading(Intent.UNCLEAR)
_CHANGING: Final = frozenset(
    {Intent.SUBSCRIBE, Intent.ALERT, Intent.UNSUBSCRIBE, Intent.PAUSE, Intent.RESUME}
)
"""What changes something is only done where every word is explained."""
_MOST_UNKNOWN: Final = 3
"""Words of prose beside a job's name, where all read the answer; and where only one person does."""
_MOST_UNKNOWN_ALONE: Final = 8
_ASKING_NOTHING: Final = frozenset({"thanks", "greeting", "it", "yes or no", "prose", "here", "not", "list"})
_BESIDE_NAMES: Final = frozenset(
    {
        "the",
        "a",
        "my",
        "our",
        "and",
        "of",
        "on",
        "for",
        "job",
        "run",
        "training",
        "model",
        "please",
        "pls",
        "plz",
    }
)
"""A name with these alone asks for its card."""


_Rule = Callable[[About], Reading | None]


def meaning_of(sentence: Sentence, names: Names, *, in_thread: bool, is_private: bool) -> Reading:
    """What the sentence asks for, as far as all its words are explained."""
    about = About(sentence, names, in_thread, is_private)
    for rule in _RULES:
        if (reading := rule(about)) is not None:
            if _is_remark(about, reading):
                return replace(UNCLEAR, unknown=reading.unknown, other=reading)
            if _is_explained(about, reading):
                return reading
            return replace(UNCLEAR, unknown=reading.unknown, other=reading)
    return about.reading(Intent.UNCLEAR)


def _is_remark(about: About, reading: Reading) -> bool:
    """Whether a job is talked of where all read the answer, and nothing is asked about it."""
    said = about.said
    asks_the_bot = about.asks and not said.has("prose")  # not "is anyone looking at it?"
    if about.is_private or asks_the_bot or reading.intent is not Intent.STATUS:
        return False
    others = {word.text for place, word in enumerate(said.words) if place not in said.named}
    return {sign for sign, _ in said.signs} <= _ASKING_NOTHING and not others <= _BESIDE_NAMES


def _is_explained(about: About, reading: Reading) -> bool:
    """Whether no more words are left than prose around a job's name has."""
    said = about.said
    if not reading.unknown or reading.intent in {Intent.DIGEST, Intent.THANKS}:
        return True
    if reading.intent in _CHANGING:
        return False
    if reading.intent is Intent.NOT_POSSIBLE and (said.jobs or about.is_private):
        return len(reading.unknown) <= _MOST_UNKNOWN
    most = _MOST_UNKNOWN_ALONE
    if not about.is_private:
        most = min(_MOST_UNKNOWN if said.has_question_mark else 1, len(said.used))
    return bool(said.jobs) and len(reading.unknown) <= most


_RULES: Final[Sequence[_Rule]] = (
    talk.small_talk,
    updates.resume_asked,
    updates.pause_asked,
    talk.prose,
    talk.help_asked,
    digest_asked,
    feed_asked,
    updates.foreseen,
    groups.group_asked,
    groups.last_one_asked,
    updates.unsubscribe_asked,
    updates.subscribe_asked,
    ranked,
    updates.subscriptions_asked,
    jobs.in_queue,
    jobs.compared,
    updates.not_possible,
    jobs.aspect,
    jobs.why,
    jobs.report,
    jobs.metrics,
    jobs.latest,
    jobs.eta,
    jobs.status,
    list_asked,
    jobs.vague,
)
