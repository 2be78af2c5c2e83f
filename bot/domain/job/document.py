"""The job document itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationInfo, field_validator

from bot.domain.job.json_text import parse_object, without_secret_ids
from bot.domain.job.parts import DatasetDetails, Document, InfraConfig, ModelDetails, TrainConfig
from bot.domain.job.reading import (
    Flag,
    JobStatus,
    Percent,
    Text,
    Time,
    meant_status,
    read_object,
    read_status,
    read_text,
)


class TrainingJob(Document):
    """One training job, as ``GET /job/get/`` tells it."""

    request_id: Text = None
    experiment_name: Text = None
    status_text: Annotated[str | None, BeforeValidator(read_text)] = Field(None, alias="status")
    """The status as it was sent, for the ones nobody documented."""
    created_at: Time = None
    updated_at: Time = None
    started_at: Time = None
    completed_at: Time = None
    """When it ended; what is queued or running has not, whatever is still said of an earlier end."""
    status: JobStatus = Field(JobStatus.UNKNOWN, validate_default=True)
    """What the word means: one that nobody documented, or none, is an end where the job has one."""
    progress: Percent = None
    """0 to 100, clamped."""
    model_details: Annotated[ModelDetails, BeforeValidator(read_object)] = ModelDetails.model_construct()
    train_config: Annotated[TrainConfig, BeforeValidator(read_object)] = TrainConfig.model_construct()
    dataset_details: Annotated[DatasetDetails, BeforeValidator(read_object)] = (
        DatasetDetails.model_construct()
    )
    infra_config: Annotated[InfraConfig, BeforeValidator(read_object)] = InfraConfig.model_construct()
    output_model_path: Text = None
    error_message: Text = None
    is_resumed: Flag = Field(None, alias="jobbot_is_resumed")
    """No field of the API's, as the next two: it runs, or ran, after another attempt, see
    `bot.domain.job.resuming`."""
    counted_from: Percent = Field(None, alias="jobbot_counted_from")
    """The progress with which this attempt was seen first."""
    counted_since: Time = Field(None, alias="jobbot_counted_since")
    """When it had that, by Simplismart's clock."""

    _body: bytes = PrivateAttr(default=b"{}")

    @field_validator("completed_at")
    @classmethod
    def _is_none_of_a_job_under_way(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        return None if read_status(info.data.get("status_text")).is_alive else value

    @field_validator("status", mode="before")
    @classmethod
    def _is_meant(cls, _: object, info: ValidationInfo) -> JobStatus:
        return meant_status(info.data.get("status_text"), info.data.get("completed_at"))

    @classmethod
    def from_json(cls, body: bytes) -> Self:
        """Read a document as the API sends it.

        Raises:
            ValueError: it is not JSON, or not a JSON object.
        """
        job = cls.model_validate(parse_object(body))
        job._body = body  # noqa: SLF001  (pydantic's own place for what is no field)
        return job

    def configuration(self) -> Mapping[str, Any]:
        """The whole document, also what this model does not know, read anew at each call.

        No ``secret_id`` is in it; what is nested deeper than 64 levels is left out.
        """
        return read_object(without_secret_ids(parse_object(self._body)))
