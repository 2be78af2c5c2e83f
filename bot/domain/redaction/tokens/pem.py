"""PEM blocks of keys (RFC 7468), also cut, behind a log's prefix, or on one line.

What a label calls public stays whole: public keys, certificates and their requests, signatures, parameters.
"""

from __future__ import annotations

import base64
import re
from typing import Final

from bot.domain.redaction.mark import MARK

_BEGIN: Final = re.compile(r"-{4,5} ?BEGIN (?=[A-Za-z0-9 ]{1,64}-{4})")
_LABEL: Final = re.compile(r"[A-Za-z0-9 ]{1,64}-{4,5}")
_PUBLIC: Final = re.compile(
    r"(?:[A-Z0-9]+ )*(?:PUBLIC KEY(?: BLOCK)?|CERTIFICATE(?: REQUEST| CHAIN)?|CRL|PARAMETERS|SIGNATURE)"
)
_HEAD: Final = re.compile(r"[A-Za-z0-9+/]{24}")
_PRIVATE_HEADS: Final = (b"\x02\x01\x00", b"\x02\x01\x01")
"""How keys of RFC 5208, RFC 8017 and RFC 5915 begin: with a version, which nothing public has there."""
_SHORT_LENGTH: Final = 0x80
_END: Final = re.compile(r"-{4,5} ?END [A-Za-z0-9 ]{0,64}-{0,5}")
_SEPARATOR: Final = re.compile(r"(?:\\+[nr])+|\n")
_LINE: Final = re.compile(r"[^\n\\]*+")
_ATTRIBUTE: Final = re.compile(r"(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash|MessageID):")
_BODY: Final = re.compile(r"[A-Za-z0-9+/=]{24,}")
_LAST: Final = re.compile(r"[A-Za-z0-9+/]{1,80}={0,2}")
_LOOSE: Final = re.compile(r"[ \t]++(?=[A-Za-z0-9+/=]{24})(?:[A-Za-z0-9+/=]{4,}+[ \t]*+)++")
_PUTTY: Final = re.compile(
    r"(Private-Lines: \d{1,4}|Private-MAC: )((?:\n[A-Za-z0-9+/=]{8,}+)++|[0-9a-f]{16,}+)"
)
_LEADERS: Final = " >|#*+-"
_LEADING: Final = re.compile(r"[ >|#*+-]*[A-Za-z0-9+/=]{24,}(?=[ \t])")
_SHORT: Final = 3
_EDGE: Final = "\"'`,;)]} \t\r|"


def redact_pem(text: str) -> str:
    """``text`` without PEM blocks, also those that were cut at either end."""
    begins = [match.span() for match in _BEGIN.finditer(text)]
    ends = [match.span() for match in _END.finditer(text)]
    pieces: list[str] = []
    done, at = 0, 0
    for number, (start, behind) in enumerate(begins):
        label = _LABEL.match(text, behind)
        if start < done or label is None:
            continue
        while at < len(ends) and ends[at][0] < behind:
            at += 1
        following = begins[number + 1][0] if number + 1 < len(begins) else len(text)
        is_closed = at < len(ends) and ends[at][0] < following
        end = ends[at][1] if is_closed else _end_of_lines(text, label.end())
        is_public = _is_public(text, label, end)
        pieces += (_without_block_end(text[done:start]), text[start:end] if is_public else MARK)
        done = end
    pieces.append(_without_block_end(text[done:]))
    return _PUTTY.sub(rf"\1{MARK}", "".join(pieces))


def _is_public(text: str, label: re.Match[str], end: int) -> bool:
    """Whether a block may be shown: label and end say so, and it does not begin as a private key does."""
    if not _PUBLIC.fullmatch(label[0].rstrip("-")) or "PRIVATE" in text[label.end() : end]:
        return False
    head = _HEAD.search(text, label.end(), end)
    if head is None:
        return True
    told = base64.b64decode(head[0])
    length = told[1]
    return not told.startswith(_PRIVATE_HEADS, 2 + (length - _SHORT_LENGTH if length > _SHORT_LENGTH else 0))


def _end_of_lines(text: str, start: int) -> int:
    """Where the lines end that belong to a block without an end: each ends with a long word in base64."""
    loose = _LOOSE.match(text, start)
    end = at = loose.end() if loose else start
    was_full = loose is not None
    while separator := _SEPARATOR.match(text, at):
        line = _LINE.match(text, separator.end())
        if line is None:
            break
        shown = line[0].rstrip(_EDGE)
        word = shown.rpartition(" ")[2]
        if _BODY.fullmatch(word) or _ATTRIBUTE.search(shown):
            end, was_full = separator.end() + len(shown), True
        elif leading := _LEADING.match(line[0]):
            return separator.end() + leading.end()
        elif was_full and _is_last(text, line, shown):
            return separator.end() + len(shown)
        elif shown.strip(_LEADERS):
            break
        at = line.end()
    return end


def _is_last(text: str, line: re.Match[str], shown: str) -> bool:
    """Whether a line is the short end of a block's body, and not a word."""
    before, _, word = shown.rpartition(" ")
    if before.strip(_LEADERS) or not _LAST.fullmatch(word) or _is_word(word):
        return False
    following = text[line.end() : line.end() + 1]
    return following in {"", "\n", "\\"} or len(shown) < len(line[0])


def _is_word(word: str) -> bool:
    return word.isalpha() and (word.islower() or word.istitle() or word.isupper()) and len(word) > _SHORT


def _without_block_end(text: str) -> str:
    """``text`` without the last lines of a block whose beginning was cut away."""
    end = _END.search(text)
    if end is None or _PUBLIC.fullmatch(end[0].strip("-").strip().removeprefix("END ")):
        return text
    start = text.rfind("\n", 0, end.start()) + 1
    first = end.start()
    at = start
    while at > 0:
        line = text.rfind("\n", 0, at - 1) + 1
        word = text[line : at - 1].rstrip(_EDGE).rpartition(" ")[2]
        pattern = _LAST if first == end.start() else _BODY
        if not pattern.fullmatch(word) or (pattern is _LAST and _is_word(word)):
            break
        first = text.index(word, line)
        at = line
    return text if first == end.start() else text[:first] + MARK + text[end.end() :]
