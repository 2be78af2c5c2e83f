"""A line with a condition at its end: ``subscribe 3fe92c25 quiet when eval_loss < 1.2``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.domain.commands.command_line import JOB, Form
from bot.domain.commands.conditions.condition import EXAMPLE
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.commands.typed import bare_word
from bot.domain.errors import NotUnderstoodError

_WHEN: Final = re.compile(r"\swhen\s", re.IGNORECASE)
"""What stands before it. The last one counts: a job's name may have one too."""


def split_condition(text: str, forms: Mapping[str, Form]) -> tuple[str, str]:
    """The line without its condition, and that as `condition` writes it; empty without one.

    Raises:
        NotUnderstoodError: there is something that is no condition, or none where one is needed; with the
            corrected line.
    """
    first = text.split(maxsplit=1)[:1]
    form = forms.get(bare_word(first[0]).lower()) if first else None
    places = list(_WHEN.finditer(f" {text} ")) if form is not None and form.takes_condition else []
    if not places:
        if form is not None and form.needs_condition:
            raise _without_condition(text, form)
        return text, ""
    last = places[-1]
    line, words = text[: max(0, last.start() - 1)], f" {text} "[last.end() :]
    try:
        return line, read_condition(words).text
    except NotUnderstoodError as error:
        suggestion = f"{' '.join(_named(line, form))} when {error.suggestion}"
        raise NotUnderstoodError(f"when {error.words}".strip(), error.reason, suggestion) from error


def _without_condition(text: str, form: Form) -> NotUnderstoodError:
    words = _named(text, form)
    line = " ".join(words if words[1:] or not form.needs_id else [*words, JOB])
    return NotUnderstoodError(text, f"`{words[0]}` needs a value to wait for.", f"{line} when {EXAMPLE}")


def _named(line: str, form: Form | None) -> list[str]:
    """The line's words, the first as the command's own name."""
    first, *rest = line.split()
    name = form.name if form is not None else ""
    return [name or bare_word(first).lower(), *rest]
