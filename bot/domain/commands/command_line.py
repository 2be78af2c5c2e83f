"""From the words a person typed to the command they mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from rapidfuzz.distance import OSA

from bot.domain.commands.quoted_words import pieces
from bot.domain.commands.request_id import (
    find_jobs,
    find_request_ids,
    is_name,
    is_request_id,
    typed_words,
    words_in,
)
from bot.domain.commands.typed import bare_word
from bot.domain.errors import NotUnderstoodError, UnnamedJobError
from bot.domain.spelling import one_line

DEFAULT_COMMAND = "status"
"""What a request id alone asks for."""
HELP_COMMAND = "help"
"""What saying nothing asks for."""
MAX_REQUEST_IDS = 5
"""At most this many jobs are answered at once, a card each."""
JOB = "<job>"
"""Stands for a job's name or ID in what people are shown of a command."""
MAX_WORDS_CHARACTERS = 200
"""What was typed is repeated to the person up to this length."""
_cut = partial(one_line, most=MAX_WORDS_CHARACTERS)

_HELP_WORD = re.compile(r"\?+|-{1,2}h(?:elp)?|/(?:help|\?)", re.IGNORECASE)
_JOINING = frozenset({"and", "with", "against", "versus"})
"""Between ids that stand together."""
_SHORT_NAME = 4
"""Names up to this length forgive one slip, longer ones two."""


@dataclass(frozen=True, slots=True)
class Form:
    """What may stand behind a command's name."""

    needs_id: bool = False
    options: tuple[tuple[str, ...], ...] = ()
    """Words it takes beside ids: of each group one at most. With any, every other word is refused;
    with none, it is overlooked."""
    only_ids: bool = False
    """Every word behind it names a job; then it has no ``options``."""
    takes_words: bool = False
    """Beside one id it takes any words: then it has no ``options``. Without ``needs_id`` all are words, with
    their commas."""

    takes_condition: bool = False
    """At its end it takes a condition, see `bot.domain.commands.conditions.line`."""
    needs_condition: bool = False
    """Without one it is refused."""
    takes_groups: bool = False
    """In place of a job it takes filters, see `bot.domain.commands.group_line`."""
    name: str = ""
    """The command's own name, where an alias leads to this form; what is suggested says that."""

    @property
    def is_alone(self) -> bool:
        """Whether nothing is taken behind the command's name, but its options."""
        return not (self.needs_id or self.takes_words or self.only_ids)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all groups."""
        return tuple(word for group in self.options for word in group)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command and the jobs it is about."""

    command: str
    request_ids: tuple[str, ...] = ()
    """At most `MAX_REQUEST_IDS`, each once, in the order they were named."""
    left_out: int = 0
    """How many more were named."""
    options: frozenset[str] = frozenset()
    """The words said of those its `Form` names."""
    words: tuple[str, ...] = ()
    """All words beside the id, bare, for a `Form` that takes any; or the one condition."""


def parse(text: str, forms: Mapping[str, Form], *, id_elsewhere: bool = False) -> Invocation:
    """What ``text`` asks for.

    Args:
        text: what was typed, as Slack sends it, without the slash command or the mention.
        forms: the commands there are; ``status`` and ``help`` are always understood.
        id_elsewhere: the id may be found elsewhere (in the thread the words were said in): a command that
            needs ids is then fine without, and no words at all and words without an id become ``status``.

    Returns:
        The command, with ids if it needs them and they cannot be elsewhere.

    Raises:
        NotUnderstoodError: no command, no job where one is needed, or words the command does not take.
    """
    words = words_in(text)
    if not words:
        return Invocation(DEFAULT_COMMAND if id_elsewhere else HELP_COMMAND)
    known = {**forms, DEFAULT_COMMAND: Form(needs_id=True), HELP_COMMAND: Form()}
    first = bare_word(words[0]).lower()
    if first == HELP_COMMAND or _HELP_WORD.fullmatch(words[0]):
        return Invocation(HELP_COMMAND)
    if first in known and known[first].takes_words and not known[first].needs_id:
        return Invocation(known[first].name or first, words=typed_words(text)[1:])
    if first in known:
        line = _line(known[first].name or first, known[first], words[1:], id_elsewhere=id_elsewhere)
        _refuse_wrong_words(text, line, id_elsewhere=id_elsewhere)
        return _invocation(text, line, id_elsewhere=id_elsewhere)
    if (near := _nearest(first, known)) is not None:
        line = _line(known[near].name or near, known[near], words[1:])
        raise NotUnderstoodError(_cut(text), f"There's no `{_cut(first)}` command.", _corrected(line))
    is_standing = _is_all_ids(words, id_elsewhere=id_elsewhere)
    ids = find_jobs(text) if is_standing else find_request_ids(text)
    line = _Line(DEFAULT_COMMAND, known[DEFAULT_COMMAND], ids)
    return _invocation(text, line, id_elsewhere=id_elsewhere)


class _Line(NamedTuple):
    """A command, and what stands behind it sorted."""

    command: str
    form: Form
    ids: tuple[str, ...]
    options: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Words that are neither, where the form is strict."""
    rest: str = ""
    """All that are no options, as they were typed."""
    words: tuple[str, ...] = ()
    """All that are no id, where the form takes any."""


def _line(command: str, form: Form, words: Sequence[str], *, id_elsewhere: bool = False) -> _Line:
    if form.takes_words:
        return _free_line(command, form, words, id_elsewhere=id_elsewhere)
    if form.only_ids:
        told = (word for word in pieces(" ".join(words)) if bare_word(word.text).lower() not in _JOINING)
        named = (each for word in told for each in ((word.text,) if word.is_quoted else find_jobs(word.text)))
        return _Line(command, form, tuple(dict.fromkeys(named)), rest=" ".join(words))
    plain = [bare_word(word) for word in words]
    options = dict.fromkeys(bare.lower() for bare in plain if bare.lower() in form.words)
    others = [word for word, bare in zip(words, plain, strict=True) if bare.lower() not in options]
    rest = " ".join(others)
    # In a thread about a job other words may be prose about that.
    ids = find_jobs(rest, in_prose=id_elsewhere and len(others) > 1)
    if not form.options:
        return _Line(command, form, ids, rest=rest)
    if len(ids) == 1 and ids[0] in plain and _nearest(ids[0].lower(), form.words):
        ids = ()  # a slip of the keys, taken for an id only because it stands where one belongs
    unknown = [word for word in others if bare_word(word) and not set(find_jobs(word)).intersection(ids)]
    return _Line(command, form, ids, tuple(options), tuple(unknown), rest)


def _free_line(command: str, form: Form, words: Sequence[str], *, id_elsewhere: bool) -> _Line:
    """One id, which no mistake is possible about or which stands first; everything else is words."""
    rest = " ".join(words)
    if not form.needs_id:
        return _Line(command, form, (), rest=rest)
    ids = find_request_ids(rest) or (() if id_elsewhere else find_jobs(" ".join(words[:1])))
    others = [bare_word(word) for word in words if not set(find_jobs(word)) & set(ids)]
    return _Line(command, form, ids, rest=rest, words=tuple(filter(None, others)))


def _refuse_wrong_words(text: str, line: _Line, *, id_elsewhere: bool) -> None:
    """Words the form does not have, and two that exclude each other."""
    command, _, ids, options, unknown, *_ = line
    if unknown:
        known = ", ".join(line.form.words)
        reason = f"`{command}` doesn't take “{_cut(unknown[0])}”. Options: {known}."
        raise NotUnderstoodError(_cut(text), reason, _corrected(line, id_elsewhere=id_elsewhere))
    for group in line.form.options:
        said = [word for word in options if word in group]
        if len(said) > 1:
            kept = _Line(command, line.form, ids, tuple(word for word in options if word not in said[1:]))
            reason = f"`{command}` takes only one of: {', '.join(group)}."
            raise NotUnderstoodError(_cut(text), reason, _corrected(kept, id_elsewhere=id_elsewhere))


def _invocation(text: str, line: _Line, *, id_elsewhere: bool) -> Invocation:
    ids = line.ids
    if not ids and line.form.needs_id and not id_elsewhere:
        suggestion = None if line.command == DEFAULT_COMMAND else _corrected(line)
        raise UnnamedJobError(_cut(text), "Give me a name or an ID.", suggestion)
    left_out = max(0, len(ids) - MAX_REQUEST_IDS)
    return Invocation(line.command, ids[:MAX_REQUEST_IDS], left_out, frozenset(line.options), line.words)


def _corrected(line: _Line, *, id_elsewhere: bool = False) -> str:
    """The whole line as it should be."""
    if line.command == HELP_COMMAND:
        return HELP_COMMAND
    ids = line.ids[:MAX_REQUEST_IDS]
    if not ids and line.form.needs_id:
        ids = () if id_elsewhere else (JOB,)
    elif not ids and not line.form.options:
        ids = (line.rest,)
    meant = [_nearest(bare_word(word).lower(), line.form.words) for word in line.unknown]
    options = dict.fromkeys([*line.options, *(word for word in meant if word), *line.words])
    return _cut(" ".join([line.command, *ids, *options]))


def _is_all_ids(words: Sequence[str], *, id_elsewhere: bool) -> bool:
    """Whether words without a command stand where ids belong.

    One word does. Several do if each could be an id and has a digit, which prose has not. Where an id
    can be found elsewhere, one word such as "thanks" is prose too.
    """
    if len(words) == 1 and not id_elsewhere:
        return True
    bare = [bare_word(word) for word in words]
    names = [word for word in bare if not is_request_id(word)]
    if names and (id_elsewhere or any(not is_name(name) or find_request_ids(name) for name in names)):
        return False
    return all(any(map(str.isdecimal, word)) for word in bare)


def _nearest(word: str, names: Collection[str]) -> str | None:
    """The command ``word`` is a slip away from: letters missing, added, changed, or two neighbors swapped."""
    if any(character.isdigit() for character in word):
        return None
    ranked = [(OSA.distance(word, name, score_cutoff=_slips(name)), name) for name in names]
    near = [(distance, name) for distance, name in ranked if distance <= _slips(name)]
    return min(near)[1] if near else None


def _slips(name: str) -> int:
    return 1 if len(name) <= _SHORT_NAME else 2
