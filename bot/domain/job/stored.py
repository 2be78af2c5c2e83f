"""A job as it is kept: what the bot needs of the document, without secrets and of bounded size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from bot.domain.job.document import TrainingJob
from bot.domain.job.lists import JobSummary
from bot.domain.redaction import redact

ERROR_CHARACTERS: Final = 16_000
"""Of a longer error message the start and the end are kept: the end of a traceback says most."""
_START_CHARACTERS: Final = 2_000
_TEXT_CHARACTERS: Final = 2_000
_TEXTS: Final = 100
_CUT: Final = "\n…\n"
_SLIM: Final = frozenset(
    {
        "request_id",
        "experiment_name",
        "status_text",
        "created_at",
        "updated_at",
        "started_at",
        "completed_at",
        "progress",
        "infra_config",
    }
)


def kept(job: TrainingJob) -> TrainingJob:
    """The job without secrets and without anything endless: fit to be stored and to draw a card from."""
    return from_json(to_json(job))


def slim(job: TrainingJob) -> TrainingJob:
    """Only what rules and schedule need: status, times, progress, GPUs, names."""
    return from_json(_encoded(document_of(job, _SLIM)))


def with_row(job: TrainingJob, row: JobSummary) -> TrainingJob:
    """The job as kept, with what its row in the list says: name, status, times, progress.

    What the row does not say stays as it was.
    """
    said = {
        "experiment_name": row.experiment_name,
        "status": row.status_text,
        "created_at": None if row.created_at is None else row.created_at.isoformat(),
        "updated_at": None if row.updated_at is None else row.updated_at.isoformat(),
        "progress": row.progress,
    }
    return from_json(_encoded(document_of(job) | _bounded(said)))


def to_json(job: TrainingJob) -> str:
    """A document in the API's own form, which `from_json` reads; see `kept`."""
    return _encoded(document_of(job, None))


def from_json(text: str) -> TrainingJob:
    """The job that `to_json` wrote.

    Raises:
        ValueError: it is no document.
    """
    return TrainingJob.from_json(text.encode("utf-8", "replace"))


def shortened(error_message: str) -> str:
    """An error message without secrets, of at most `ERROR_CHARACTERS`."""
    text = redact(error_message)
    if len(text) <= ERROR_CHARACTERS:
        return text
    return text[:_START_CHARACTERS] + _CUT + text[_START_CHARACTERS + len(_CUT) - ERROR_CHARACTERS :]


def document_of(job: TrainingJob, fields: frozenset[str] | None = None) -> dict[str, Any]:
    """The API's own document of what is kept (of these fields only, if named); absent fields are left out."""
    document = job.model_dump(mode="json", include=set(fields) if fields else None, exclude={"status"})
    document["status"] = document.pop("status_text", None)
    if document.get("error_message"):
        document["error_message"] = shortened(document["error_message"])
    return {name: _bounded(value) for name, value in document.items() if value not in (None, {}, [])}


def _bounded(value: Any) -> Any:
    """Every text inside without secrets; the error message was cut to its own length before."""
    if isinstance(value, str):
        return value if len(value) > _TEXT_CHARACTERS else redact(value)
    if isinstance(value, dict):
        bounded = {name: _bounded(each) for name, each in value.items() if each is not None}
        return {name: each for name, each in bounded.items() if each not in ({}, [])}
    if isinstance(value, list):
        return [_bounded(each) for each in value[:_TEXTS]]
    return value


def _encoded(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
