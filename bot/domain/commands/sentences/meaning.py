"""What the signs in a sentence mean together: one rule for each thing that can be asked, the surest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.commands.query_words import SIGN, Bare
from bot.domain.commands.search import Query, read_as_far
from bot.domain.commands.sentences.intents import Intent, Named, Reading
from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.vocabulary import DEED_SIGNS, STATUS_SIGNS
from bot.domain.commands.sentences.words import Sentence, Word
from bot.domain.job import JobStatus

UNCLEAR: Final = Reading(Intent.UNCLEAR)
_CARD_WORDS: Final = frozenset(
    {"status", "state", "card", "show", "check", "details", "view", "open", "see", "current state", "look up"}
)
"""Said in a thread these ask for the card; anything else there is answered in a sentence."""
_NEWEST: Final = {"latest two": 2, "latest three": 3}
_SMALL_TALK: Final = frozenset({"thanks", "greeting", "it", "yes or no", "prose", "here"})
_ASK: Final = frozenset({"why", "state", "left", "metrics", "report", "compare"})
_MOST_UNKNOWN: Final = 3
"""Words of prose beside a job's name, where all read the answer; and where only one person does."""
_MOST_UNKNOWN_ALONE: Final = 8
_OFF_WORDS: Final = frozenset({"off", "stop", "cancel", "delete", "unsubscribe"})


@dataclass(frozen=True, slots=True)
class About:
    """A sentence, and where it was said."""

    said: Sentence
    names: Names
    in_thread: bool
    is_private: bool

    @property
    def statuses(self) -> tuple[JobStatus, ...]:
        """Those that were said, in their order."""
        found = (each for sign, _ in self.said.signs for each in STATUS_SIGNS.get(sign, ()))
        return tuple(dict.fromkeys(found))

    @property
    def has_moment(self) -> bool:
        """Whether a time was said."""
        return bool(self.said.since)

    @property
    def is_about_one(self) -> bool:
        """Whether it is known which job is meant, without a name."""
        return self.said.has("latest") or self.in_thread

    def reading(self, intent: Intent, **more: object) -> Reading:
        """With the jobs that it is about."""
        told = Reading(
            intent,
            tuple(self.said.jobs),
            unknown=tuple(word.typed for word in self.said.unknown),
            is_latest=self.said.has("latest") and not self.said.jobs,
            is_here=self.in_thread and (not self.said.jobs or (intent is Intent.COMPARE and self._is_one)),
        )
        told = replace(told, is_here=told.is_here and not told.is_latest)
        return replace(told, **more)  # type: ignore[arg-type]  (fields of a reading)

    @property
    def _is_one(self) -> bool:
        return len(self.said.jobs) == 1


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
    if not reading.unknown or reading.intent in {Intent.FEED, Intent.DIGEST}:
        return True
    most = _MOST_UNKNOWN_ALONE if about.is_private else min(_MOST_UNKNOWN, len(about.said.used))
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
    """People talking to each other."""
    return about.reading(Intent.UNCLEAR) if about.said.has("prose") and not about.said.jobs else None


def _help(about: About) -> Reading | None:
    said = about.said
    others = {sign for sign, _ in said.signs} - {"help", "it", "greeting", "thanks", "yes or no", "list", "state"}
    is_help = said.has("help") and not said.jobs and not others and not about.has_moment
    return about.reading(Intent.HELP) if is_help else None


def _digest(about: About) -> Reading | None:
    said = about.said
    is_one = said.has("digest") or (said.has("report") and said.has("daily", "weekly") and not said.jobs)
    if not is_one:
        return None
    if said.has(*_OFF_WORDS):
        return about.reading(Intent.DIGEST, words=("off",), jobs=())
    period = "weekly" if _says_weekly(said) else "daily"
    half = next((half for part, half in _HALVES.items() if any(word.text == part for word in said.words)), "")
    words = [
        f"{word.typed}{half}" if word.text.isdecimal() else word.typed
        for word in said.words
        if not _is_of_digest(word)
    ]
    return about.reading(Intent.DIGEST, words=(period, *words), jobs=())


_HALVES: Final = {"morning": "am", "evening": "pm", "afternoon": "pm", "night": "pm"}
"""Which nine o'clock is meant."""


def _says_weekly(said: Sentence) -> bool:
    return said.has("weekly") or any("week" in phrase for sign, phrase in said.signs if sign == "digest")


_OF_DIGESTS: Final = frozenset(
    """
    digest digests daily weekly every each day week summary report update recap a an the me us send give post set up
    turn switch on start please pls want i we would like get subscribe to for of morning evening afternoon night mondays monday here channel
    in this can could you make schedule standup everyday once per enable new my our
    """.split()
)


def _is_of_digest(word: Word) -> bool:
    return word.text in _OF_DIGESTS


def _feed(about: About) -> Reading | None:
    said = about.said
    is_post = said.has("post") and not said.jobs and (said.has("here") or bool(about.statuses))
    if said.jobs or not (said.has("feed") or is_post):
        return None
    if said.has(*_OFF_WORDS):
        return about.reading(Intent.FEED, words=("off",))
    filters = [f"status:{','.join(status.lower() for status in about.statuses)}"] if about.statuses else []
    filters += [word.typed for word in said.unknown if ":" in word.typed or "=" in word.typed]
    if filters or said.has("on", "started", "start new", "post"):
        return about.reading(Intent.FEED, words=("on", *filters))
    return about.reading(Intent.FEED)


def _subscriptions(about: About) -> Reading | None:
    is_asked = about.said.has("subscriptions") and not about.said.has("unsubscribe", *DEED_SIGNS)
    is_filtered = about.statuses or about.has_moment
    return about.reading(Intent.SUBSCRIPTIONS) if is_asked and not is_filtered else None


def _unsubscribe(about: About) -> Reading | None:
    said = about.said
    if said.has("stop") and not said.jobs and about.in_thread and not said.has("feed", "digest"):
        return about.reading(Intent.UNSUBSCRIBE)
    is_all = said.has("list") and not said.jobs
    more = {"words": ("all",), "is_here": False} if is_all else {}
    return about.reading(Intent.UNSUBSCRIBE, **more) if said.has("unsubscribe") else None


def _subscribe(about: About) -> Reading | None:
    said = about.said
    asks_to_be_told = said.has("notify", "dm") and (said.has("when") or said.jobs or about.in_thread)
    if not (asks_to_be_told or said.has("subscribe", "alert")):
        return None
    options = {sign for sign in ("quiet", "dm") if said.has(sign)}
    if said.has("notify") and not said.has("subscribe") and about.is_private:
        options.add("dm")
    if JobStatus.COMPLETED in about.statuses or JobStatus.CANCELLED in about.statuses:
        options.add("final")
    elif JobStatus.FAILED in about.statuses:
        options.add("failures")
    options |= {word for word in ("milestones", "failures") if any(word == each.text for each in said.words)}
    return about.reading(Intent.SUBSCRIBE, options=frozenset(options))


def _not_possible(about: About) -> Reading | None:
    said = about.said
    deed = next((DEED_SIGNS[sign] for sign, _ in said.signs if sign in DEED_SIGNS), None)
    if deed is None and said.has("stop") and said.jobs:
        deed = DEED_SIGNS["cancel"]
    return None if deed is None else about.reading(Intent.NOT_POSSIBLE, deed=deed)


def _compare(about: About) -> Reading | None:
    said = about.said
    if not said.has("compare"):
        return None
    many = next((count for sign, count in _NEWEST.items() if said.has(sign)), 0)
    if many and not said.jobs:
        newest = tuple(Named(job.experiment_name or job.request_id, (job,)) for job in about.names.jobs[:many])
        return about.reading(Intent.COMPARE, jobs=newest, is_here=False)
    return about.reading(Intent.COMPARE) if said.jobs or about.in_thread else None


def _why(about: About) -> Reading | None:
    said = about.said
    if not said.has("why"):
        return None
    if said.jobs:
        return about.reading(Intent.WHY)
    if not about.is_about_one and (about.has_moment or said.has("list")):
        return _listed(about, (JobStatus.FAILED,))
    query = Query(frozenset({JobStatus.FAILED})) if said.has("latest") else Query()
    return about.reading(Intent.WHY, query=query)


def _report(about: About) -> Reading | None:
    is_asked = about.said.has("report") and (about.said.jobs or about.is_about_one)
    return about.reading(Intent.REPORT) if is_asked else None


def _metrics(about: About) -> Reading | None:
    said = about.said
    if not (said.has("metrics") or said.keys):
        return None
    keys = tuple(dict.fromkeys(key for key in said.keys if key != "loss" or len(set(said.keys)) > 1))
    return about.reading(Intent.METRICS, keys=keys)


def _is_list(about: About) -> bool:
    said = about.said
    if said.jobs or said.has("state", "left") and not said.has("list") and not about.statuses and not about.has_moment:
        return False
    return bool(about.statuses) or about.has_moment or said.has("list")


def _latest(about: About) -> Reading | None:
    said = about.said
    if not said.has("latest") or said.jobs or _is_plural(said):
        return None
    if about.statuses and said.has("yes or no"):
        return about.reading(Intent.ETA, asked=about.statuses[0])
    if said.has("left"):
        return about.reading(Intent.ETA)
    return about.reading(Intent.STATUS, query=Query(frozenset(about.statuses)))


_PLURALS: Final = frozenset({"jobs", "runs", "trainings", "experiments", "ones", "all", "list", "which jobs"})


def _is_plural(said: Sentence) -> bool:
    return any(phrase in _PLURALS for sign, phrase in said.signs if sign == "list")


def _eta(about: About) -> Reading | None:
    said = about.said
    if not (said.jobs or about.in_thread):
        return about.reading(Intent.ETA) if said.has("left") and not _is_list(about) else None
    if not said.jobs and (said.has("list") or about.has_moment):
        return None
    if said.has("left") or (said.has("when") and about.statuses):
        return about.reading(Intent.ETA)
    if about.statuses:
        return about.reading(Intent.ETA, asked=about.statuses[0])
    return None


def _status(about: About) -> Reading | None:
    said = about.said
    if said.jobs:
        return about.reading(Intent.STATUS)
    if about.in_thread and said.has("state") and not _is_list(about):
        is_card = any(phrase in _CARD_WORDS for sign, phrase in said.signs if sign == "state")
        return about.reading(Intent.STATUS if is_card else Intent.ETA)
    return None


def _list(about: About) -> Reading | None:
    if about.said.has("not") or not _is_list(about):
        return None
    return _listed(about, about.statuses)


def _listed(about: About, statuses: Sequence[JobStatus]) -> Reading:
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
    return about.reading(Intent.LIST, query=query, unknown=tuple(rest))


def _vague(about: About) -> Reading | None:
    """A question about one job that nobody named."""
    said = about.said
    if said.has(*_ASK):
        return about.reading(Intent.STATUS)
    return None


_RULES: Final[Sequence[_Rule]] = (
    _small_talk,
    _prose,
    _help,
    _digest,
    _feed,
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
    _list,
    _vague,
)
