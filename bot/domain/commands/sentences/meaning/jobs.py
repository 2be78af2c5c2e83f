"""What is asked about one job, or about two or three beside each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.domain.commands.query import Query
from bot.domain.commands.sentences.intents import Aspect, Intent, Named, PageAction, Reading
from bot.domain.commands.sentences.meaning.about import About
from bot.domain.commands.sentences.meaning.lists import is_list, is_plural, listed
from bot.domain.commands.sentences.words import Sentence
from bot.domain.job import JobStatus, JobSummary

_CARD_WORDS: Final = frozenset(
    {"status", "state", "card", "show", "check", "details", "view", "open", "see", "current state", "look up"}
)
"""Said in a thread these ask for the card; anything else there is answered in a sentence."""
_GENERAL_WORDS: Final = """
    status; state; how is; how are; hows; how does; how do; what is up; whats up; any news; news; update;
    updates; any update; any updates; status update; going on; how goes; is doing; doing; what is happening;
    what happens; current state; overview; where are we; show; check; see; how is it going; how was; how did;
    what about; how about; find; tell me how; where is; condition; tell me about; look at; check on; info;
    information; status report; how are things
"""
_GENERAL: Final = frozenset(phrase.strip() for phrase in _GENERAL_WORDS.split(";"))
"""Without a job these ask how all that live are."""
_NEWEST: Final = {"latest two": 2, "latest three": 3}
_ASK: Final = frozenset({"why", "state", "left", "metrics", "report", "compare", "health", "then", "who did"})
_LIVE: Final = (JobStatus.RUNNING, JobStatus.QUEUED)
_WINNING: Final = frozenset(
    {"who is winning", "who wins", "who won", "winning", "ahead", "leading", "in the lead", "who leads"}
)
"""Without a job these ask about all that run."""
_WHETHER: Final = frozenset({"if", "in case"})
_POINTING: Final = frozenset({"it", "yes or no", "when"})
_BEGINNING: Final = frozenset({"started", "start", "begin", "old", "since", "submitted", "created"})
_COMPARATIVES: Final = frozenset({"lower", "lowest", "higher", "highest", "best", "less", "smaller"})
"""Of two jobs that are named."""
_BESIDE_IN_QUEUE: Final = frozenset({"behind", "ahead", "front", "before", "after"})
_FEWEST, _MOST = 2, 3
"""Jobs that are compared."""


def compared(about: About) -> Reading | None:
    """Two or three jobs beside each other: named, the newest, or those that run."""
    said = about.said
    keys = tuple(dict.fromkeys(said.keys))
    if not (said.has("compare") or _is_choice(said)):
        return None
    reading = replace(about.reading(Intent.COMPARE), keys=keys)
    if said.jobs:
        is_remark = len(said.jobs) < _FEWEST and not (about.in_thread or about.is_private or about.asks)
        return replace(about.reading(Intent.UNCLEAR), other=reading) if is_remark else reading
    if jobs := _newest(about) or _called_alike(about):
        return replace(reading, jobs=jobs, unknown=(), is_here=False)
    if about.in_thread or _WINNING.isdisjoint(phrase for _, phrase in said.signs):
        return reading if about.in_thread else None
    running = [job for job in about.names.jobs if job.status is JobStatus.RUNNING]
    if not _FEWEST <= len(running) <= _MOST:
        return listed(about, (JobStatus.RUNNING,))
    return replace(reading, jobs=_named(running))


def _newest(about: About) -> tuple[Named, ...]:
    many = next((count for sign, count in _NEWEST.items() if about.said.has(sign)), 0)
    return _named(about.names.jobs[:many])


def _named(jobs: Iterable[JobSummary]) -> tuple[Named, ...]:
    return tuple(Named(job.experiment_name or job.request_id, (job,)) for job in jobs)


def _called_alike(about: About) -> tuple[Named, ...]:
    """Two or three jobs that a part of their names means: "the two sweep runs"."""
    words = about.said.unknown
    if not words or not all(word.parts and all(map(about.names.has_part, word.parts)) for word in words):
        return ()
    found = about.names.with_parts([part for word in words for part in word.parts])
    return _named(found) if _FEWEST <= len(found) <= _MOST else ()


def _is_choice(said: Sentence) -> bool:
    """Whether two jobs that are named are to be compared, though no word says so."""
    if len(said.jobs) < _FEWEST:
        return False
    texts = {word.text for word in said.words}
    if [word.text for place, word in enumerate(said.words) if place not in said.named] == ["over"]:
        return True
    asks = {sign for sign, _ in said.signs if sign not in {"list", "yes or no", "it", "key"}}
    if "change" in asks:
        return not texts.isdisjoint({"from", "between", "lower"})
    return asks <= {"metrics"} and (not _COMPARATIVES.isdisjoint(texts) or ("or" in texts and not said.keys))


def why(about: About) -> Reading | None:
    """What went wrong: with a job, or with those of a time."""
    said = about.said
    is_tale = ("list", "what happened") in said.signs and not about.has_moment
    is_tale = is_tale and (about.in_thread or bool(said.jobs))
    if not (said.has("why") or is_tale):
        return None
    if said.jobs:
        return about.reading(Intent.WHY)
    if not about.is_about_one and not is_tale and (about.has_moment or said.has("list")):
        return listed(about, (JobStatus.FAILED,))
    query = Query(frozenset({JobStatus.FAILED})) if said.has("latest") else Query()
    return replace(about.reading(Intent.WHY), query=query)


def aspect(about: About) -> Reading | None:
    """When a job started or ended, who started it, and whether all is well."""
    said = about.said
    if said.has("who did"):
        return replace(about.reading(Intent.ETA), aspect=Aspect.WHO)
    if said.has("then"):
        words = {word.text for word in said.words}
        begins = {JobStatus.RUNNING, JobStatus.QUEUED} & set(about.statuses) or words & _BEGINNING
        return replace(about.reading(Intent.ETA), aspect=Aspect.START if begins else Aspect.END)
    if not said.has("health"):
        return None
    if not (said.jobs or about.is_about_one):
        return listed(about, _LIVE)
    return replace(about.reading(Intent.ETA), aspect=Aspect.HEALTH)


def report(about: About) -> Reading | None:
    """All of it in one message."""
    if not about.said.has("report"):
        return None
    if about.said.jobs or about.is_about_one:
        return about.reading(Intent.REPORT)
    if about.has_moment and about.said.has("report"):
        told = about.reading(Intent.NOT_POSSIBLE)
        digest = replace(told, intent=Intent.DIGEST, unknown=())
        return replace(told, deed=PageAction.SPEND, other=listed(about, ()), more=(digest,))
    return None


def metrics(about: About) -> Reading | None:
    """Curves."""
    said = about.said
    if not (said.has("metrics") or said.keys):
        return None
    keys = tuple(dict.fromkeys(key for key in said.keys if key != "loss" or len(set(said.keys)) > 1))
    return replace(about.reading(Intent.METRICS), keys=keys)


def latest(about: About) -> Reading | None:
    """The newest job, or the newest in some state."""
    said = about.said
    if not said.has("latest") or is_plural(said):
        return None
    if newest := _newest_called(about):
        job = Named(newest.experiment_name or newest.request_id, (newest,))
        return replace(about.reading(Intent.STATUS), jobs=(job,), is_latest=False, is_here=False, unknown=())
    if said.jobs:
        return None
    if about.statuses and said.has("yes or no"):
        return replace(about.reading(Intent.ETA), asked=about.statuses[0])
    if said.has("left"):
        return about.reading(Intent.ETA)
    return replace(about.reading(Intent.STATUS), query=Query(frozenset(about.statuses)))


def _newest_called(about: About) -> JobSummary | None:
    """The newest of the jobs that a part of their names means: "the last sweep job"."""
    said = about.said
    if len(said.jobs) == 1 and len(said.jobs[0].found) > 1 and not said.unknown:
        found = said.jobs[0].found
    elif not said.jobs and said.unknown:
        if not all(word.parts and all(map(about.names.has_part, word.parts)) for word in said.unknown):
            return None
        found = about.names.with_parts([part for word in said.unknown for part in word.parts])
    else:
        return None
    fitting = (job for job in found if not about.statuses or job.status in about.statuses)
    return next(fitting, None)


def in_queue(about: About) -> Reading | None:
    """What stands in the queue beside a job: its order nobody knows, but which jobs are in it."""
    texts = {word.text for word in about.said.words}
    if not (about.said.has("queued") and texts & _BESIDE_IN_QUEUE and (about.said.jobs or about.in_thread)):
        return None
    told = listed(about, (JobStatus.QUEUED,))
    return replace(told, jobs=(), is_here=False, unknown=())


def eta(about: About) -> Reading | None:
    """Whether it is done, and how much longer it takes."""
    said = about.said
    if not (said.jobs or about.in_thread):
        return about.reading(Intent.ETA) if said.has("left") and not is_list(about) else None
    if not said.jobs and (said.has("list") or about.has_moment):
        return None
    asks_when = any(phrase not in _WHETHER for sign, phrase in said.signs if sign == "when")
    if said.has("left") or (asks_when and about.statuses):
        return about.reading(Intent.ETA)
    if about.statuses:
        return replace(about.reading(Intent.ETA), asked=about.statuses[0])
    return None


def status(about: About) -> Reading | None:
    """The job itself; in its own thread a sentence, but where its card is asked for."""
    said = about.said
    if said.jobs:
        return about.reading(Intent.STATUS)
    if about.in_thread and said.has_question_mark and {sign for sign, _ in said.signs} <= _POINTING:
        return about.reading(Intent.ETA)
    if about.in_thread and said.has("state") and not is_list(about):
        phrases = {phrase for sign, phrase in said.signs if sign == "state"}
        is_card = not phrases.isdisjoint(_CARD_WORDS) or not phrases <= _GENERAL
        return about.reading(Intent.STATUS if is_card else Intent.ETA)
    return None


def vague(about: About) -> Reading | None:
    """A question about one job that nobody named, or about all that live; or the name of a model."""
    said = about.said
    parts = [part for word in said.unknown for part in word.parts]
    is_model = parts and all(about.names.has_model(part) and not about.names.has_part(part) for part in parts)
    if is_model and not said.signs:
        return listed(about, ())
    phrases = {phrase for sign, phrase in said.signs if sign == "state"}
    if phrases and phrases <= _GENERAL and not said.has(*(_ASK - {"state"})) and not about.in_thread:
        return listed(about, () if said.unknown else _LIVE)
    if said.has(*_ASK):
        return about.reading(Intent.REPORT if said.has("report") else Intent.STATUS)
    return None
