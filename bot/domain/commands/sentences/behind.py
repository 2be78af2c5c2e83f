"""Jobs that are named behind the name of a command that takes none."""

from __future__ import annotations

from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.typed_words import looks_like_a_name, words_of
from bot.domain.commands.sentences.vocabulary.plain_words import is_filler
from bot.domain.commands.sentences.words import sentence_of
from bot.domain.commands.typed import bare_word


def names_only_jobs(text: str, names: Names) -> bool:
    """Whether the words behind the first name jobs that there are, and say nothing else.

    A word that a time, a place or a filter may be too is none of a job's.
    """
    _, _, rest = text.strip().partition(" ")
    words = words_of(rest) or []
    sentence = sentence_of(rest, words, names)
    named = [word for place, word in enumerate(words) if place in sentence.used]
    others = [word for place, word in enumerate(words) if place not in sentence.used]
    is_sure = any(word.is_quoted or looks_like_a_name(word) for word in named)
    return (
        is_sure and all(job.found for job in sentence.jobs) and all(is_filler(each.text) for each in others)
    )


def lone_word(text: str) -> str:
    """The only word of a text, bare; empty where there are more."""
    words = text.split()
    return bare_word(words[0]) if len(words) == 1 else ""
