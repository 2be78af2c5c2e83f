"""Several words that may be the name of a job, such as ``my run 7``, beside what else they may mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.command_line import DEFAULT_COMMAND, Form, Invocation, parse
from bot.domain.condition_line import split_condition
from bot.domain.errors import NotUnderstoodError
from bot.domain.request_id import bare_word, find_request_ids, words_in

MOST_WORDS: Final = 6
"""More words are prose, and no name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line asks for, and what else it may ask for."""

    invocation: Invocation
    name: str = ""
    """All words that are no options, where they may be one job's name; else empty."""
    doubt: NotUnderstoodError | None = None
    """What to say where no job has that name; None where the ids stand on their own. Not to be raised."""


def read_line(text: str, *, forms: Mapping[str, Form], id_elsewhere: bool = False) -> Reading:
    """What ``text`` asks for; see `bot.domain.command_line.parse`, which it asks first.

    Raises:
        NotUnderstoodError: as `parse` does, where no name can be meant.
    """
    line, condition = split_condition(text, forms)
    words, name = (condition,) if condition else (), _name_in(line, forms)
    try:
        invocation = parse(line, forms, id_elsewhere=id_elsewhere)
    except NotUnderstoodError as error:
        is_slip = name is not None and not name.has_command and error.suggestion is not None
        said = _with_condition(error, condition)
        if name is None or is_slip:
            raise said from error
        return Reading(Invocation(name.command, options=name.options, words=words), name.text, said)
    if condition:
        invocation = replace(invocation, words=words)
    return Reading(invocation, name.text if name is not None and invocation.request_ids else "")


def _with_condition(error: NotUnderstoodError, condition: str) -> NotUnderstoodError:
    """What is suggested has the condition too."""
    if not condition or error.suggestion is None:
        return error
    return NotUnderstoodError(error.words, error.reason, f"{error.suggestion} when {condition}")


@dataclass(frozen=True, slots=True)
class _Name:
    command: str
    has_command: bool
    """The command was typed."""
    text: str
    options: frozenset[str]


def _name_in(text: str, forms: Mapping[str, Form]) -> _Name | None:
    """The command, and what may be a name behind it; None where ids are sure, words too many or few."""
    words = list(words_in(text))
    if len(words) < 2 or find_request_ids(text):  # noqa: PLR2004  (a single word is taken for an id)
        return None
    first = bare_word(words[0]).lower()
    form = forms.get(first, forms.get(DEFAULT_COMMAND))
    if form is None or not form.needs_id or form.takes_words:
        return None
    rest = words[1:] if first in forms else words
    options = frozenset(word.lower() for word in rest if word.lower() in form.words)
    rest = [word for word in rest if word.lower() not in options]
    if not (len(rest) > 1 and len(rest) <= MOST_WORDS):
        return None
    command = first if first in forms else DEFAULT_COMMAND
    return _Name(command, first in forms, " ".join(rest).strip("\"'`“”"), options)
