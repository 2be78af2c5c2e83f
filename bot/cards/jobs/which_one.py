"""Several jobs fit what was typed: each with a button that asks the same of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import (
    BUTTON_VALUE_CHARACTERS,
    OPTION_CHARACTERS,
    Block,
    Card,
    button,
    can_ask_for,
    context,
    section,
)
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import short_id
from bot.cards.kit.phrases import spoken
from bot.cards.kit.text import code, cut, cut_front, escape, length, line, plain, unescape
from bot.domain.job import JobSummary
from bot.domain.job.json_text import parse_json

_MOST: Final = 8
_LABEL_CHARACTERS: Final = 29
"""Longer ones are cut by phones."""
_WORD_CHARACTERS: Final = 16
_LEAST_OF_A_NAME: Final = 4
_TYPED_CHARACTERS: Final = 100
_TEXT_CHARACTERS: Final = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """What one of the buttons asks."""

    command: str
    request_ids: tuple[str, ...]
    options: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()

    def value(self) -> str:
        """As a button carries it."""
        said = [self.command, self.request_ids, sorted(self.options), self.words]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, value: str) -> Choice | None:
        """From a button; None where it is not one of ours."""
        try:
            command, request_ids, options, words = parse_json(value)
            return cls(str(command), _texts(request_ids), frozenset(_texts(options)), _texts(words))
        except (ValueError, TypeError):
            return None


def which_one_card(
    typed: str, choices: Iterable[tuple[JobSummary, Choice]], *, matches: int, slash_command: str
) -> Card:
    """Asks which job is meant.

    Args:
        typed: what was typed, as Slack sends it.
        choices: the jobs that fit, best first, each with what its button asks. Only those that are shown
            are taken: there may be thousands.
        matches: how many they are.
        slash_command: as people type it here.
    """
    shown = list(islice((each for each in choices if _fits(*each)), _MOST))
    more = matches - len(shown)
    title = f"{matches:,} jobs match"
    blocks: list[Block] = [section(f"{title} {code(unescape(typed), _TYPED_CHARACTERS)}. Which one?")]
    blocks += _buttons(shown)
    rest = f"{more:,} more match. Type more of the name or ID, or see `{slash_command} list`."
    blocks += [context([rest])] if more else []
    named = ", ".join(
        f"{spoken(job.experiment_name, job.request_id)} ({escape(_word(job))})" for job, _ in shown
    )
    said = f"{title} {plain(unescape(typed), _TYPED_CHARACTERS)}: {named}. Which one?"
    return Card(cut(said, _TEXT_CHARACTERS, note="…"), blocks)


def which_job_card(choices: Iterable[tuple[JobSummary, Choice]], *, slash_command: str) -> Card:
    """Asks which job a question is about that named none: one of ``choices``, the likeliest first."""
    shown = [each for each in choices if _fits(*each)]
    named = ", ".join(spoken(job.experiment_name, job.request_id) for job, _ in shown)
    rest = f"Another one? Say its name or ID, or see `{slash_command} list`."
    said = cut(f"Which job? {named}", _TEXT_CHARACTERS, note="…")
    return Card(said, [section("*Which job?*"), *_buttons(shown), context([rest])])


def _buttons(shown: Sequence[tuple[JobSummary, Choice]]) -> list[Block]:
    """Each in a row of its own: side by side on a phone their names would be cut."""
    names = Counter(job.experiment_name for job, _ in shown)
    return [
        row_of(
            [button(_label(job, is_ambiguous=names[job.experiment_name] > 1), actions.CHOOSE, choice.value())]
        )
        for job, choice in shown
    ]


def _label(job: JobSummary, *, is_ambiguous: bool) -> str:
    """The job's symbol and name, with its status where there is room, or its ID where others have that name.

    Names that are too long are cut at their beginning, where they are alike. Plain text.
    """
    needs_id = is_ambiguous or not job.experiment_name
    name, symbol = line(job.experiment_name or "a job without a name"), phrases.SYMBOLS[job.status]
    rest = f" · {short_id(job.request_id) if needs_id else _word(job)}"
    room = _LABEL_CHARACTERS - len("✅ ")
    if length(name + rest) > room and not needs_id:
        rest = ""
    shown = cut_front(name, max(_LEAST_OF_A_NAME, room - length(rest))) + rest
    return cut(f"{symbol} {escape(shown)}", OPTION_CHARACTERS, note="…")


def _word(job: JobSummary) -> str:
    return cut(line(phrases.status_words(job)), _WORD_CHARACTERS, note="…").lower()


def _fits(job: JobSummary, choice: Choice) -> bool:
    return can_ask_for(job.request_id) and len(choice.value()) <= BUTTON_VALUE_CHARACTERS


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise TypeError
    return tuple(value)


_COMMAND_CHARACTERS: Final = 100


def nothing_named_card(*, slash_command: str) -> Card:
    """What was looked for, and how to ask without it."""
    said = "I couldn't find a job ID in that message."
    ask = code(f"{slash_command} <job>", _COMMAND_CHARACTERS)
    looked = "I checked text, links and attachments."
    return Card(f"{said} {looked}", [section(f"*{said}* {looked} Type {ask} instead.")])
