"""A sweep, when somebody wants one: four runs of one recipe that start one by one, one of which fails."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from bot.playground.training_suite.configurations import Recipe, configuration
from bot.playground.training_suite.lives import Ending, Health, JobPlan
from bot.playground.training_suite.tracebacks import CUDA_OUT_OF_MEMORY

_MINUTE: Final = 60.0
_BETWEEN_STARTS_SECONDS: Final = 15 * _MINUTE
_RUN_SECONDS: Final = 50 * _MINUTE
_MODEL: Final = "meta-llama/Llama-3.2-3B-Instruct"
_RUNS: Final = (
    ("lr1e4-r16", 1e-4, 16),
    ("lr3e4-r16", 3e-4, 16),
    ("lr1e4-r64", 1e-4, 64),
    ("lr3e3-r64", 3e-3, 64),
)
_FAILS: Final = "lr1e4-r64"
_DIVERGES: Final = "lr3e3-r64"


def sweep_jobs(start: datetime, number: int) -> tuple[JobPlan, ...]:
    """The plans of the ``number``-th sweep, all queued at ``start``; their ids never change."""
    plans = []
    for place, (name, learning_rate, rank) in enumerate(_RUNS):
        request_id = str(uuid5(NAMESPACE_URL, f"sweep {number} {name}"))
        fails = name == _FAILS
        recipe = Recipe(_MODEL, "product-reviews", rank=rank, learning_rate=learning_rate, gpu_count=1)
        plans.append(
            JobPlan(
                request_id=request_id,
                experiment_name=f"sweep-{name}",
                created_at=start,
                queued_seconds=_MINUTE + place * _BETWEEN_STARTS_SECONDS,
                run_seconds=_RUN_SECONDS + place * _MINUTE,
                configuration=configuration(recipe),
                total_steps=600,
                health=Health.DIVERGES if name == _DIVERGES else Health.WELL,
                ending=Ending.FAILED if fails else Ending.COMPLETED,
                ends_at_percent=40.0 if fails else 100.0,
                error_message=CUDA_OUT_OF_MEMORY if fails else None,
                output_model_path=f"s3://acme-trained-models/{request_id}/final",
            )
        )
    return tuple(plans)
