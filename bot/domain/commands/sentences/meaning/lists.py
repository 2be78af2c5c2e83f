"""Whether a sentence asks which jobs there are, and which of them it wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.domain.commands.query_words import SIGN, Bare
from bot.domain.commands.search import read_as_far
from bot.domain.commands.sentences.intents import Intent, Named, PageAction, Reading
from bot.domain.commands.sentences.meaning.about import About
from bot.domain.commands.sentences.words import Sentence
from bot.domain.job import JobStatus

_PLURALS: Final = frozenset({"jobs", "runs", "trainings", "experiments", "ones", "all", "list", "which jobs"})

_SAID: Final = (
    JobStatus.QUEUED,
    JobStatus.RUNNING,
    JobStatus.COMPLETED,
    JobStatus.FAILED,
    JobStatus.CANCELLED,
)
_TO_COME: Final = frozenset({"will", "gonna", "going", "shall"})
_LIVE: Final = (JobStatus.QUEUED, JobStatus.RUNNING)
"""What is not done yet."""
_MEASURED: Final = frozenset({JobStatus.RUNNING, JobStatus.COMPLETED})
_SUPERLATIVES: Final = frozenset({"best", "worst", "lowest", "highest", "smallest", "largest", "biggest"})
_CHOOSING: Final = frozenset({"which", "what", "whose", "who"})
_FEWEST_COMPARED, _MOST_COMPARED = 2, 3


def is_list(about: About) -> bool:
    """Whether jobs are asked for, and none by its name."""
    said = about.said
    if said.jobs or (
        said.has("state", "left") and not said.has("list") and not about.statuses and not about.has_moment
    ):
        return False
    return bool(about.statuses) or about.has_moment or said.has("list")


def is_plural(said: Sentence) -> bool:
    """Whether it is about jobs rather than one."""
    return any(phrase in _PLURALS for sign, phrase in said.signs if sign == "list")


def list_asked(about: About) -> Reading | None:
    """The jobs that fit."""
    if not is_list(about):
        return None
    if about.said.has("not"):
        others = tuple(status for status in _SAID if status not in about.statuses)
        others = _LIVE if JobStatus.COMPLETED in about.statuses else others
        return listed(about, others) if about.statuses else None
    if JobStatus.COMPLETED in about.statuses and any(word.text in _TO_COME for word in about.said.words):
        return listed(about, (JobStatus.RUNNING,))  # what will be done is not done yet
    at_work = (JobStatus.RUNNING,) if about.said.has("left") else ()
    return listed(about, about.statuses or at_work)


def ranked(about: About) -> Reading | None:
    """Which of all jobs has the best metric: the nearest are the newest beside each other."""
    said = about.said
    texts = {word.text for word in said.words}
    is_of_all = not said.jobs and not about.in_thread and not _CHOOSING.isdisjoint(texts)
    if not is_of_all or not said.keys or _SUPERLATIVES.isdisjoint(texts):
        return None
    told = replace(about.reading(Intent.NOT_POSSIBLE), deed=PageAction.RANK, is_latest=False)
    newest = [job for job in about.names.jobs if job.status in _MEASURED][:_MOST_COMPARED]
    if len(newest) < _FEWEST_COMPARED:
        return told
    jobs = tuple(Named(job.experiment_name or job.request_id, (job,)) for job in newest)
    keys = tuple(dict.fromkeys(said.keys))
    return replace(told, other=replace(told, intent=Intent.COMPARE, deed=None, jobs=jobs, keys=keys))


def listed(about: About, statuses: Sequence[JobStatus]) -> Reading:
    """A list; words that are in names or models are filters."""
    said, names = about.said, about.names
    models, found, rest, filters = [], [], [], []
    for word in said.unknown:
        if SIGN.search(word.typed):
            filters.append(word.typed)
        elif word.parts and all(map(names.has_part, word.parts)):
            found.append(word.text)
        elif word.parts and all(map(names.has_model, word.parts)):
            models.append(word.text)
        elif names.has_model(word.text.removesuffix("s")):
            models.append(word.text.removesuffix("s"))
        else:
            rest.append(word.typed)
    query, reason = read_as_far(filters, Bare.NONE)
    query = replace(
        query,
        statuses=query.statuses | frozenset(statuses),
        models=(*query.models, *models),
        names=(*query.names, *found),
        since=query.since or said.since,
        until=query.until or said.until,
    )
    rest += [*query.words, *(filters if reason else ())]
    return replace(about.reading(Intent.LIST), query=query, unknown=tuple(rest))
