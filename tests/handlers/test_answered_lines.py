"""Command lines that were answered before people's own words were: they mean what they meant."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.domain.commands.request_id import is_uuid
from bot.domain.job import JobSummary
from bot.handlers.kit.command import Question
from tests.handlers.neighbours import HERE, Neighbourhood

ANSWERED = Path(__file__).parents[1] / "domain" / "commands" / "sentences" / "answered.jsonl"


async def _nowhere(_command: object) -> tuple[str, ...]:
    return ()


def _questions() -> list[list[Any]]:
    return [json.loads(line) for line in ANSWERED.read_text("utf-8").splitlines()]


async def test_no_command_line_that_was_answered_is_understood_otherwise() -> None:
    """The lines of earlier tests and documents, where there are jobs of those names."""
    wrong = []
    for text, in_thread, command, request_ids, options, words in _questions():
        made = Neighbourhood()
        named = [JobSummary(f"id-of-{place}", typed) for place, typed in enumerate(request_ids)]
        made.jobs.list_of(*named)
        asked = made.dispatch.ask(text, HERE, is_private=True, in_thread=in_thread)
        found = await made.dispatch.understood(made.context, asked, _nowhere if in_thread else None)
        expected = Question(
            command,
            tuple(each if is_uuid(each) else f"id-of-{place}" for place, each in enumerate(request_ids)),
            HERE,
            is_private=True,
            options=frozenset(options),
            words=tuple(words),
        )
        if not isinstance(found, Question):
            wrong.append((text, str(found)[:90]))
        elif replace(found, name="", left_out=0, in_thread=False) != expected:
            wrong.append((text, f"{found.command} {found.request_ids} {found.options} {found.words}"))
    assert wrong == []
