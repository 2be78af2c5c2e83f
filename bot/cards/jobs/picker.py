"""The picker: a window with one field that searches the organisation's jobs.

Source: https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import (
    OPTION_CHARACTERS,
    OPTION_VALUE_CHARACTERS,
    OPTIONS,
    can_ask_for,
    modal,
    plain_text,
)
from bot.cards.kit.card_settings import short_ids
from bot.cards.kit.text import cut, escape, length, line, plain
from bot.domain.job import JobStatus, JobSummary

_TITLE: Final = "Find a training job"
_LABEL: Final = "Training job"
_PLACEHOLDER: Final = "Name, ID, model or status"
_HINT: Final = "Newest first. For an older job, use its full ID."
_WORD_CHARACTERS: Final = 30


def picker_view(*, private_metadata: str) -> dict[str, Any]:
    """The window, before anything is typed; ``private_metadata`` comes back with what is chosen."""
    element = {
        "type": "external_select",
        "action_id": actions.PICK,
        "placeholder": plain_text(_PLACEHOLDER, OPTION_CHARACTERS),
        "min_query_length": 0,
        "focus_on_load": True,
    }
    field = {
        "type": "input",
        "block_id": actions.PICK,
        "label": plain_text(_LABEL, OPTION_CHARACTERS),
        "element": element,
        "hint": plain_text(_HINT, OPTION_CHARACTERS * 2),
    }
    return modal(_TITLE, [field]) | {
        "callback_id": actions.PICK,
        "submit": plain_text("Show", OPTION_CHARACTERS),
        "close": plain_text("Cancel", OPTION_CHARACTERS),
        "private_metadata": private_metadata,
    }


def picker_options(jobs: Iterable[JobSummary]) -> list[dict[str, Any]]:
    """What can be chosen; jobs whose id no option can carry are left out."""
    return [_option(job) for job in islice((job for job in jobs if _fits(job.request_id)), OPTIONS)]


def id_option(request_id: str) -> list[dict[str, Any]]:
    """The one choice where no known job has what was typed, and that is an id; none where it is too long."""
    if not _fits(request_id):
        return []
    return [{"text": _short(escape(line(f"Ask for {short_ids(request_id)}"))), "value": request_id}]


def _fits(request_id: str) -> bool:
    return can_ask_for(request_id) and length(request_id) <= OPTION_VALUE_CHARACTERS


def _option(job: JobSummary) -> dict[str, Any]:
    name = escape(line(job.experiment_name or "")) or escape(line(short_ids(job.request_id)))
    return {
        "text": _short(f"{phrases.SYMBOLS[job.status]} {name}"),
        "description": _short(_facts(job)),
        "value": job.request_id,
    }


def _facts(job: JobSummary) -> str:
    """The status, which never is empty; the model; of the id as much as there is room for."""
    status = plain(phrases.status_words(job), _WORD_CHARACTERS)
    if job.status is JobStatus.RUNNING:
        status = f"{status} {phrases.percent(job.progress)}".rstrip()
    model = (job.base_model or "").rpartition("/")[2]
    facts = (status, plain(model, _WORD_CHARACTERS), escape(line(short_ids(job.request_id))))
    return " · ".join(fact for fact in facts if fact)


def _short(text: str) -> dict[str, Any]:
    """A line of an option; there is no room to say how much was cut."""
    return plain_text(cut(text, OPTION_CHARACTERS, note="…"), OPTION_CHARACTERS)
