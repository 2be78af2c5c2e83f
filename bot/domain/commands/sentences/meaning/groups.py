"""Whether somebody wants updates on several jobs at once: "tell me when all the sweep runs are done"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from bot.domain.commands.query import Query
from bot.domain.commands.sentences.intents import Intent, Named, Reading
from bot.domain.commands.sentences.meaning.about import About
from bot.domain.commands.sentences.meaning.updates import asks_for_no_more, asks_for_updates, options_of
from bot.domain.commands.sentences.names import parts_of
from bot.domain.commands.sentences.typed_words import Word
from bot.domain.commands.sentences.vocabulary.plain_words import METRIC_KEYS
from bot.domain.commands.sentences.words import is_ordinary
from bot.domain.commands.typed import folded
from bot.domain.job import JobStatus

_SEVERAL: Final = frozenset(
    {"all", "any", "anything", "both", "each", "entire", "every", "everything", "whole", "whichever"}
)
_JOBS: Final = frozenset({"jobs", "runs", "trainings", "experiments", "models", "finetunes", "ones"})
_MARKS: Final = "-_./"
"""A name that ends so is the beginning of names; its ``*`` is gone where a message was read as words."""
_OF_METRICS: Final = frozenset(word for said in METRIC_KEYS for word in said.split())
_PLURAL: Final = "s"


def group_asked(about: About) -> Reading | None:
    """Updates on all jobs that have some words in their names, or no more of them."""
    said = about.said
    is_end = asks_for_no_more(about)
    if said.named or not (is_end or asks_for_updates(about)) or said.has("feed", "digest", "post"):
        return None
    words = list(_naming(about))
    typed = {word.typed for word in words}
    if not words or any(job.typed not in typed for job in said.jobs) or not _is_several(about, words):
        return None
    reading = replace(
        about.reading(Intent.UNSUBSCRIBE if is_end else Intent.SUBSCRIBE),
        jobs=(),
        query=_query(about, words),
        unknown=tuple(word.typed for word in said.unknown if word not in words),
        is_latest=False,
        is_here=False,
    )
    return reading if is_end else replace(reading, options=options_of(about))


def last_one_asked(about: About) -> Reading | None:
    """Of "the last one", it is asked whether that is the newest job, or the last that is under way."""
    said = about.said
    is_last = any(sign == "latest" and phrase.startswith("last") for sign, phrase in said.signs)
    is_end = JobStatus.COMPLETED in about.statuses and asks_for_updates(about)
    if not (is_last and is_end) or said.jobs or said.unknown or about.in_thread:
        return None
    newest, *others = about.names.jobs or (None,)
    if newest is None or not any(job.status.is_alive for job in others):
        return None
    asked = replace(about.reading(Intent.SUBSCRIBE), is_latest=False, options=options_of(about))
    one = replace(asked, jobs=(Named(newest.request_id, (newest,)),))
    every = replace(asked, query=Query(frozenset({JobStatus.QUEUED, JobStatus.RUNNING})), other=one)
    return replace(about.reading(Intent.UNCLEAR), is_latest=False, other=every)


def _naming(about: About) -> Iterator[Word]:
    """The words that only names of jobs, or of models, have."""
    said = about.said
    parts = {job.typed for job in said.jobs}
    for word in said.words:
        is_open = word in said.unknown or any(word.typed in each.split() for each in parts)
        if said.keys and not is_open:  # it may stand between a metric and its comparison
            is_open = not is_ordinary(word.text) and word.text not in _OF_METRICS
        if is_open and (_is_beginning(word) or _known(about, word)):
            yield word


def _is_beginning(word: Word) -> bool:
    return bool(word.parts) and word.text.endswith(tuple(_MARKS))


def _known(about: About, word: Word) -> str:
    """The word as names of jobs or of models have it, in the singular too; empty where none has it."""
    for text in (word.text, word.text.removesuffix(_PLURAL)):
        parts = parts_of(folded(text))
        if parts and all(about.names.has_part(part) or about.names.has_model(part) for part in parts):
            return text
    return ""


def _is_several(about: About, words: Sequence[Word]) -> bool:
    """Whether more than one job is meant, by the words beside the names, or by how the names are typed."""
    texts = [word.text for word in about.said.words]
    is_last_of = any(pair == ("last", "of") for pair in pairwise(texts))
    is_plural = any(_known(about, word) not in {"", word.text} for word in words)
    others = _SEVERAL | _JOBS
    return is_last_of or is_plural or any(map(_is_beginning, words)) or not others.isdisjoint(texts)


def _query(about: About, words: Sequence[Word]) -> Query:
    """Those with the words in their names, in this order; a model's where no job is called so."""
    names, models = list[str](), list[str]()
    for word in words:
        text = word.text if _is_beginning(word) else _known(about, word)
        is_model = not _is_beginning(word) and not all(map(about.names.has_part, parts_of(text)))
        (models if is_model else names).append(text)
    return Query(names=("*".join(names),) if names else (), models=tuple(models))
