"""Whether something is asked at all: small talk, people's talk with each other, and help."""

from __future__ import annotations

from typing import Final

from bot.domain.commands.sentences.intents import Intent, Reading
from bot.domain.commands.sentences.meaning.about import About

_SMALL_TALK: Final = frozenset({"thanks", "greeting", "cc", "it", "yes or no", "prose", "here"})
_HOW_TO: Final = frozenset({"how do i", "how can i"})
"""What is asked so is to be explained, not done."""
_NOT_HELP: Final = frozenset({"help", "it", "greeting", "thanks", "yes or no", "list", "state"})
_SAYS_NOTHING: Final = frozenset({"thanks", "it", "yes or no", "prose", "here", "greeting"})


def small_talk(about: About) -> Reading | None:
    """Thanks and greetings, and a job that is praised where all read it."""
    said = about.said
    signs = {sign for sign, _ in said.signs}
    if about.has_moment or said.has_question_mark or about.is_private:
        is_praise = False
    else:
        is_praise = bool(said.jobs) and "thanks" in signs and signs <= _SAYS_NOTHING
    is_for_others = "cc" in signs and all(word.text.startswith("@") for word in said.unknown)
    is_more = said.jobs or about.has_moment or (said.unknown and not is_for_others)
    if not is_praise and (is_more or not signs <= _SMALL_TALK):
        return None
    if signs & {"thanks", "cc"}:
        return about.reading(Intent.THANKS)
    return about.reading(Intent.GREETING) if "greeting" in signs else None


def prose(about: About) -> Reading | None:
    """People talking to each other, perhaps about a job."""
    said = about.said
    is_talk = not said.jobs or not (about.is_private or about.asks)
    return about.reading(Intent.UNCLEAR) if said.has("prose") and is_talk else None


def help_asked(about: About) -> Reading | None:
    """What can be asked, and how."""
    said = about.said
    others = {sign for sign, _ in said.signs} - _NOT_HELP
    is_how_to = any(phrase in _HOW_TO for sign, phrase in said.signs if sign == "help")
    is_help = said.has("help") and not said.jobs and (is_how_to or not others) and not about.has_moment
    return about.reading(Intent.HELP) if is_help else None
