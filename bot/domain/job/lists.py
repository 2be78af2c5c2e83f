"""The entries of documents that hold many: the jobs of an organisation, the metric series of one job."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.domain.job.reading import (
    JobStatus,
    read_count,
    read_number,
    read_percent,
    read_status,
    read_text,
    read_time,
)
from bot.domain.redaction import redact

_PLAIN_ID: Final = re.compile(r"[0-9a-fA-F-]{1,36}", re.ASCII)
_NO_NUMBERS: Final = {
    **dict.fromkeys(("nan", "-nan"), math.nan),
    **dict.fromkeys(("inf", "infinity"), math.inf),
    **dict.fromkeys(("-inf", "-infinity"), -math.inf),
}
"""As programs print them."""


@dataclass(frozen=True, slots=True)
class JobSummary:
    """One entry of ``GET /job/list/``."""

    request_id: str
    experiment_name: str | None = None
    status: JobStatus = JobStatus.UNKNOWN
    status_text: str | None = None
    """The status as it was sent, for the ones nobody documented."""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    model_type: str | None = None
    base_model: str | None = None
    train_type: str | None = None
    progress: float | None = None
    """0 to 100, clamped."""


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One value of one series in ``GET /job/metrics/``."""

    key: str
    """The series: ``loss``, ``eval_loss``, ``learning_rate`` …"""
    value: float
    """Not always finite: a run that breaks logs NaN, which JSON also knows as null."""
    timestamp: datetime | None = None
    step: int | None = None
    epoch: float | None = None


def read_summary(entry: Mapping[str, Any]) -> JobSummary | None:
    """One entry of the list; None without a request id, or with one that holds a secret."""
    request_id = read_text(entry.get("request_id"))
    if request_id is None or not _is_fit_to_be_kept(request_id):
        return None
    return JobSummary(
        request_id=request_id,
        experiment_name=read_text(entry.get("experiment_name")),
        status=read_status(entry.get("status")),
        status_text=read_text(entry.get("status")),
        created_at=read_time(entry.get("created_at")),
        updated_at=read_time(entry.get("updated_at")),
        model_type=read_text(entry.get("model_type")),
        base_model=read_text(entry.get("base_model")),
        train_type=read_text(entry.get("train_type")),
        progress=read_percent(entry.get("progress")),
    )


def _is_fit_to_be_kept(request_id: str) -> bool:
    """An id is kept, logged and shown as it is, or not at all: a part of it names no job."""
    return _PLAIN_ID.fullmatch(request_id) is not None or redact(request_id) == request_id


def read_point(entry: Mapping[str, Any]) -> MetricPoint | None:
    """One entry of a job's metrics; None without a key or a value."""
    key, value = read_text(entry.get("key")), _measured(entry)
    if key is None or value is None:
        return None
    return MetricPoint(
        key=key,
        value=value,
        timestamp=read_time(entry.get("timestamp")),
        step=read_count(entry.get("step")),
        epoch=read_number(entry.get("epoch")),
    )


def _measured(entry: Mapping[str, Any]) -> float | None:
    """The value; NaN where there is none but should be one."""
    value = entry.get("value")
    number = read_number(value)
    if number is not None or "value" not in entry:
        return number
    if value is None:
        return math.nan
    if isinstance(value, float):
        return value
    return _NO_NUMBERS.get(value.strip().lower().removeprefix("+")) if isinstance(value, str) else None
