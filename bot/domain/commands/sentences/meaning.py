"""What the signs in a sentence mean together: one rule for each thing that can be asked, the surest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from bot.domain.commands.query import Query
from bot.domain.commands.sentences.about import About
from bot.domain.commands.sentences.channel_meaning import digest_asked, feed_asked
from bot.domain.commands.sentences.intents import Intent, Named, PageAction, Reading
from bot.domain.commands.sentences.list_meaning import is_list, is_plural, list_asked, listed
from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.vocabulary import DEED_SIGNS
from bot.domain.commands.sentences.words import Sentence
from bot.domain.job import JobStatus

UNCLEAR: Final = Reading(Intent.UNCLEAR)
_CARD_WORDS: Final = frozenset(
    {"status", "state", "card", "show", "check", "details", "view", "open", "see", "current state", "look up"}
)
"""Said in a thread these ask for the card; anything else there is answered in a sentence."""
_CHANGING: Final = frozenset({Intent.SUBSCRIBE, Intent.ALERT, Intent.UNSUBSCRIBE})
"""What changes something is only done where every word is explained."""
_NEWEST: Final = {"latest two": 2, "latest three": 3}
_OWNING: Final = frozenset({"my jobs", "mine", "my runs", "my trainings", "i own"})
"""Ask who started a job, which nobody says."""
_SMALL_TALK: Final = frozenset({"thanks", "greeting", "it", "yes or no", "prose", "here"})
_ALL: Final = frozenset({"all", "everything"})
_HOW_TO: Final = frozenset({"how do i", "how can i"})
"""What is asked so is to be explained, not done."""
_ASK: Final = frozenset({"why", "state", "left", "metrics", "report", "compare"})
_MOST_UNKNOWN: Final = 3
"""Words of prose beside a job's name, where all read the answer; and where only one person does."""
_MOST_UNKNOWN_ALONE: Final = 8


_Rule = Callable[[About], Reading | None]


def meaning_of(sentence: Sentence, names: Names, *, in_thread: bool, is_private: bool) -> Reading:
    """What the sentence asks for, as far as all its words are explained."""
    about = About(sentence, names, in_thread, is_private)
    for rule in _RULES:
        if (reading := rule(about)) is not None:
            if _is_explained(about, reading):
                return reading
            return replace(UNCLEAR, unknown=reading.unknown, other=reading)
    return about.reading(Intent.UNCLEAR)


def _is_explained(about: About, reading: Reading) -> bool:
    """Whether no more words are left than prose around a job's name has."""
    if not reading.unknown or reading.intent is Intent.DIGEST or reading.deed is PageAction.PAUSE:
        return True
    if reading.intent in _CHANGING:
        return False
    if reading.intent is Intent.NOT_POSSIBLE and (about.said.jobs or about.is_private):
        return len(reading.unknown) <= _MOST_UNKNOWN
    most = _MOST_UNKNOWN_ALONE
    if not about.is_private:
        most = min(_MOST_UNKNOWN if about.said.has_question_mark else 1, len(about.said.used))
    return bool(about.said.jobs) and len(reading.unknown) <= most


def _small_talk(about: About) -> Reading | None:
    said = about.said
    signs = {sign for sign, _ in said.signs}
    if said.jobs or about.has_moment or said.unknown or not signs <= _SMALL_TALK:
        return None
    if "thanks" in signs:
        return about.reading(Intent.THANKS)
    return about.reading(Intent.GREETING) if "greeting" in signs else None


def _prose(about: About) -> Reading | None:
    """People talking to each other, perhaps about a job."""
    said = about.said
    is_talk = not said.jobs or not (about.is_private or said.has_question_mark)
    return about.reading(Intent.UNCLEAR) if said.has("prose") and is_talk else None


def _help(about: About) -> Reading | None:
    said = about.said
    others = {sign for sign, _ in said.signs} - {
        "help",
        "it",
        "greeting",
        "thanks",
        "yes or no",
        "list",
        "state",
    }
    is_how_to = any(phrase in _HOW_TO for sign, phrase in said.signs if sign == "help")
    is_help = said.has("help") and not said.jobs and (is_how_to or not others) and not about.has_moment
    return about.reading(Intent.HELP) if is_help else None


def _subscriptions(about: About) -> Reading | None:
    is_asked = about.said.has("subscriptions") and not about.said.has("unsubscribe", *DEED_SIGNS)
    if not is_asked or about.statuses or about.has_moment:
        return None
    is_owner = any(phrase in _OWNING for sign, phrase in about.said.signs if sign == "subscriptions")
    return replace(about.reading(Intent.SUBSCRIPTIONS), words=("mine",) if is_owner else ())


def _unsubscribe(about: About) -> Reading | None:
    said = about.said
    if said.has("stop") and not said.jobs and about.in_thread and not said.has("feed", "digest"):
        return about.reading(Intent.UNSUBSCRIBE)
    if said.has("stop") and not said.jobs and not said.has("feed", "digest"):
        return about.reading(Intent.SUBSCRIPTIONS)
    if not said.has("unsubscribe"):
        return None
    reading = about.reading(Intent.UNSUBSCRIBE)
    phrases = " ".join(phrase for sign, phrase in said.signs if sign == "unsubscribe").split()
    is_all = not said.jobs and (said.has("list") or not _ALL.isdisjoint(phrases))
    return replace(reading, words=("all",), is_here=False) if is_all else reading


def _subscribe(about: About) -> Reading | None:
    said = about.said
    asks_to_be_told = said.has("notify", "dm") and (said.has("when") or said.jobs or about.in_thread)
    if not (asks_to_be_told or said.has("subscribe", "alert")):
        return None
    options = {sign for sign in ("quiet", "dm") if said.has(sign)}
    if said.has("notify") and not said.has("subscribe") and about.is_private:
        options.add("dm")
    if said.has("milestones"):
        options.add("milestones")
    elif said.has("final") or {JobStatus.COMPLETED, JobStatus.CANCELLED} & set(about.statuses):
        options.add("final")
    elif JobStatus.FAILED in about.statuses:
        options.add("failures")
    return replace(about.reading(Intent.SUBSCRIBE), options=frozenset(options))


def _not_possible(about: About) -> Reading | None:
    said = about.said
    deed = next((DEED_SIGNS[sign] for sign, _ in said.signs if sign in DEED_SIGNS), None)
    if deed is None and said.has("stop") and said.jobs:
        deed = DEED_SIGNS["cancel"]
    return None if deed is None else replace(about.reading(Intent.NOT_POSSIBLE), deed=deed)


def _compare(about: About) -> Reading | None:
    said = about.said
    if not said.has("compare"):
        return None
    many = next((count for sign, count in _NEWEST.items() if said.has(sign)), 0)
    if many and not said.jobs:
        newest = tuple(
            Named(job.experiment_name or job.request_id, (job,)) for job in about.names.jobs[:many]
        )
        return replace(about.reading(Intent.COMPARE), jobs=newest, is_here=False)
    return about.reading(Intent.COMPARE) if said.jobs or about.in_thread else None


def _why(about: About) -> Reading | None:
    said = about.said
    if not said.has("why"):
        return None
    if said.jobs:
        return about.reading(Intent.WHY)
    if not about.is_about_one and (about.has_moment or said.has("list")):
        return listed(about, (JobStatus.FAILED,))
    query = Query(frozenset({JobStatus.FAILED})) if said.has("latest") else Query()
    return replace(about.reading(Intent.WHY), query=query)


def _report(about: About) -> Reading | None:
    is_asked = about.said.has("report") and (about.said.jobs or about.is_about_one)
    return about.reading(Intent.REPORT) if is_asked else None


def _metrics(about: About) -> Reading | None:
    said = about.said
    if not (said.has("metrics") or said.keys):
        return None
    keys = tuple(dict.fromkeys(key for key in said.keys if key != "loss" or len(set(said.keys)) > 1))
    return replace(about.reading(Intent.METRICS), keys=keys)


def _latest(about: About) -> Reading | None:
    said = about.said
    if not said.has("latest") or said.jobs or is_plural(said):
        return None
    if about.statuses and said.has("yes or no"):
        return replace(about.reading(Intent.ETA), asked=about.statuses[0])
    if said.has("left"):
        return about.reading(Intent.ETA)
    return replace(about.reading(Intent.STATUS), query=Query(frozenset(about.statuses)))


def _eta(about: About) -> Reading | None:
    said = about.said
    if not (said.jobs or about.in_thread):
        return about.reading(Intent.ETA) if said.has("left") and not is_list(about) else None
    if not said.jobs and (said.has("list") or about.has_moment):
        return None
    if said.has("left") or (said.has("when") and about.statuses):
        return about.reading(Intent.ETA)
    if about.statuses:
        return replace(about.reading(Intent.ETA), asked=about.statuses[0])
    return None


def _status(about: About) -> Reading | None:
    said = about.said
    if said.jobs:
        return about.reading(Intent.STATUS)
    if about.in_thread and said.has("state") and not is_list(about):
        is_card = any(phrase in _CARD_WORDS for sign, phrase in said.signs if sign == "state")
        return about.reading(Intent.STATUS if is_card else Intent.ETA)
    return None


def _vague(about: About) -> Reading | None:
    """A question about one job that nobody named; or the name of a model."""
    said = about.said
    parts = [part for word in said.unknown for part in word.parts]
    is_model = parts and all(about.names.has_model(part) and not about.names.has_part(part) for part in parts)
    if is_model and not said.signs:
        return listed(about, ())
    if said.has(*_ASK):
        return about.reading(Intent.STATUS)
    return None


_RULES: Final[Sequence[_Rule]] = (
    _small_talk,
    _prose,
    _help,
    digest_asked,
    feed_asked,
    _unsubscribe,
    _subscribe,
    _subscriptions,
    _not_possible,
    _compare,
    _why,
    _report,
    _metrics,
    _latest,
    _eta,
    _status,
    list_asked,
    _vague,
)
