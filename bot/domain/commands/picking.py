"""Narrowing the organisation's jobs by what somebody types into the picker."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import compress, islice

from bot.domain.commands.typed import as_typed, bare_term, folded
from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.ending import own_word
from bot.domain.listing import JobListing

_SEPARATOR = "\n"
"""Between the fields of a job: no typed word has one, so none is found across two fields."""


def choices(listing: JobListing, typed: str, most: int) -> tuple[JobSummary, ...]:
    """At most ``most`` jobs that have every typed word, in the list's order: newest first.

    A word may stand anywhere in a job's name, id, model, kind of training or status; compared as
    `bot.domain.commands.typed.folded` has it.
    """
    words = [word for each in folded(as_typed(typed)).split() if (word := bare_term(each))]
    if not words:
        return listing.jobs[:most]
    fits = (all(word in told for word in words) for told in _told(listing))
    return tuple(islice(compress(listing.jobs, fits), most))


@lru_cache(maxsize=2)
def _told(listing: JobListing) -> tuple[str, ...]:
    """What can be found of each job; made once for a list, as every letter typed is a search."""
    return tuple(_SEPARATOR.join(map(folded, _fields(job))) for job in listing.jobs)


def _fields(job: JobSummary) -> Iterable[str]:
    status = own_word(job) or (job.status_text if job.status is JobStatus.UNKNOWN else job.status.value)
    fields = (job.experiment_name, job.request_id, status, job.base_model, job.model_type, job.train_type)
    return filter(None, fields)
