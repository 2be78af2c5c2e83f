"""A job as it is kept: what the bot needs of the document, without secrets and of bounded size."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from bot.domain.job.document import TrainingJob
from bot.domain.job.lists import JobSummary
from bot.domain.job.parts import InfraConfig
from bot.domain.job.reading import JobStatus, meant_status
from bot.domain.job.resuming import resumed
from bot.domain.redaction import cleaned, is_secret_key

ERROR_CHARACTERS: Final = 16_000
"""Of a longer error message the start and the end are kept: the end of a traceback says most."""
_START_CHARACTERS: Final = 2_000
_TEXT_CHARACTERS: Final = 2_000
_TEXTS: Final = 100
_FIELDS: Final = 200
_LEVELS: Final = 4
_LARGEST: Final = 1e15
_CUT: Final = "\n…\n"
_NAME_CHARACTERS: Final = 500
_EMPTY: Final = TrainingJob.model_construct()
"""Copied, not built anew: that is ten times as fast."""


def kept(job: TrainingJob) -> TrainingJob:
    """The job without secrets and without anything endless: fit to be stored and to draw a card from."""
    return from_json(to_json(job))


def slim(job: TrainingJob) -> TrainingJob:
    """Only what rules and schedule need: status, times, progress, the GPUs, names."""
    infra = job.infra_config
    return _EMPTY.model_copy(
        update={
            "request_id": job.request_id,
            "experiment_name": _name(job.experiment_name),
            "status": job.status,
            "status_text": _name(job.status_text),
            "created_at": job.created_at,
            "updated_at": job.updated_at,
            "started_at": job.started_at,
            "completed_at": job.completed_at,
            "progress": job.progress,
            "is_resumed": job.is_resumed,
            "counted_from": job.counted_from,
            "counted_since": job.counted_since,
            "infra_config": _gpus(infra.gpu_count, infra.node_count, _name(infra.gpu_type)),
        }
    )


def with_row(job: TrainingJob, row: JobSummary) -> TrainingJob:
    """The job with what its row in the list says, fit to be kept: name, status, times, progress.

    What the row does not say stays as it was.
    """
    said = {
        "experiment_name": _name(row.experiment_name),
        "status_text": _name(row.status_text),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "progress": row.progress,
    }
    changed: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if row.status_text is not None:
        # As a document says it: what is under way has no end, and what has one is over by any word.
        changed["completed_at"] = None if row.status.is_alive else job.completed_at
        unclear = row.status is JobStatus.UNKNOWN
        changed["status"] = meant_status(row.status_text, job.completed_at) if unclear else row.status
    # As it is counted by the row alone: what was known is compared, not repeated.
    changed |= {"is_resumed": None, "counted_from": None, "counted_since": None}
    return resumed(job.model_copy(update=changed), job)


def to_json(job: TrainingJob) -> str:
    """A document in the API's own form, which `from_json` reads; see `kept`."""
    return json.dumps(document_of(job), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> TrainingJob:
    """The job that `to_json` wrote.

    Raises:
        ValueError: it is no document.
    """
    return TrainingJob.from_json(text.encode("utf-8", "replace"))


def shortened(error_message: str) -> str:
    """An error message without secrets, of at most `ERROR_CHARACTERS`."""
    text = cleaned(error_message)
    if len(text) <= ERROR_CHARACTERS:
        return text
    return text[:_START_CHARACTERS] + _CUT + text[_START_CHARACTERS + len(_CUT) - ERROR_CHARACTERS :]


def plain(text: str | None) -> str | None:
    """A text without secrets, of bounded length."""
    return _clean(text, _TEXT_CHARACTERS) if text else None


def document_of(job: TrainingJob) -> dict[str, Any]:
    """The API's own document of what is kept; absent fields are left out."""
    document = job.model_dump(mode="json", by_alias=True, exclude={"status"}, exclude_defaults=True)
    if error_message := document.pop("error_message", None):
        told = _with_numbers(_bounded(document), job.configuration())
        return {**told, "error_message": shortened(error_message)}
    return dict(_bounded(document))


def _with_numbers(known: Mapping[str, Any], said: Mapping[str, Any], levels: int = _LEVELS) -> dict[str, Any]:
    """What is known, and the numbers and switches of fields that nobody documented: a diagnosis names them.

    Nothing else of those is kept: nobody knows what words in them are secret.
    """
    whole = dict(known)
    for name, value in islice(said.items(), _FIELDS):
        if is_secret_key(name):
            continue
        if isinstance(value, dict) and levels and isinstance(known.get(name, {}), dict):
            whole[name] = _with_numbers(known.get(name, {}), value, levels - 1)
        elif isinstance(value, int | float) and abs(value) < _LARGEST:
            whole.setdefault(name, value)
    return {name: value for name, value in whole.items() if value not in ({}, None)}


def _bounded(value: Any) -> Any:
    """Every text inside without secrets and not endless."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        bounded = {name: _bounded(each) for name, each in value.items() if not is_secret_key(name)}
        return {name: each for name, each in bounded.items() if each not in (None, {}, [])}
    if isinstance(value, list):
        return [_bounded(each) for each in value[:_TEXTS]]
    return value


@lru_cache(maxsize=256)
def _gpus(gpu_count: int | None, node_count: int | None, gpu_type: str | None) -> InfraConfig:
    """All jobs with the same GPUs share one such object, in time and in memory."""
    return InfraConfig(gpu_count=gpu_count, node_count=node_count, gpu_type=gpu_type)


@lru_cache(maxsize=1024)
def _name(text: str | None) -> str | None:
    """A name without secrets; the same few come again at every look, and redacting is slow."""
    return _clean(text, _NAME_CHARACTERS) if text else None


def _clean(text: str, characters: int) -> str:
    return cleaned(text, characters)
