"""Several jobs fit what was typed: each with a button that asks the same of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.cards.jobs.job_row import job_row
from bot.cards.kit import actions
from bot.cards.kit.card import BUTTON_VALUE_CHARACTERS, Block, Card, button, can_ask_for, context, section
from bot.cards.kit.phrases import spoken
from bot.cards.kit.text import code, cut, plain, unescape
from bot.domain.job import JobSummary

_MOST: Final = 8
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
            command, request_ids, options, words = json.loads(value)
            return cls(str(command), _texts(request_ids), frozenset(_texts(options)), _texts(words))
        except (ValueError, TypeError):
            return None


def which_one_card(
    typed: str, choices: Sequence[tuple[JobSummary, Choice]], *, now: datetime, slash_command: str
) -> Card:
    """Asks which job is meant.

    Args:
        typed: what was typed, as Slack sends it.
        choices: the jobs that fit, best first, each with what its button asks.
        now: aware, UTC.
        slash_command: as people type it here.
    """
    shown = [each for each in choices if _fits(*each)][:_MOST]
    more = len(choices) - len(shown)
    title = f"{len(choices):,} jobs match"
    blocks: list[Block] = [section(f"*Which one?* {title} {code(unescape(typed), _TYPED_CHARACTERS)}.")]
    blocks += [
        section(job_row(job, now, with_id=True), button("This one", actions.CHOOSE, choice.value()))
        for job, choice in shown
    ]
    rest = f"{more:,} more match. Type more of the name or ID, or see `{slash_command} list`."
    blocks += [context([rest])] if more else []
    named = ", ".join(spoken(job.experiment_name, job.request_id) for job, _ in shown)
    said = f"Which one? {title} {plain(unescape(typed), _TYPED_CHARACTERS)}: {named}."
    return Card(cut(said, _TEXT_CHARACTERS, note="…"), blocks)


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
