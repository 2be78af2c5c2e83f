"""A whole job document as lines of label and value, in readable groups."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from bot.cards.kit.phrases import known_name
from bot.cards.kit.text import date, plain, words
from bot.domain.job import TrainingJob
from bot.domain.redaction import is_secret_key
from bot.domain.spelling import spelled

_GROUPS: Final = {
    "model_details": "Model",
    "output_model_path": "Model",
    "train_config": "Training",
    "dataset_details": "Data",
    "dataset_config": "Data",
    "infra_config": "Hardware",
    "created_at": "Times",
    "started_at": "Times",
    "updated_at": "Times",
    "completed_at": "Times",
}
_ORDER: Final = ("Model", "Training", "Data", "Hardware", "Times", "Other")
_ELSEWHERE: Final = frozenset({"request_id", "experiment_name", "status", "progress", "error_message"})
"""Shown above the groups, or with the error."""
_NOT_CONFIGURED: Final = _ELSEWHERE | {
    *("output_model_path", "created_at", "started_at", "updated_at", "completed_at"),
}
_AMBIGUOUS: Final = frozenset({"Model", "Data"})
"""Groups with names such as type and source, which outside of them say too little."""
_LABEL_CHARACTERS: Final = 80
_VALUE_CHARACTERS: Final = 400
_DEPTH: Final = 5
_ITEMS: Final = 20
_LINES: Final = 60
_NAMED: Final = re.compile(r"(?:type|format)$")
"""Fields that hold one of the API's words."""
_MARKUP: Final = re.compile(r"[*_~`]+")

_Leaf = tuple[tuple[str, ...], object]


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines of ``mrkdwn`` under a title; ``left_out`` more are not shown."""

    title: str
    lines: tuple[str, ...]
    left_out: int


def groups(job: TrainingJob) -> tuple[Group, ...]:
    """Everything the document says, without secrets and without what is empty."""
    document = job.configuration()
    leaves: dict[str, list[_Leaf]] = {title: [] for title in _ORDER}
    known = [key for key in _GROUPS if key in document]
    others = [key for key in document if key not in _GROUPS and key not in _ELSEWHERE]
    for key in (*known, *others):
        is_group = key in _GROUPS and isinstance(document[key], Mapping)
        path = () if is_group else (key,)
        leaves[_GROUPS.get(key, "Other")].extend([] if is_secret(key) else _walk(path, document[key]))
    return tuple(_group(job, title, found) for title, found in leaves.items() if found)


def settings(job: TrainingJob) -> dict[tuple[str, ...], tuple[str, str]]:
    """What was configured: label and value by the names that lead to it; no times, no results, no secrets."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    for key, value in job.configuration().items():
        if key in _NOT_CONFIGURED or is_secret(key):
            continue
        for path, leaf in _walk((key,), value):
            named = path[1:] if key in _GROUPS and len(path) > 1 else path
            shown = _value(leaf, path[-1])
            if shown:
                group = _GROUPS.get(key, "")
                found[path] = f"{group} / {_title(named)}" if group in _AMBIGUOUS else _title(named), shown
    return found


def _walk(path: tuple[str, ...], value: object) -> Iterator[_Leaf]:
    """Every value that is not empty, with the names that lead to it."""
    if len(path) > _DEPTH:
        yield path, "nested too deep to show"
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not is_secret(key):
                yield from _walk((*path, key), item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(item, Mapping | list | tuple) for item in value):
            for index, item in enumerate(value, 1):
                yield from _walk((*path, str(index)), item)
        elif value:
            yield path, value
    elif value is not None and value != "":
        yield path, value


def _group(job: TrainingJob, title: str, leaves: list[_Leaf]) -> Group:
    lines = [_line(job, path, value) for path, value in leaves[:_LINES]]
    return Group(title, tuple(text for text in lines if text), max(0, len(leaves) - _LINES))


def _line(job: TrainingJob, path: tuple[str, ...], value: object) -> str:
    shown = _moment(job, path) or _value(value, path[-1] if path else "")
    return f"{_title(path)}: {shown}" if shown else ""


def _title(path: tuple[str, ...]) -> str:
    """The names that lead to a value, as people read them; never empty."""
    names = [text for text in map(label, path) if text] or [path[-1].capitalize()]
    shown = (plain(_MARKUP.sub(" ", text), _LABEL_CHARACTERS) for text in names)
    return " / ".join(filter(None, shown)) or "No name"


def _moment(job: TrainingJob, path: tuple[str, ...]) -> str:
    """The time a top-level field holds, if it could be read."""
    known: dict[tuple[str, ...], datetime | None] = {
        ("created_at",): job.created_at,
        ("started_at",): job.started_at,
        ("updated_at",): job.updated_at,
        ("completed_at",): job.completed_at,
    }
    moment = known.get(path)
    return date(moment) if moment else ""


def _value(value: Any, field: str = "") -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return spelled(value)
    if isinstance(value, str):
        return (_NAMED.search(field) and known_name(value)) or words(value, _VALUE_CHARACTERS)
    if not isinstance(value, Sequence):
        return ""
    shown = ", ".join(text for text in map(_item, value[:_ITEMS]) if text)
    more = len(value) - _ITEMS
    return f"{shown} and {more:,} more" if more > 0 else shown


def _item(value: Any) -> str:
    return words(value, _LABEL_CHARACTERS) if isinstance(value, str) else _value(value)


_LABELS: Final = {
    "request_id": "Job ID",
    "experiment_name": "Experiment",
    "base_model": "Base model",
    "model_type": "Model type",
    "source_type": "Source",
    "quant_bits": "Quantization bits",
    "type": "Type",
    "train_type": "Fine-tuning",
    "torch_dtype": "Precision",
    "num_epochs": "Epochs",
    "per_device_train_batch_size": "Batch size per GPU",
    "per_device_eval_batch_size": "Evaluation batch size per GPU",
    "save_steps": "Save every (steps)",
    "save_total_limit": "Checkpoints kept",
    "eval_steps": "Evaluate every (steps)",
    "logging_steps": "Log every (steps)",
    "dataloader_num_workers": "Data loader workers",
    "r": "Rank (r)",
    "alpha": "Alpha",
    "targets": "Target modules",
    "dataset_name": "Name",
    "dataset_path": "Path",
    "dataset_description": "Description",
    "dataset_type": "File format",
    "dataset_format": "Format",
    "gpu_type": "GPU",
    "gpu_count": "GPUs per node",
    "node_count": "Nodes",
    "infra_type": "Provider",
    "output_model_path": "Output model",
    "created_at": "Created",
    "updated_at": "Updated",
    "started_at": "Started",
    "completed_at": "Ended",
    "hyperparameters": "",
    "preprocessing": "",
    "quantization": "",
    "adapter_config": "Adapter",
}
"""Labels where the field's own name would not do; an empty one is left out of a path."""


@lru_cache(maxsize=1024)
def is_secret(key: str) -> bool:
    """Whether the name is that of a secret, or holds one."""
    return is_secret_key(key)


def label(key: str) -> str:
    """A field's name as people read it; of untrusted text, still to be cleaned."""
    known = _LABELS.get(key)
    if known is not None:
        return known
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
