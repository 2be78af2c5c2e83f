"""Whether somebody wants updates, no more of them, or none for a while; and what cannot be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.domain.commands.sentences.comparisons import amount_before
from bot.domain.commands.sentences.intents import Intent, PageAction, Reading
from bot.domain.commands.sentences.meaning.about import About
from bot.domain.commands.sentences.vocabulary.signs import DEED_SIGNS
from bot.domain.commands.sentences.words import Sentence
from bot.domain.job import JobStatus

_OWNING: Final = frozenset({"my jobs", "mine", "my runs", "my trainings", "i own"})
"""Ask who started a job, which nobody says."""
_ALL: Final = frozenset({"all", "everything"})
_EVERY_ONE: Final = frozenset({"any", "anything", "something", "everything", "all", "every", "jobs", "runs"})
_WHEN: Final = frozenset({"when", "if", "once", "whenever"})
_UNDER_WAY: Final = frozenset({JobStatus.QUEUED, JobStatus.RUNNING})
_BEFORE: Final = frozenset({"before", "prior", "ahead", "half"})
"""In so long before something."""
_MORE_IS_BETTER: Final = ("accuracy", "reward")
_UNTIL: Final = frozenset({"until", "till", "til", "for"})
_NIGHT: Final = frozenset({"tonight", "night"})
_WORDS_OF_TIME: Final = """
    tomorrow monday tuesday wednesday thursday friday saturday sunday noon midnight midday
    a an one two three four five six seven eight nine ten half couple few of am pm at next the
    minute minutes min mins hour hours hr hrs day days week weeks h m d w
"""
_OF_TIME: Final = frozenset(_WORDS_OF_TIME.split())
_AMOUNT: Final = re.compile(r"\d[\d:.]*[a-z]{0,7}", re.ASCII)


def pause_asked(about: About) -> Reading | None:
    """No messages to whoever says it for a while; without a time, how to say one."""
    said = about.said
    is_asked = said.has("pause me", "unsubscribe", "quiet") or (said.has("stop") and not said.has("prose"))
    wants_more = said.has("subscribe", "alert", "notify") and not said.has("pause me", "unsubscribe")
    if said.jobs or not is_asked or wants_more or said.has("feed", "digest"):
        return None
    words = tuple(_time_in(said))
    if not words:
        return None
    left = tuple(word.typed for word in said.unknown if word.typed not in words)
    return replace(about.reading(Intent.PAUSE), words=words, unknown=left, is_here=False, is_latest=False)


def _time_in(said: Sentence) -> Iterator[str]:
    """The words that say until when, as ``pause`` takes them."""
    texts = [word.text for word in said.words]
    if not _NIGHT.isdisjoint(texts):
        yield from ("until", "tomorrow")
        return
    begins = [place for place, text in enumerate(texts) if text in _UNTIL]
    place = begins[-1] + 1 if begins else 0
    told = [word for word in said.words[place:] if word.text in _OF_TIME or _AMOUNT.fullmatch(word.text)]
    says_when = [word for word in told if word.text not in {"a", "an", "at", "the", "next", "of"}]
    if says_when:
        yield from ["until"] if begins and texts[begins[-1]] != "for" else []
        yield from (word.typed for word in told)


def subscriptions_asked(about: About) -> Reading | None:
    """What somebody gets."""
    others = (sign for sign in DEED_SIGNS if sign != "change")
    is_asked = about.said.has("subscriptions") and not about.said.has("unsubscribe", *others)
    if not is_asked or about.statuses or about.has_moment:
        return None
    is_owner = any(phrase in _OWNING for sign, phrase in about.said.signs if sign == "subscriptions")
    if is_owner and about.said.has("left", "health"):
        return None  # whose they are nobody knows: it is about those that run
    return replace(about.reading(Intent.SUBSCRIPTIONS), words=("mine",) if is_owner else ())


def unsubscribe_asked(about: About) -> Reading | None:
    """No more updates: on a job, or on all; where none is named, the list to choose from."""
    said = about.said
    if said.has("stop") and not said.jobs and not said.has("feed", "digest"):
        return about.reading(Intent.UNSUBSCRIBE if about.in_thread else Intent.SUBSCRIPTIONS)
    if not asks_for_no_more(about):
        return None
    reading = about.reading(Intent.UNSUBSCRIBE)
    phrases = " ".join(phrase for sign, phrase in said.signs if sign == "unsubscribe").split()
    is_all = not said.jobs and (said.has("list") or not _ALL.isdisjoint(phrases))
    return replace(reading, words=("all",), is_here=False) if is_all else reading


def asks_for_no_more(about: About) -> bool:
    """Whether updates are to end."""
    said = about.said
    is_snooze = bool(said.jobs) and any(phrase == "snooze" for _, phrase in said.signs)
    is_negated = said.has("off", "not", "delete") and said.has("subscribe", "notify", "subscriptions")
    is_negated = is_negated and bool(said.jobs) and not _says_when(said)
    return said.has("unsubscribe") or is_snooze or is_negated


def subscribe_asked(about: About) -> Reading | None:
    """Updates, with how and which."""
    said = about.said
    is_posted = said.has("post") and bool(said.jobs) and _says_when(said)
    if not (asks_for_updates(about) or is_posted):
        return None
    if not said.jobs and _is_about_all(said) and not (about.in_thread and about.statuses):
        return _all_watched(about) if _UNDER_WAY.issuperset(about.statuses) else _fed(about)
    return replace(about.reading(Intent.SUBSCRIBE), options=options_of(about))


def asks_for_updates(about: About) -> bool:
    """Whether somebody wants to get them."""
    said = about.said
    asks_to_be_told = said.has("notify", "dm") and (_says_when(said) or said.jobs or about.in_thread)
    return bool(asks_to_be_told) or said.has("subscribe", "alert")


def options_of(about: About) -> frozenset[str]:
    """Which updates, and how."""
    said = about.said
    options = {sign for sign in ("quiet", "dm") if said.has(sign)}
    if said.has("notify") and not said.has("subscribe") and about.is_private:
        options.add("dm")
    if said.has("milestones"):
        options.add("milestones")
    elif said.has("final") or {JobStatus.COMPLETED, JobStatus.CANCELLED} & set(about.statuses):
        options.add("final")
    elif JobStatus.FAILED in about.statuses:
        options.add("failures")
    return frozenset(options)


def nearest_alert(said: Sentence, reading: Reading) -> Reading | None:
    """The alert that is near to updates "when the eval loss goes up": no comparison says when that is so.

    None where no metric is named, as in "if it diverges": the run doctor's findings come with the updates.
    """
    is_lost = reading.intent is Intent.SUBSCRIBE and bool(said.keys) and _says_when(said)
    if not is_lost or said.has("final", "completed", "failed"):
        return None
    key = next((each for each in said.keys if each != "loss"), "train_loss")
    change = "falls" if any(word in key for word in _MORE_IS_BETTER) else "rises"
    alert = replace(reading, intent=Intent.ALERT, options=frozenset())
    return replace(alert, condition=f"{key} {change} 10%")


def _says_when(said: Sentence) -> bool:
    return said.has("when") or any(phrase.split()[-1] in _WHEN for _, phrase in said.signs)


def _is_about_all(said: Sentence) -> bool:
    return any(phrase in _EVERY_ONE for sign, phrase in said.signs if sign == "list")


def _fed(about: About) -> Reading:
    """Updates on whatever fails or completes are a channel's feed; it is suggested to who asks alone."""
    statuses = ",".join(status.lower() for status in about.statuses)
    feed = replace(about.reading(Intent.FEED), words=("on", f"status:{statuses}"))
    is_for_all = about.said.has("here") or not about.is_private
    return feed if is_for_all else replace(about.reading(Intent.UNCLEAR), other=feed)


def _all_watched(about: About) -> Reading:
    """Updates on all jobs, or on those of a name: a group's, or the channel's feed; it is asked which."""
    names = " ".join(f"name:{word.text}" for word in about.said.unknown)
    statuses = ",".join(status.lower() for status in about.statuses or ("queued", "running"))
    nothing = replace(about.reading(Intent.UNCLEAR), unknown=(), is_here=False)
    group = replace(nothing, intent=Intent.SUBSCRIBE, words=(names or f"status:{statuses}",))
    feed = replace(nothing, intent=Intent.FEED, words=("on", *names.split()))
    return replace(nothing, other=group, more=(feed,))


def resume_asked(about: About) -> Reading | None:
    """The end of one's own pause."""
    is_asked = about.said.has("resume me") and not about.said.jobs
    return replace(about.reading(Intent.RESUME), is_here=False) if is_asked else None


def foreseen(about: About) -> Reading | None:
    """A message so long before something happens: nobody knows when, but its estimate can be waited for."""
    said = about.said
    if not (said.has("notify", "alert", "subscribe", "dm") and (said.jobs or about.is_about_one)):
        return None
    found = amount_before([word.text for word in said.words])
    if not found:
        return None
    unknown = tuple(word.typed for word in said.unknown if word.text not in _BEFORE)
    told = replace(about.reading(Intent.NOT_POSSIBLE), deed=PageAction.FORESEE, unknown=unknown)
    is_end = JobStatus.COMPLETED in about.statuses or not about.statuses
    if not is_end:
        return replace(told, other=replace(told, intent=Intent.SUBSCRIBE, deed=None))
    return replace(told, other=replace(told, intent=Intent.ALERT, deed=None, condition=found))


def not_possible(about: About) -> Reading | None:
    """What only the console can do."""
    said = about.said
    deed = next((DEED_SIGNS[sign] for sign, _ in said.signs if sign in DEED_SIGNS), None)
    if deed is None and said.has("stop") and said.jobs:
        deed = PageAction.CANCEL
    return None if deed is None else replace(about.reading(Intent.NOT_POSSIBLE), deed=deed)
