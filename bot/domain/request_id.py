"""Finding request ids in what people type and paste into Slack.

A request id is an opaque string, usually a UUID. Where an id is expected, any word of the right shape is
one; among free words only a UUID, an explicit ``request_id=…`` and an id inside a URL are.
Text arrives as Slack sends it: ``&``, ``<`` and ``>`` are escaped, links look like
``<https://…|label>``, people like ``<@U…>`` and channels like ``<#C…>``
(https://docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_ID = r"[A-Za-z0-9][A-Za-z0-9._:-]{2,127}"
_HEX = "[0-9A-Fa-f]"
_UUID = f"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
_SEGMENT_END = r"(?![^/?#&.,!;:)}\]'\"*~_`])"

_WHOLE_ID = re.compile(_ID)
_WHOLE_UUID = re.compile(_UUID)
_UUID_INSIDE = re.compile(rf"(?<![0-9A-Za-z]){_UUID}(?![0-9A-Za-z])")
_UUID_SEGMENT = re.compile(rf"(?<=/){_UUID}{_SEGMENT_END}")
_JOB_SEGMENT = re.compile(rf"(?<![a-z])(?:job|run|request|training)s?/({_UUID}){_SEGMENT_END}", re.IGNORECASE)

_IS = r"[\"'`\u201d]?\s{0,3}[=:]\s{0,3}[\"'`\u201c]?"
_NAMED = re.compile(rf"(?<![a-z0-9])request[_-]?id{_IS}({_ID})", re.IGNORECASE)
_SPACED_NAME = re.compile(rf"(request[_-]?id){_IS}(?=[A-Za-z0-9])", re.IGNORECASE)
"""``"request_id": "…"``, as it stands in JSON and YAML."""
_OTHER_NAME = re.compile(
    rf"(?<![a-z])(?:org|organization|user|secret|dataset)[_-]?id{_IS}{_UUID}", re.IGNORECASE
)

_MAX_WORD = 8_000
"""No URL people paste is longer."""
_TOKEN = re.compile(r"<([^<>]*)>|[^\s,;<>\u3001\uff0c\uff1b]+")
_DASHES = dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D], "-")
"""What phones and word processors make of a hyphen."""
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)
"""Zero-width characters and marks of direction that come along with a paste."""
_TYPED = _DASHES | _INVISIBLE
_TRAILING = "`'\"<>()[]{}*~|.,;:!?=#&/\\\u2026\u00ab\u00bb" + "".join(map(chr, range(0x2018, 0x2020)))
_LEADING = _TRAILING + "_-"
_INNER_MARK = re.compile(r"[0-9._:-]")


def find_request_ids(text: str, *, standing: bool = False) -> tuple[str, ...]:
    """The request ids in ``text``, in order and each once.

    UUIDs come back in lower case with plain hyphens; other ids keep their case.

    Args:
        text: what was typed or pasted, as Slack sends it.
        standing: ``text`` stands where ids belong, as the arguments of a command do. Then every word
            with a digit or one of ``._:-`` in it is an id too, and if there is none, the first word.
    """
    found: list[str] = []
    first_word = ""
    for position, word in enumerate(_words(text)):
        bare = bare_word(word)
        if standing and is_request_id(bare) and not _NAMED.match(bare):
            if _INNER_MARK.search(bare):
                found.append(bare)
            elif position == 0:
                first_word = bare
        else:
            found.extend(_ids_inside(word))
    if first_word and not found:
        found.append(first_word)
    return tuple(dict.fromkeys(map(_normalised, found)))


def is_request_id(word: str) -> bool:
    """Whether ``word`` has the shape of a request id."""
    return _WHOLE_ID.fullmatch(word) is not None


def is_uuid(request_id: str) -> bool:
    """Whether it is a whole UUID: nothing need be looked up to know that it is an id."""
    return _WHOLE_UUID.fullmatch(request_id) is not None


def bare_word(word: str) -> str:
    """``word`` without the quotes, back-ticks, brackets and punctuation around it."""
    is_italic = word.startswith("_")
    word = word.lstrip(_LEADING).rstrip(_TRAILING)
    return word.rstrip(_LEADING) if is_italic else word


def words_in(text: str) -> tuple[str, ...]:
    """The words of ``text``: Slack's escapes undone, people and channels left out, links as their URL."""
    return tuple(_words(text))


def typed_words(text: str) -> tuple[str, ...]:
    """What blanks separate in ``text``: Slack's escapes undone, people and channels left out."""
    words = as_typed(text).split()
    return tuple(word for word in words if not word.startswith(("<@", "<#", "<!")))


def as_typed(text: str) -> str:
    """What the person typed: Slack's escapes undone, once, and dashes and invisible marks made plain."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").translate(_TYPED)


def _words(text: str) -> Iterator[str]:
    text = as_typed(text)
    text = _SPACED_NAME.sub(r"\1=", _OTHER_NAME.sub(" ", text))
    for match in _TOKEN.finditer(text):
        link = match[1]
        if link is None:
            yield match[0]
        elif not link.startswith(("@", "#", "!")):
            yield from _words_of_link(link)


def _words_of_link(link: str) -> Iterator[str]:
    """The target of a ``<target|label>``; the label where Slack only guessed that it is a link."""
    target, _, label = link.partition("|")
    is_guessed = target.rstrip("/") in {f"http://{label}", f"tel:{label}"}
    yield label if is_guessed else target.strip()
    if label and not is_guessed and not any(_ids_inside(target)):
        yield from _UUID_INSIDE.findall(label)


def _ids_inside(word: str) -> Iterator[str]:
    """Ids that one word has in it: named by ``request_id=``, in a URL's path, or any UUID."""
    named = _NAMED.search(decoded := unquote(word)[:_MAX_WORD])
    if named is not None:
        yield named[1].rstrip(".:")
    elif "/" not in decoded:
        yield from _UUID_INSIDE.findall(decoded)
    elif (job := _JOB_SEGMENT.search(decoded)) is not None:
        yield job[1]
    else:
        # a URL names the organisation first, the thing itself last
        yield from _UUID_SEGMENT.findall(decoded)[-1:]


def _normalised(request_id: str) -> str:
    return request_id.lower() if _WHOLE_UUID.fullmatch(request_id) else request_id
