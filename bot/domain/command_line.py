"""From the words a person typed to the command they mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.errors import NotUnderstoodError
from bot.domain.request_id import bare_word, find_request_ids, is_request_id, words_in

DEFAULT_COMMAND = "status"
"""What a request id alone asks for."""
HELP_COMMAND = "help"
"""What saying nothing asks for."""
MAX_REQUEST_IDS = 5
"""At most this many jobs are answered at once, a card each."""
MAX_WORDS_CHARACTERS = 200
"""What was typed is repeated to the person up to this length."""

_HELP_WORD = re.compile(r"\?+|-{1,2}h(?:elp)?|/(?:help|\?)", re.IGNORECASE)
_SHORT_NAME = 4
"""Names up to this length forgive one slip, longer ones two."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command and the jobs it is about."""

    command: str
    request_ids: tuple[str, ...] = ()
    """At most `MAX_REQUEST_IDS`, each once, in the order they were named."""
    left_out: int = 0
    """How many more were named."""


def parse(text: str, names: Collection[str], *, id_elsewhere: bool = False) -> Invocation:
    """What ``text`` asks for.

    Args:
        text: what was typed, as Slack sends it, without the slash command or the mention.
        names: the commands there are; ``status`` and ``help`` are always understood.
        id_elsewhere: the id may be found elsewhere (in the thread the words were said in): ``status``
            with no id, no words at all and words without an id become ``status`` without ids.

    Returns:
        The command. Only ``status`` is sure to have ids; others may need none.

    Raises:
        NotUnderstoodError: no command, or no request id where one is needed.
    """
    words = words_in(text)
    if not words:
        return Invocation(DEFAULT_COMMAND if id_elsewhere else HELP_COMMAND)
    known = tuple(dict.fromkeys((*names, DEFAULT_COMMAND, HELP_COMMAND)))
    first, rest = bare_word(words[0]).lower(), " ".join(words[1:])
    if first == HELP_COMMAND or _HELP_WORD.fullmatch(words[0]):
        return Invocation(HELP_COMMAND)
    if first in known:
        return _with_ids(text, first, find_request_ids(rest, standing=True), id_elsewhere=id_elsewhere)
    if (near := _nearest(first, known)) is not None:
        raise NotUnderstoodError(_cut(text), f"“{_cut(first)}” is no command.", _corrected(near, rest))
    found = find_request_ids(text, standing=_is_all_ids(words, id_elsewhere=id_elsewhere))
    return _with_ids(text, DEFAULT_COMMAND, found, id_elsewhere=id_elsewhere)


def _with_ids(text: str, command: str, found: Sequence[str], *, id_elsewhere: bool) -> Invocation:
    if not found and command == DEFAULT_COMMAND and not id_elsewhere:
        raise NotUnderstoodError(_cut(text), "There is no request id in these words.")
    return Invocation(command, tuple(found[:MAX_REQUEST_IDS]), max(0, len(found) - MAX_REQUEST_IDS))


def _is_all_ids(words: Sequence[str], *, id_elsewhere: bool) -> bool:
    """Whether words without a command stand where ids belong.

    One word does. Several do if each could be an id and has a digit, which prose has not. Where an id
    can be found elsewhere, one word such as "thanks" is prose too.
    """
    if len(words) == 1 and not id_elsewhere:
        return True
    return all(
        is_request_id(bare) and any(character.isdigit() for character in bare)
        for bare in map(bare_word, words)
    )


def _corrected(name: str, rest: str) -> str:
    """The whole line with the command as it should be."""
    if name == HELP_COMMAND:
        return name
    ids = find_request_ids(rest, standing=True)[:MAX_REQUEST_IDS]
    if name == DEFAULT_COMMAND:
        return " ".join((name, *(ids or ("<request_id>",))))
    return _cut(f"{name} {' '.join(ids) or rest}".strip())


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= MAX_WORDS_CHARACTERS else f"{text[: MAX_WORDS_CHARACTERS - 1]}…"


def _nearest(word: str, names: Collection[str]) -> str | None:
    """The command that ``word`` is a slip of the keys away from."""
    if any(character.isdigit() for character in word):
        return None
    ranked = sorted(
        (distance, name)
        for name in names
        if abs(len(word) - len(name)) <= (limit := _slips(name))
        and (distance := _distance(word, name)) <= limit
    )
    return ranked[0][1] if ranked else None


def _slips(name: str) -> int:
    return 1 if len(name) <= _SHORT_NAME else 2


def _distance(left: str, right: str) -> int:
    """Damerau-Levenshtein: letters missing, added, changed, or two neighbours swapped."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
