"""Untrusted words, made fit to be shown: cleaned, redacted, cut and escaped, in this order.

Slack decodes ``&amp; &lt; &gt;`` in text objects and treats bare ``& < >`` as markup; rich text elements
are shown as they are. Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from bot.domain.redaction import cleaned

_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"
_HARMLESS: Final = re.compile(r"[\w .,/+()%=\N{MULTIPLICATION SIGN}-]*", re.ASCII)
"""Words in which Slack's markup finds nothing to make bold, an emoji, a link or a mention."""
_EDGE_UNDERSCORE: Final = re.compile(r"\b_|_\b")
_EMOJI_NAME: Final = re.compile(r":[^\s:]+:")
_LOOK_ALIKE: Final = str.maketrans(
    {
        "*": "\N{ASTERISK OPERATOR}",
        "~": "\N{TILDE OPERATOR}",
        "`": "'",
        "|": "\N{BROKEN BAR}",
        "<": "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
        ">": "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
    }
)
_LOOKS_LIKE_UNDERSCORE: Final = "\N{MODIFIER LETTER LOW MACRON}"
_LOOKS_LIKE_COLON: Final = "\N{RATIO}"
_JOINERS: Final = frozenset("\u200d\ufe0e\ufe0f\u20e3")
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_LONGEST_ESCAPE: Final = len("&amp;")
_ELLIPSIS: Final = "…"
SEPARATOR: Final = "\u00a0· "
"""Between remarks on one line. Where the line breaks, the dot stays with the remark before it."""
_READ: Final = 2000
"""Characters of a line that are looked at. What is shown is shorter, so no secret is seen in part."""


def length(text: str) -> int:
    """Characters in the strictest way of counting: UTF-16 units, as JavaScript does."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def clean(text: str) -> str:
    """Several lines without secrets, control characters and lone surrogates."""
    return cleaned(text)


@lru_cache(maxsize=1024)
def _line(text: str) -> str:
    folded = cleaned(" ".join(cleaned(text).split()))
    if _RIGHT_TO_LEFT.search(folded):
        return f"{_FIRST_STRONG_ISOLATE}{folded}{_POP_ISOLATE}"
    return folded


def line(text: str) -> str:
    """One line without secrets; right-to-left words cannot reorder what comes after them.

    Only the first 2,000 characters are read: none of the lines that are shown is nearly as long. The
    latest are remembered, as the same names are shown again and again.
    """
    return _line(text[:_READ])


def escape(text: str) -> str:
    """Make ``& < >`` mean themselves in a text object."""
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def unescape(text: str) -> str:
    """What a person typed, from the way Slack sends it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def cut(text: str, most: int, *, whole: int | None = None, note: str | None = None) -> str:
    """At most ``most`` characters of escaped or raw text; what is cut says so.

    No cut falls inside an escape, a letter with its accents, or a joined emoji.

    Args:
        text: the text, or as much of it as was read.
        most: the limit, the note included.
        whole: how many characters there were before escaping, if that differs.
        note: what ends a cut text; by default how long the whole was.
    """
    count = len(text) if whole is None else whole
    if (whole is None or whole <= _READ) and (len(text) * 2 <= most or length(text) <= most):
        return text
    if note is None:
        note = f"{_ELLIPSIS} (cut, {count:,} characters)"
    close = _POP_ISOLATE if text.startswith(_FIRST_STRONG_ISOLATE) else ""
    room = most - length(note) - len(close)
    return text[: _last_whole(text, room)].rstrip() + close + note


def cut_front(text: str, most: int) -> str:
    """As `cut`, but what is cut is the beginning: for raw text on one line."""
    if length(text) <= most:
        return text
    start = max(1, len(text) - most + 1)
    while start < len(text) and (length(text[start:]) >= most or _continues(text, start)):
        start += 1
    return f"{_ELLIPSIS}{text[start:].lstrip()}"


def _last_whole(text: str, room: int) -> int:
    """The longest prefix of at most ``room`` characters that ends between graphemes and escapes."""
    end = min(len(text), max(0, room))
    while over := max(0, length(text[:end]) - room):
        end -= max(1, over // 2)
    end = _before_escape(text, end)
    while 0 < end < len(text) and _continues(text, end):
        end = _before_escape(text, end - 1)
    return end


def _before_escape(text: str, end: int) -> int:
    """``end``, or where the escape starts that it would fall into."""
    start = text.rfind("&", max(0, end - _LONGEST_ESCAPE + 1), end)
    return start if start >= 0 and ";" not in text[start:end] else end


def _continues(text: str, at: int) -> bool:
    """Whether the character at ``at`` belongs to the one before it."""
    char = text[at]
    return (
        char in _JOINERS
        or text[at - 1] == "\u200d"
        or unicodedata.combining(char) != 0
        or ord(char) in _SKIN_TONES
    )


def code(text: str, most: int, *, note: str | None = None) -> str:
    """One line in code font for ``mrkdwn``: nothing in it is markup. Empty when there is nothing to show.

    ``note`` ends a cut text, as in `cut`.
    """
    shown = line(text)
    if "`" in shown:
        shown = shown.replace("`", "'")
    return f"`{cut(escape(shown), most - 2, whole=len(text), note=note)}`" if shown else ""


def words(text: str, most: int, *, note: str | None = None) -> str:
    """One line for ``mrkdwn``: plain where it holds no markup of any kind, else in code font.

    ``note`` ends a cut text, as in `cut`.
    """
    if _HARMLESS.fullmatch(text) and not _EDGE_UNDERSCORE.search(text):
        return cut(line(text), most, whole=len(text), note=note)
    return code(text, most, note=note)


def label(text: str) -> str:
    """One line where code font can't be, such as the label of a link or bold words; ``mrkdwn``.

    Marks that Slack would read stand there as letters that look like them.
    """
    shown = _EDGE_UNDERSCORE.sub(_LOOKS_LIKE_UNDERSCORE, line(text).translate(_LOOK_ALIKE))
    if _EMOJI_NAME.search(shown):
        shown = shown.replace(":", _LOOKS_LIKE_COLON)
    return escape(shown)


def plain(text: str, most: int, *, note: str | None = None) -> str:
    """One line for ``plain_text`` or a notification. Empty when there is nothing to show.

    ``note`` ends a cut text, as in `cut`.
    """
    return cut(escape(line(text)), most, whole=len(text), note=note)


def unbroken(text: str) -> str:
    """A few words that stay on one line, so that no number is parted from its unit on a phone."""
    return text.replace(" ", "\u00a0")


def tail(text: str, most: int) -> str:
    """About the last ``most`` characters, from where no secret is seen in part."""
    start = len(text) - most
    if start <= 0:
        return text
    near = start + most // 8
    start = text.find("\n", start, near) + 1 or text.find(" ", start, near) + 1 or start
    key = text.rfind("-----BEGIN", 0, start)
    if key >= 0 and text.find("-----END", key, start) < 0:
        start = key
    return text[start:]


def verbatim(text: str) -> str:
    """Cleaned text for a rich text element, which takes no escapes.

    A word joiner keeps ``<!channel>`` and ``<@U…>`` apart, for whoever turns rich text back into markup.
    """
    return text.replace("<!", "<\u2060!").replace("<@", "<\u2060@").replace("<#", "<\u2060#")


@lru_cache(maxsize=1024)
def date(moment: datetime, pattern: str = "{date_short_pretty} {time}") -> str:
    """A time in each reader's own zone; UTC where the client cannot.

    Source: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    utc = moment.astimezone(UTC)
    fallback = f"{utc.year:04}-{utc.month:02}-{utc.day:02} {utc.hour:02}:{utc.minute:02} UTC"
    seconds = int(utc.timestamp())
    return f"<!date^{seconds}^{pattern}|{fallback}>" if seconds > 0 else fallback
