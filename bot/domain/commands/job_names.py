"""Words that may be the name of a job, such as ``my run 7``, beside what else they may mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.commands.command_line import DEFAULT_COMMAND, Form, Invocation, parse
from bot.domain.commands.conditions.line import split_condition
from bot.domain.commands.group_line import GroupAsked, read_group_line
from bot.domain.commands.request_id import find_jobs, find_request_ids, typed_words, words_in
from bot.domain.commands.typed import QUOTES, bare_word
from bot.domain.errors import NotUnderstoodError

MOST_WORDS: Final = 6
"""More words are prose, and no name."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line asks for, and what else it may ask for."""

    invocation: Invocation
    name: str = ""
    """All words that are no options, as they were typed, where they may be one job's name; else empty."""
    doubt: NotUnderstoodError | None = None
    """What to say where no job has that name; None where the ids stand on their own. Not to be raised."""
    group: GroupAsked | None = None
    """The jobs that are meant together, in place of any by name or ID."""


def read_line(text: str, *, forms: Mapping[str, Form], id_elsewhere: bool = False) -> Reading:
    """What ``text`` asks for; see `bot.domain.commands.command_line.parse`, which it asks first.

    Raises:
        NotUnderstoodError: as `parse` does, where no name can be meant.
    """
    line, condition = split_condition(text, forms)
    if (group := read_group_line(line, forms)) is not None:
        asked = replace(group.asked, condition=condition)
        if asked.refusal is not None:
            asked = replace(asked, refusal=_with_condition(asked.refusal, condition))
        return Reading(Invocation(group.command, options=group.options), group=asked)
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
    return type(error)(error.words, error.reason, f"{error.suggestion} when {condition}")


@dataclass(frozen=True, slots=True)
class _Name:
    command: str
    has_command: bool
    """The command was typed."""
    text: str
    options: frozenset[str]


def _name_in(text: str, forms: Mapping[str, Form]) -> _Name | None:
    """The command, and what may be a name behind it; None where ids are sure, words too many or few."""
    if find_request_ids(text):
        return None
    words, first = words_in(text), bare_word(next(iter(words_in(text)), "")).lower()
    form = forms.get(first, forms.get(DEFAULT_COMMAND))
    if form is None or not form.needs_id or form.takes_words:
        return None
    has_command = first in forms
    others = [word for word in words[has_command:] if word.lower() not in form.words]
    # A single word that can be an id is taken for one.
    least = 1 if len(others) == 1 and not find_jobs(others[0]) else 2
    if not least <= len(others) <= MOST_WORDS:
        return None
    options = frozenset(word.lower() for word in words if word.lower() in form.words)
    typed = typed_words(text)
    if has_command:
        typed = typed[1:] if bare_word(typed[0]).lower() == first else words[1:]
    quoted = " ".join(word for word in typed if bare_word(word).lower() not in options)
    name = quoted.strip(f" {QUOTES}")
    # In quotes even what has no letters is a name.
    may_be_one = any(map(str.isalnum, name)) or (name and quoted[0] in QUOTES and quoted[-1] in QUOTES)
    command = form.name or first if has_command else DEFAULT_COMMAND
    return _Name(command, has_command, name, options) if may_be_one else None
