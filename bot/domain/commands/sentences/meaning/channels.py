"""Whether a sentence asks for a channel's feed or digest, and how they are to be."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.domain.commands.sentences.intents import Intent, Reading
from bot.domain.commands.sentences.meaning.about import About
from bot.domain.commands.sentences.typed_words import Word
from bot.domain.commands.sentences.words import Sentence

_OFF_WORDS: Final = frozenset({"off", "stop", "cancel", "delete", "unsubscribe"})


def digest_asked(about: About) -> Reading | None:
    """A digest, with the words that say when; or that it is to end."""
    said = about.said
    is_often = said.has("daily", "weekly", "weekdays", "weekday")
    is_one = said.has("digest") or (said.has("report") and is_often and not said.jobs)
    if not is_one or (said.jobs and not is_often):
        return None
    if said.has(*_OFF_WORDS) or any(word.text == "no" for word in said.words):
        return replace(about.reading(Intent.DIGEST), words=("off",), jobs=())
    day = next((word.text for word in said.words if word.text.rstrip("s") in _DAYS), "")
    if said.has("weekdays") or day:
        period = (
            "weekdays"
            if said.has("weekdays") or {"monday", "friday"} <= {word.text for word in said.words}
            else day
        )
    else:
        period = "weekly" if _says_weekly(said) else "daily"
    half = next((half for part, half in _HALVES.items() if any(word.text == part for word in said.words)), "")
    texts = [word.text for word in said.words]
    words = [
        _time(word, half, texts[place - 1] if place else "")
        for place, word in enumerate(said.words)
        if not _is_of_digest(word) and word.text.rstrip("s") not in _WEEK
    ]
    return replace(about.reading(Intent.DIGEST), words=(period, *words), jobs=())


_DAYS: Final = frozenset({"tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
"""Days on which no digest comes: what is possible is offered then."""
_WEEK: Final = _DAYS | {"monday", "mon-fri"}
_FIRST_HOUR, _LAST_HOUR = 8, 23
"""Earlier ones may be those of the morning or of the afternoon."""
_HALVES: Final = {"morning": "am", "evening": "pm", "afternoon": "pm", "night": "pm"}
"""Which nine o'clock is meant."""


def _time(word: Word, half: str, before: str) -> str:
    """An hour alone is one of the working day, where "at" says that it is a time."""
    if not word.text.isdecimal() or half:
        return f"{word.typed}{half}" if word.text.isdecimal() else word.typed
    is_clear = before == "at" and len(word.text) <= len("23") and _FIRST_HOUR <= int(word.text) <= _LAST_HOUR
    return f"{word.typed}:00" if is_clear else word.typed


def _says_weekly(said: Sentence) -> bool:
    return said.has("weekly") or any("week" in phrase for sign, phrase in said.signs if sign == "digest")


_OF_DIGESTS_WORDS: Final = """
    digest digests daily weekly every each day week summary report update recap a an the me us send give
    post set up turn switch on start please pls want i we would like get subscribe to for of morning
    evening afternoon night mondays monday here channel in this can could you make schedule standup
    everyday once per enable new my our weekday weekdays workday workdays business working through get got
    please let have
"""
_OF_DIGESTS: Final = frozenset(_OF_DIGESTS_WORDS.split())


def _is_of_digest(word: Word) -> bool:
    return word.text in _OF_DIGESTS


def feed_asked(about: About) -> Reading | None:
    """A feed, with its filters; or that it is to end."""
    said = about.said
    is_post = said.has("post") and not said.jobs and (said.has("here") or bool(about.statuses))
    is_over = ("unsubscribe", "stop posting") in said.signs and (said.has("here") or bool(about.statuses))
    if said.jobs or not (said.has("feed") or is_post or is_over):
        return None
    if said.has(*_OFF_WORDS):
        return replace(about.reading(Intent.FEED), words=("off",))
    filters = [f"status:{','.join(status.lower() for status in about.statuses)}"] if about.statuses else []
    left: list[str] = []
    for word in said.unknown:
        is_model = word.parts and all(map(about.names.has_model, word.parts))
        is_filter = ":" in word.typed or "=" in word.typed
        (filters if is_filter or is_model else left).append(f"model:{word.text}" if is_model else word.typed)
    if filters or said.has("on", "started", "start new", "post"):
        return replace(about.reading(Intent.FEED), words=("on", *filters), unknown=tuple(left))
    return replace(about.reading(Intent.FEED), unknown=tuple(left))
