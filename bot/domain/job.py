"""The training suite's documents, as far as they can be read.

Any field may be absent, null or of another type than documented: each is read on its own and becomes
``None`` when it cannot be understood, so that one odd field never costs the card.
Source: ``GET /job/get/``, ``/job/list/`` and ``/job/metrics/`` of the training suite (OpenAPI 2.0.0 and
the vendor's page; where they differ, both are accepted).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr
from pydantic_core import from_json

_MILLISECONDS_FROM = 1e11
"""Epoch numbers above this are milliseconds (as seconds it would be the year 5138)."""


class JobStatus(StrEnum):
    """The documented states; CANCELED and CANCELLED are one. Anything else is UNKNOWN."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_finished(self) -> bool:
        """Whether the job has ended; a status nobody documented has not."""
        return self in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


def _text(value: object) -> str | None:
    """A string as it is, a number as its digits; nothing else. Blank counts as absent."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return None
    return value.encode("utf-8", "replace").decode("utf-8")


def _number(value: object) -> float | None:
    """A finite number, also from a numeric string."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def _percent(value: object) -> float | None:
    number = _number(value.strip().removesuffix("%") if isinstance(value, str) else value)
    return None if number is None else min(100.0, max(0.0, number))


def _flag(value: object) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _time(value: object) -> datetime | None:
    """ISO 8601 or an epoch number, as aware UTC; a time without a zone is UTC."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = value / 1000 if value > _MILLISECONDS_FROM else value
            return datetime.fromtimestamp(seconds, UTC)
        if not isinstance(value, str):
            return None
        parsed = datetime.fromisoformat(value.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> tuple[str, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(text for text in map(_text, items) if text is not None)


def _numbers(value: object) -> tuple[float, ...]:
    items = value if isinstance(value, list) else [value]
    return tuple(number for number in map(_number, items) if number is not None)


def _status(value: object) -> JobStatus:
    word = (_text(value) or "").strip().upper()
    if word == "CANCELED":
        return JobStatus.CANCELLED
    return JobStatus(word) if word in JobStatus.__members__ else JobStatus.UNKNOWN


Text = Annotated[str | None, BeforeValidator(_text)]
Number = Annotated[float | None, BeforeValidator(_number)]
Count = Annotated[int | None, BeforeValidator(_count)]
Percent = Annotated[float | None, BeforeValidator(_percent)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
Time = Annotated[datetime | None, BeforeValidator(_time)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Numbers = Annotated[tuple[float, ...], BeforeValidator(_numbers)]
Status = Annotated[JobStatus, BeforeValidator(_status)]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Quantization(_Document):
    """``model_details.quantization``; empty when the model is not quantised."""

    quant_bits: Count = None


class ModelDetails(_Document):
    """``model_details``: what is being fine-tuned."""

    base_model: Text = None
    model_type: Text = None
    ownership: Text = None
    source_type: Text = None
    quantization: Annotated[Quantization, BeforeValidator(_object)] = Quantization.model_construct()


class Hyperparameters(_Document):
    """``train_config.hyperparameters``."""

    num_epochs: Number = None
    per_device_train_batch_size: Count = None
    per_device_eval_batch_size: Count = None
    gradient_checkpointing: Flag = None
    save_steps: Count = None
    save_total_limit: Count = None
    eval_steps: Count = None
    logging_steps: Count = None
    learning_rate: Number = None
    dataloader_num_workers: Count = None


class AdapterConfig(_Document):
    """``train_config.adapter_config``: LoRA's rank, alpha, dropout and target modules."""

    r: Count = None
    alpha: Number = None
    dropout: Number = None
    targets: Texts = ()


class Distributed(_Document):
    """``train_config.distributed``: ddp, fsdp or deepspeed; may be empty."""

    type: Text = None


class TrainConfig(_Document):
    """``train_config``: the method and its numbers."""

    type: Text = None
    """sft, dpo or ppo."""
    train_type: Text = None
    """lora, qlora or full."""
    task_type: Text = None
    torch_dtype: Text = None
    tuner_backend: Text = None
    hyperparameters: Annotated[Hyperparameters, BeforeValidator(_object)] = Hyperparameters.model_construct()
    adapter_config: Annotated[AdapterConfig, BeforeValidator(_object)] = AdapterConfig.model_construct()
    distributed: Annotated[Distributed, BeforeValidator(_object)] = Distributed.model_construct()


class DatasetDetails(_Document):
    """``dataset_details``, without ``secret_id``: it is never read, so it cannot be shown."""

    dataset_name: Text = None
    dataset_path: Text = None
    dataset_description: Text = None
    dataset_type: Text = None
    dataset_format: Text = None
    source_type: Text = None
    ownership: Text = None
    region: Text = None


class InfraConfig(_Document):
    """``infra_config``; ``gpu_count`` is per node."""

    gpu_type: Text = None
    gpu_count: Count = None
    node_count: Count = None
    infra_type: Text = None


class TrainingJob(_Document):
    """One training job, as ``GET /job/get/`` tells it."""

    request_id: Text = None
    experiment_name: Text = None
    status: Status = JobStatus.UNKNOWN
    status_text: Annotated[str | None, BeforeValidator(_text)] = Field(None, alias="status")
    """The status as it was sent, for the ones nobody documented."""
    created_at: Time = None
    updated_at: Time = None
    started_at: Time = None
    completed_at: Time = None
    progress: Percent = None
    """0 to 100, clamped."""
    model_details: Annotated[ModelDetails, BeforeValidator(_object)] = ModelDetails.model_construct()
    train_config: Annotated[TrainConfig, BeforeValidator(_object)] = TrainConfig.model_construct()
    dataset_details: Annotated[DatasetDetails, BeforeValidator(_object)] = DatasetDetails.model_construct()
    infra_config: Annotated[InfraConfig, BeforeValidator(_object)] = InfraConfig.model_construct()
    output_model_path: Text = None
    error_message: Text = None

    _body: bytes = PrivateAttr(default=b"{}")

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Read a document as the API sends it.

        Raises:
            ValueError: it is not JSON, or not a JSON object.
        """
        document = parse_json(body)
        if not isinstance(document, dict):
            msg = f"a job document is a JSON object, not {type(document).__name__}"
            raise ValueError(msg)  # noqa: TRY004  (callers treat both the same)
        job = cls.model_validate(document)
        job._body = body  # noqa: SLF001  (pydantic's own place for what is no field)
        return job

    def configuration(self) -> Mapping[str, Any]:
        """The whole document as sent, also what this model does not know; read anew at each call."""
        return _object(parse_json(self._body))


def parse_json(body: bytes) -> Any:
    """JSON as servers really send it: NaN, lone surrogates and stray bytes do not stop it.

    Raises:
        ValueError: it is not JSON, or nested deeper than can be read.
    """
    try:
        return from_json(body, allow_inf_nan=True)
    except ValueError:
        try:
            return json.loads(body.decode("utf-8", "replace"))
        except RecursionError as exc:
            msg = "nested too deep"
            raise ValueError(msg) from exc
