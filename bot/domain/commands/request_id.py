"""Finding request ids in what people type and paste into Slack.

A request id is an opaque string, usually a UUID. Where an id is expected, any word of the right shape is
one; among free words only a UUID, an explicit ``request_id=…`` and an id inside a URL are.
A job's name is only looked for where jobs belong: no shape tells it from other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from bot.domain.commands.typed import as_typed, bare_word, unescaped, without_guesses

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
_LONGEST_NAME = 128
_SHORTEST_NAME = 3
"""Of a name in ASCII; a word of two such letters may be any word."""
_NAME_MARKS = frozenset("._:-@&")


def find_request_ids(text: str, *, standing: bool = False) -> tuple[str, ...]:
    """The request ids in ``text``, in order and each once.

    UUIDs come back in lower case with plain hyphens; other ids keep their case.

    Args:
        text: what was typed or pasted, as Slack sends it.
        standing: ``text`` stands where ids belong, as the arguments of a command do. Then every word
            with a digit or one of ``._:-`` in it is an id too, and if there is none, the first word.
    """
    if standing:
        return _standing(text, lambda _: False)
    return _each_once(each for word in _words(text) for each in _ids_inside(word))


def find_jobs(text: str, *, in_prose: bool = False) -> tuple[str, ...]:
    """Whatever names jobs in ``text``, which stands where they belong: ids, and names in any script.

    Beside what `find_request_ids` finds standing: words of no id's shape that have a digit or a mark such
    as ``-`` or ``@`` in them; and if there is none of either, the first word, whatever it is written in,
    unless it may be ``in_prose``.
    """
    return _standing(text, lambda word: is_name(word) and (not in_prose or stands_out(word)))


def _standing(text: str, is_job: Callable[[str], bool]) -> tuple[str, ...]:
    """Words of an id's shape, those that ``is_job``, and ids inside others."""
    ids: list[str] = []
    found: list[str] = []
    first_word = ""
    for position, word in enumerate(_words(text)):
        bare = bare_word(word)
        is_id = is_request_id(bare) and not _NAMED.match(bare)
        inside = () if is_id else tuple(_ids_inside(word))
        named = [bare] if not inside and (is_id or is_job(bare)) else []
        if named and not stands_out(bare):
            first_word, named = (bare, []) if position == 0 else (first_word, [])
        found += [*inside, *named]
        ids += [*inside, *(named if is_id else [])]
    if first_word and not (ids if is_request_id(first_word) else found):
        found.insert(0, first_word)
    return _each_once(found)


def _each_once(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_normalised, found)))


def is_request_id(word: str) -> bool:
    """Whether ``word`` has the shape of a request id."""
    return _WHOLE_ID.fullmatch(word) is not None


def is_name(word: str) -> bool:
    """Whether the bare ``word`` could be a job's name: it has a letter, in whatever script."""
    shortest = _SHORTEST_NAME if word.isascii() else 1
    is_right = shortest <= len(word) <= _LONGEST_NAME and "://" not in word
    return is_right and any(map(str.isalpha, word)) and not any(map(str.isspace, word))


def stands_out(word: str) -> bool:
    """Whether a bare word has a digit or a mark in it, as names have and prose has not."""
    return any(character in _NAME_MARKS or character.isdecimal() for character in word)


def is_uuid(request_id: str) -> bool:
    """Whether it is a whole UUID: nothing need be looked up to know that it is an id."""
    return _WHOLE_UUID.fullmatch(request_id) is not None


def words_in(text: str) -> tuple[str, ...]:
    """The words of ``text``: Slack's escapes undone, people and channels left out, links as their URL."""
    return tuple(_words(text))


def typed_words(text: str) -> tuple[str, ...]:
    """What blanks separate in what the person typed."""
    return tuple(as_typed(text).split())


def _words(text: str) -> Iterator[str]:
    text = unescaped(without_guesses(text))
    text = _SPACED_NAME.sub(r"\1=", _OTHER_NAME.sub(" ", text))
    for match in _TOKEN.finditer(text):
        link = match[1]
        if link is None:
            yield match[0]
        elif not link.startswith(("@", "#", "!")):
            yield from _words_of_link(link)


def _words_of_link(link: str) -> Iterator[str]:
    """The target of a ``<target|label>``, and ids that only the label has."""
    target, _, label = link.partition("|")
    yield target.strip()
    if label and not any(_ids_inside(target)):
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
