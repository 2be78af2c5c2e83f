"""The jobs of the demo's second organization: a few, with names and ids of their own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import NAMESPACE_URL, uuid5

from bot.playground.training_suite.configurations import Recipe, configuration
from bot.playground.training_suite.lives import Ending, JobPlan
from bot.playground.training_suite.tracebacks import CUDA_OUT_OF_MEMORY

SECOND_ORG_ID: Final = "org-orchard-robotics"
SECOND_TOKEN: Final = "orchard-demo-key"  # noqa: S105  (made up)
_HOUR: Final = 3600.0
_QUEUED_SECONDS: Final = 240.0
_VISION: Final = "Qwen/Qwen2.5-VL-7B-Instruct"
_SMALL: Final = "meta-llama/Llama-3.2-3B-Instruct"


class _Job(NamedTuple):
    name: str
    recipe: Recipe
    created_hours_ago: float
    run_hours: float
    ending: Ending = Ending.COMPLETED
    ends_at_percent: float = 100.0
    error_message: str | None = None


_JOBS: Final = (
    _Job("fruit-picker-vlm", Recipe(_VISION, "orchard-frames", model_type="vlm", gpu_count=4), 1.2, 3.0),
    _Job("ripeness-grader-3b", Recipe(_SMALL, "ripeness-notes"), 20.0, 2.5),
    _Job(
        "pruning-planner-3b",
        Recipe(_SMALL, "pruning-plans", train_type="full", gpu_count=4),
        5.0,
        2.0,
        Ending.FAILED,
        41.0,
        CUDA_OUT_OF_MEMORY,
    ),
    _Job("harvest-forecast-3b", Recipe(_SMALL, "harvest-logs", method="dpo"), 0.5, 4.0),
)


def second_organization_jobs(start: datetime) -> tuple[JobPlan, ...]:
    """The plans of all jobs, dated so that at ``start`` some run, one has failed and one is done."""
    return tuple(
        JobPlan(
            request_id=(request_id := str(uuid5(NAMESPACE_URL, f"{SECOND_ORG_ID} {job.name}"))),
            experiment_name=job.name,
            created_at=start - timedelta(hours=job.created_hours_ago),
            queued_seconds=_QUEUED_SECONDS,
            run_seconds=job.run_hours * _HOUR,
            configuration=configuration(job.recipe),
            ending=job.ending,
            ends_at_percent=job.ends_at_percent,
            error_message=job.error_message,
            output_model_path=f"s3://orchard-trained-models/{request_id}/final",
        )
        for job in _JOBS
    )
