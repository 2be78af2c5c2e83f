"""Words and phrases that nothing people read uses any more, each with what is said instead.

People may still type some of them: an alias of a command is exempt where it stands in code font.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple


class Retired(NamedTuple):
    """One of them, and its better."""

    pattern: re.Pattern[str]
    instead: str


def _retired(pattern: str, instead: str) -> Retired:
    return Retired(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), instead)


RETIRED: Final = (
    _retired(r"mend(?:s|ed|ing)?", "fix, set"),
    _retired(r"who(?:ever)? runs this bot", "your jobbot admin"),
    _retired(r"the training suite(?:'s)?|training suite", "Simplismart"),
    _retired(r"(?:begins?|began|stops?|stopped) (?:to )?follow(?:ing)?", "subscribe, unsubscribe"),
    _retired(r"(?:un)?follow(?:s|ed)?", "subscribe, subscribed to"),
    _retired(r"(?:tell|hear|hears|tells|told|heard) of", "say, report, get updates on"),
    _retired(r"nobody hears", "no one gets updates"),
    _retired(r"(?:come|comes|came|back) (?:back )?to life", "restart"),
    _retired(r"two looks|looks at (?:a|the) job", "poll, check"),
    _retired(r"examin(?:e|es|ed|ing|ations?)", "metrics check"),
    _retired(r"wish(?:es|ed)?", "subscription, alert"),
    _retired(r"(?:what )?(?:somebody|someone|who|you) wait(?:s|ed)? for", "alert"),
    _retired(r"late losers?", "stale lease"),
    _retired(r"polite(?:ly|ness)?", "rate limiter"),
    _retired(r"may not", "can't; or: might not"),
    _retired(r"a line each", "one line each"),
    _retired(r"so far (?:the job logs )?no such", "doesn't … yet"),
    Retired(re.compile(r"\d %"), "no space before %"),
)
RETIRED_IN_CODE: Final = (
    *RETIRED,
    Retired(re.compile(r"^So (?:long|many|much|often|soon)\b"), "a noun: Time after which …, Lines that …"),
    _retired(r"what (?:came|comes|became|becomes) of", "the outcome"),
)
"""The same for docstrings and the log, which say a thing as a native technical writer would."""
ALIASES: Final = re.compile(r"`(?:watch|follow|unwatch|watching)`")
"""What people may type."""
NOT_OF_JOBS: Final = ("saving has to follow evaluation", 'aria-live="polite"')
"""Other senses of the same words."""


def retired_in(text: str, words: Iterable[Retired] = RETIRED) -> list[str]:
    """What ``text`` still says of these, each with its better."""
    for each in NOT_OF_JOBS:
        text = text.replace(each, "")
    text = " ".join(ALIASES.sub("", text).split())
    return [
        f"{found[0]!r} in “…{text[max(0, found.start() - 40) : found.end() + 30]}…”: say {each.instead}"
        for each in words
        for found in each.pattern.finditer(text)
    ]
