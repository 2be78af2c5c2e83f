"""Text as a person sees it: without what is invisible, reorders, colours or only spells a letter out.

A secret with such characters in it is the same secret to whoever copies it, so nothing is looked for
before they are gone.
"""

from __future__ import annotations

import re
from typing import Final

_TERMINAL: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[()]?.?"
)
"""Colours and window titles, as programs send them to a terminal."""
_LINE_ENDS: Final = re.compile(r"\r\n?|[\u2028\u2029\x85]")
_ASCII_CONTROLS: Final = dict.fromkeys([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e007f]+"
)
"""Control characters, and those that reorder or hide what stands around them."""
_JOINERS: Final = re.compile("(?<=[!-~])[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]+(?=[!-~])")
"""What joins letters or emojis has no meaning between two ASCII characters."""

_COLOUR: Final = re.compile(r"\[[0-9;]{1,12}m")
_SPELLED_COLOUR: Final = re.compile(r"(?:\\{1,4}(?:x1b|u001b|033|e))?\[[0-9;]{1,12}m")
_SPELLED_INVISIBLE: Final = re.compile(r"\\{1,4}(?:u200[b-f]|u2060|ufeff|xad|u00ad)", re.IGNORECASE)
_SPELLED: Final = re.compile(r"\\{1,4}(?:u00|x)([2-7][0-9a-fA-F])")
_QUOTES: Final = re.compile(r"&(?:amp;){0,3}(?:(quot|#34|#x22)|apos|#0?39|#x27);", re.IGNORECASE)


def clean(text: str) -> str:
    """``text`` without control and invisible characters, terminal codes and lone surrogates."""
    if text.isascii():
        if text.isprintable():
            return text
        if "\x1b" in text:
            text = _TERMINAL.sub("", text)
        if "\r" in text:
            text = _LINE_ENDS.sub("\n", text)
        return text.translate(_ASCII_CONTROLS)
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _TERMINAL.sub("", _LINE_ENDS.sub("\n", text))
    return _JOINERS.sub("", _INVISIBLE.sub("", text))


def unescaped(text: str) -> str:
    r"""``text`` with spelled-out letters (``\u0077``, ``\x3d``, ``&quot;``) and colours undone."""
    if "\\" in text:
        text = _SPELLED.sub(_letter, _SPELLED_INVISIBLE.sub("", text))
    if _COLOUR.search(text):
        text = _SPELLED_COLOUR.sub("", text)
    if "&" in text:
        text = _QUOTES.sub(lambda match: '"' if match[1] else "'", text)
    return text


def _letter(match: re.Match[str]) -> str:
    letter = chr(int(match[1], 16))
    return {'"': '\\"', "\\": match[0], "\x7f": ""}.get(letter, letter)
