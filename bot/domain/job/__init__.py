"""Simplismart's documents, as far as they can be read.

Any field may be absent, null or of another type than documented: each is read on its own and becomes
``None`` when it cannot be understood, so that one odd field never costs the card.
Source: ``GET /job/get/``, ``/job/list/`` and ``/job/metrics/`` of Simplismart (OpenAPI 2.0.0 and
the vendor's page; where they differ, both are accepted).
"""

from bot.domain.job.document import TrainingJob
from bot.domain.job.json_text import parse_json
from bot.domain.job.lists import (
    JobSummary,
    MetricPoint,
    read_point,
    read_summary,
)
from bot.domain.job.parts import (
    AdapterConfig,
    DatasetDetails,
    Distributed,
    Hyperparameters,
    InfraConfig,
    ModelDetails,
    Quantization,
    TrainConfig,
)
from bot.domain.job.reading import JobStatus

__all__ = [
    "AdapterConfig",
    "DatasetDetails",
    "Distributed",
    "Hyperparameters",
    "InfraConfig",
    "JobStatus",
    "JobSummary",
    "MetricPoint",
    "ModelDetails",
    "Quantization",
    "TrainConfig",
    "TrainingJob",
    "parse_json",
    "read_point",
    "read_summary",
]
