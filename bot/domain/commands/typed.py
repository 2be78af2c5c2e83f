"""What a person typed, out of what Slack sends: the one place that undoes Slack's markup.

``&``, ``<`` and ``>`` arrive escaped; what looks like an address becomes ``<http://train.py|train.py>``,
``<mailto:a@b.c|a@b.c>`` or ``<tel:4155551234|415-555-1234>``; people are ``<@U…>``, channels ``<#C…>``
(https://docs.slack.dev/messaging/formatting-message-text). Phones turn hyphens into dashes and quotes into
curly ones, pastes bring marks along that nobody sees, and the same letter can be written in several ways.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import unquote

_MARKUP: Final = re.compile(r"<([^<>]*)>")
_NOT_WORDS: Final = ("@", "#", "!")
"""What people, channels and Slack's own commands begin with, in angle brackets."""
_MENTIONED_GROUP: Final = re.compile(
    r"(\bmentions?[:=])\s*<!subteam\^([A-Z0-9]{1,40}(?:\|@?[\w.-]{1,80})?)[^<>]{0,200}>",
    re.IGNORECASE | re.ASCII,
)
_GUESSED: Final = ("mailto:", "tel:")
"""Slack makes these of words that look like them; nobody types them."""
_DASHES: Final = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D], "-")
"""What phones and word processors make of a hyphen."""
_INVISIBLE: Final = dict.fromkeys(
    [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
"""Zero-width characters and marks of direction that come along with a paste."""
_TYPED: Final = _DASHES | _INVISIBLE
_SINGLE_QUOTES: Final = "\u2018\u2019\u201a\u201b\u2032\u00b4\u2039\u203a"
_DOUBLE_QUOTES: Final = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_CORNERS: Final = "".join(map(chr, [*range(0x3008, 0x3012), 0x301D, 0x301E, 0x301F]))
"""Brackets and quotes of East Asian texts."""
QUOTES: Final = f"'\"`{_SINGLE_QUOTES}{_DOUBLE_QUOTES}{_CORNERS}\uff02\uff07"
"""Of every kind."""
_FOLDED: Final = (
    _TYPED
    | dict.fromkeys(range(0xFE00, 0xFE10))  # how an emoji is drawn
    | dict.fromkeys(map(ord, _SINGLE_QUOTES), "'")
    | dict.fromkeys(map(ord, _DOUBLE_QUOTES), '"')
)
_TRAILING: Final = QUOTES + "<>()[]{}*~|.,;:!?=#&/\\\u2026" + "\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f"
_LEADING: Final = _TRAILING + "_-"
_AROUND_TERMS: Final = QUOTES + "*~,;"
_SEPARATORS: Final = re.compile(r"[\s,;<>\u3001\uff0c\uff1b]+")


def as_typed(text: str) -> str:
    """What the person typed: links as their words, people and channels left out, escapes undone once.

    A user group stays where it is asked for, as ``mention:S0123ABCD|handle``.
    """
    return unescaped(_MARKUP.sub(_shown, _MENTIONED_GROUP.sub(r"\1\2", text)))


def _shown(markup: re.Match[str]) -> str:
    """What the composer showed of a piece of markup."""
    content = markup[1]
    if content.startswith(_NOT_WORDS):
        return " "
    target, _, label = content.partition("|")
    return label or _address(target)


def _address(target: str) -> str:
    for scheme in _GUESSED:
        target = target.removeprefix(scheme)
    return target


def is_guess(target: str, label: str) -> bool:
    """Whether Slack made the link out of ``label``, which somebody typed as a plain word."""
    if not label or target.startswith(_GUESSED):
        return bool(label)
    scheme, _, rest = target.partition("://")
    return scheme == "http" and unquote(rest).rstrip("/").casefold() == unquote(label).rstrip("/").casefold()


def without_guesses(text: str) -> str:
    """``text`` with the links that Slack made out of plain words as those words; other links stay."""
    return _MARKUP.sub(lambda markup: _label_of_guess(markup[1]) or markup[0], text)


def _label_of_guess(content: str) -> str:
    target, _, label = content.partition("|")
    return label if is_guess(target, label) else ""


def unescaped(text: str) -> str:
    """Slack's escapes undone, once, and dashes and invisible marks made plain; links stay as they are."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").translate(_TYPED)


def bare_word(word: str) -> str:
    """``word`` without the quotes, back-ticks, brackets and punctuation around it."""
    kept = word.lstrip(_LEADING)
    is_italic = "_" in word[: len(word) - len(kept)]
    kept = kept.rstrip(_TRAILING)
    return kept.rstrip(_LEADING) if is_italic else kept


def bare_term(word: str) -> str:
    """``word`` without the quotes and marks of style around it; points and brackets are part of a term."""
    kept = word.strip(_AROUND_TERMS)
    is_italic = kept.startswith("_") and kept.endswith("_")
    return kept.strip("_" + _AROUND_TERMS) if is_italic else kept


def folded(text: str) -> str:
    """``text`` as names are compared: case, blanks, kinds of quotes and of dashes do not count."""
    if text.isascii():
        return " ".join(text.lower().split())
    for _ in range(2):  # a folded letter may be one that can be written in another way
        text = unicodedata.normalize("NFKC", text.translate(_FOLDED)).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).translate(_FOLDED).split())


def folded_term(word: str) -> str:
    """``word`` folded, without quotes, blanks and marks of style around it, in any order."""
    term = folded(word)
    while (inner := folded(bare_term(term))) != term:
        term = inner
    return term


def plain_words(text: str) -> str:
    """Folded ``text`` without the marks that separate words."""
    return " ".join(_SEPARATORS.sub(" ", text).split())


def name_key(text: str) -> str:
    """Folded ``text`` as its bare words: the same for a name and for that name in quotes or brackets."""
    return " ".join(filter(None, map(bare_word, _SEPARATORS.sub(" ", text).split())))
