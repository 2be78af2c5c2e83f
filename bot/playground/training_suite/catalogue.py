"""The demo's jobs: some lives, in every state, with ids that never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from bot.playground.training_suite.configurations import Recipe, configuration
from bot.playground.training_suite.lives import Ending, Health, JobPlan
from bot.playground.training_suite.tracebacks import CUDA_OUT_OF_MEMORY, LEAKED_SECRETS

IDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "running": "3fe92c25-e5fd-4281-93df-5aa886064dbd",
        "queued": "a1d0c7e4-52b6-4c1f-8e0b-9d6f3b2a7c10",
        "fails": "c3c840b8-aee0-4b76-9da8-0ac4e0c0df8e",
        "stalls": "7b9e4f52-1c3d-4a86-b5f7-e2d1c0a9b834",
        "completed": "5d2f8a91-6e47-4b3c-a8d5-1f0e9c7b6a23",
        "cancelled": "e8c6b4a2-9f71-4d5e-8c3b-7a6f5e4d3c21",
        "dpo": "2b7d5f90-3a18-4e6c-9b4d-8c7e6f5a4b32",
        "vlm": "94f1e3d7-8b2c-4a5f-b6e9-0d1c2b3a4f56",
        "leaked": "d6a5c4b3-7e8f-4091-a2b3-c4d5e6f70819",
        "markup": "18e7d6c5-b4a3-4f92-8170-6f5e4d3c2b1a",
        "cancelled_soon": "6c5b4a39-2817-4065-b5a4-9382716f0e5d",
        "completes_soon": "f0e1d2c3-b4a5-4697-8879-6a5b4c3d2e1f",
        "diverges": "7d0c5b1e-3f24-4a68-9b17-5e8a6c2d4f03",
        "failed_before": "b81d6e2a-94c7-4f03-8a5e-27d1c9f04e63",
        "old": "40b3a2c1-d5e6-4f78-9a0b-1c2d3e4f5a6b",
    }
)
"""Request ids by what the job is there to show."""

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class _Life:
    """A plan before it has a date: ``created_hours_ago`` counts back from the suite's start."""

    key: str
    name: str
    recipe: Recipe
    created_hours_ago: float
    run_hours: float
    queued_minutes: float = 6.0
    ending: Ending = Ending.COMPLETED
    ends_at_percent: float = 100.0
    error_message: str | None = None
    total_steps: int = 1200
    health: Health = Health.WELL


_LLAMA: Final = "meta-llama/Llama-3.1-8B-Instruct"
_LLAMA_BIG: Final = "meta-llama/Llama-3.3-70B-Instruct"
_QWEN: Final = "Qwen/Qwen2.5-14B-Instruct"
_QWEN_VL: Final = "Qwen/Qwen2.5-VL-7B-Instruct"

_LIVES: Final = (
    _Life(
        "running", "support-tone-llama-8b", Recipe(_LLAMA, "support-dialogues"), 1.5, 3.5, total_steps=2400
    ),
    _Life(
        "queued",
        "contracts-qlora-70b",
        Recipe(_LLAMA_BIG, "contract-clauses", train_type="qlora", quant_bits=4, gpu_count=8, rank=64),
        0.2,
        6.0,
        queued_minutes=32,
    ),
    _Life(
        "fails",
        "legal-full-8b",
        Recipe(
            _LLAMA,
            "legal-opinions",
            train_type="full",
            learning_rate=1e-5,
            gpu_count=8,
            node_count=2,
            distributed="fsdp",
        ),
        2.0,
        4.0,
        ending=Ending.FAILED,
        ends_at_percent=57,
        error_message=CUDA_OUT_OF_MEMORY,
        total_steps=3000,
    ),
    _Life(
        "stalls",
        "search-ranker-14b",
        Recipe(_QWEN, "search-clicks", gpu_type="a100", gpu_count=4),
        2.4,
        5.0,
        ending=Ending.STALLED,
        ends_at_percent=47,
    ),
    _Life(
        "completed",
        "invoice-reader-vlm",
        Recipe(_QWEN_VL, "invoice-scans", model_type="vlm", epochs=2, gpu_count=4, is_signed=True),
        26.0,
        5.2,
    ),
    _Life(
        "cancelled",
        "safety-dpo-first-try",
        Recipe(_LLAMA, "safety-preferences", method="dpo", learning_rate=5e-6),
        9.0,
        3.0,
        ending=Ending.CANCELED,
        ends_at_percent=18,
    ),
    _Life(
        "dpo",
        "safety-dpo-second-try",
        Recipe(_LLAMA, "safety-preferences", method="dpo", learning_rate=2e-6, epochs=1, gpu_count=4),
        3.0,
        4.1,
    ),
    _Life(
        "vlm",
        "shelf-photos-vlm",
        Recipe(_QWEN_VL, "shelf-photos", model_type="vlm", gpu_count=8, node_count=2, batch_size=4),
        0.5,
        7.5,
        queued_minutes=21,
        total_steps=5000,
    ),
    _Life(
        "leaked",
        "claims-triage",
        Recipe(_QWEN, "claims-2024", is_signed=True),
        50.0,
        2.0,
        ending=Ending.FAILED,
        ends_at_percent=0.5,
        error_message=LEAKED_SECRETS,
    ),
    _Life(
        "markup",
        "<!channel> *urgent* retrain & `ship` <https://example.com|now>",
        Recipe("mistralai/Mistral-7B-Instruct-v0.3", "faq-<v2>", gpu_type="a10g", dataset_format="alpaca"),
        1.1,
        2.6,
    ),
    _Life(
        "cancelled_soon",
        "nightly-regression-3b",
        Recipe("meta-llama/Llama-3.2-3B-Instruct", "nightly-regression", gpu_type="a10g", gpu_count=1),
        0.4,
        1.8,
        ending=Ending.CANCELED,
        ends_at_percent=39,
    ),
    _Life(
        "completes_soon",
        "chat-full-1b",
        Recipe("meta-llama/Llama-3.2-1B-Instruct", "chat-logs", train_type="full", learning_rate=2e-5),
        1.6,
        1.6,
        total_steps=800,
        health=Health.OVERFITS,
    ),
    _Life(
        "diverges",
        "reviews-full-3b",
        Recipe("meta-llama/Llama-3.2-3B-Instruct", "product-reviews", train_type="full", learning_rate=3e-3),
        1.7,
        3.2,
        health=Health.DIVERGES,
    ),
    _Life(
        "failed_before",
        "faq-assistant-8b",
        Recipe(_LLAMA, "faq-answers", learning_rate=1e-4, gpu_count=4, batch_size=8),
        6.5,
        4.0,
        ending=Ending.FAILED,
        ends_at_percent=38,
        error_message=CUDA_OUT_OF_MEMORY,
        total_steps=1500,
    ),
    _Life(
        "old",
        "summaries-qlora-8bit",
        Recipe(_LLAMA, "meeting-summaries", train_type="qlora", quant_bits=8, epochs=1, gpu_type="t4"),
        170.0,
        11.0,
    ),
)


def demo_jobs(start: datetime) -> tuple[JobPlan, ...]:
    """The plans of all jobs, dated so that at ``start`` every state is there to be seen."""
    return tuple(_plan(life, start) for life in _LIVES)


def _plan(life: _Life, start: datetime) -> JobPlan:
    request_id = IDS[life.key]
    return JobPlan(
        request_id=request_id,
        experiment_name=life.name,
        created_at=start - timedelta(hours=life.created_hours_ago),
        queued_seconds=life.queued_minutes * _MINUTE,
        run_seconds=life.run_hours * _HOUR,
        configuration=configuration(life.recipe),
        total_steps=life.total_steps,
        health=life.health,
        ending=life.ending,
        ends_at_percent=life.ends_at_percent,
        error_message=life.error_message,
        output_model_path=f"s3://acme-trained-models/{request_id}/final",
    )
