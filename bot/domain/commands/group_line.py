"""A line about a group of jobs: ``subscribe name:sweep-* quiet by eval_accuracy for 7d``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, NamedTuple

from bot.domain.commands.command_line import MAX_WORDS_CHARACTERS, Form
from bot.domain.commands.query import SPAN, Query
from bot.domain.commands.query_words import Bare
from bot.domain.commands.search import read_query
from bot.domain.commands.typed import as_typed, bare_word
from bot.domain.errors import NotUnderstoodError
from bot.domain.spelling import one_line

LONGEST: Final = timedelta(days=30)
"""People cannot ask for a longer time."""
_FILTER: Final = re.compile(
    r"-{0,2}(?:names?|models?|base_model|status(?:es)?|states?|experiment)[:=\uff1a\uff1d]", re.IGNORECASE
)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_BY, _FOR, _UNTIL, _DONE = "by", "for", "until", "done"
_METRIC_CHARACTERS: Final = 100
_EXAMPLE: Final = "name:sweep-* for 7d"
_cut: Final = partial(one_line, most=MAX_WORDS_CHARACTERS)


@dataclass(frozen=True, slots=True)
class GroupAsked:
    """Which jobs are meant, and how long and by what people want to get updates on them."""

    query: Query
    by: str = ""
    """The metric that ranks them; empty where none was named."""
    lasts: timedelta | None = None
    """None: until the last has ended."""
    condition: str = ""
    """What one of them is to reach, as `bot.domain.commands.conditions.condition` writes it."""
    refusal: NotUnderstoodError | None = None
    """What to say where the words are no filters; then the rest counts for nothing. Not to be raised."""


class GroupLine(NamedTuple):
    """Such a line, read."""

    command: str
    options: frozenset[str]
    asked: GroupAsked


def read_group_line(text: str, forms: Mapping[str, Form]) -> GroupLine | None:
    """The line, where a command that takes groups stands before filters; None for any other."""
    typed = as_typed(text).split()
    first = bare_word(typed[0]).lower() if typed else ""
    form = forms.get(first)
    if form is None or not form.takes_groups or not any(map(_FILTER.match, typed[1:])):
        return None
    command = form.name or first
    rest, options = list[str](), set[str]()
    for word in typed[1:]:
        if word.lower() in form.words:
            options.add(word.lower())
        else:
            rest.append(word)
    try:
        for group in form.options:
            if len(both := [word for word in group if word in options]) > 1:
                reason = f"`{command}` takes only one of: {', '.join(both)}."
                raise _refused(command, text, reason)
        asked = _asked(command, text, rest)
    except NotUnderstoodError as error:
        asked = GroupAsked(Query(), refusal=error)
    return GroupLine(command, frozenset(options), asked)


def group_of_subject(subject: str) -> GroupAsked:
    """The jobs that a group's subject says, see `bot.domain.groups.group.subject_of`.

    Raises:
        NotUnderstoodError: it is no subject.
    """
    return _asked("", subject, as_typed(subject).split())


def _asked(command: str, text: str, words: Sequence[str]) -> GroupAsked:
    filters, by, lasts, at = list[str](), "", None, 0
    while at < len(words):
        word, value = words[at].lower(), words[at + 1] if at + 1 < len(words) else ""
        if word == _BY and value:
            by = bare_word(value)[:_METRIC_CHARACTERS]
        elif word == _FOR:
            lasts = _span(command, text, value)
        elif word == _UNTIL and value.lower() == _DONE:
            lasts = None
        else:
            filters.append(words[at])
            at += 1
            continue
        at += 2
    query = read_query(filters, Bare.NONE)
    if query.since or query.until or query.words:
        odd = query.words[0] if query.words else "since:" if query.since else "until:"
        reason = f"A group takes `name:`, `model:` and `status:`, not “{_cut(odd)}”."
        raise _refused(command, text, reason)
    if not (query.names or query.models or query.statuses):
        raise _refused(command, text, "Which jobs? Say what they have in common.")
    return GroupAsked(query, by, lasts)


def _span(command: str, text: str, typed: str) -> timedelta:
    match = SPAN.fullmatch(typed.lower())
    span = timedelta() if match is None else timedelta(**{_UNITS[match[2]]: int(match[1])})
    if not timedelta() < span <= LONGEST:
        raise _refused(command, text, f"“{_cut(typed)}” isn't a time up to 30 days. Write 12h, 7d or 2w.")
    return span


def _refused(command: str, text: str, reason: str) -> NotUnderstoodError:
    return NotUnderstoodError(_cut(text), reason, f"{command} {_EXAMPLE}")
