"""What the demo's jobs train, on what: the parts of a document that do not change while it lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

_SIGNED = (
    "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260302%2Fus-west-2%2Fs3"
    "%2Faws4_request&X-Amz-Expires=604800"
    "&X-Amz-Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024"
)
"""A made-up signed query, as people paste it: it must never be shown."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A job's configuration in short."""

    base_model: str
    dataset: str
    model_type: str = "llm"
    method: str = "sft"
    train_type: str = "lora"
    quant_bits: int | None = None
    rank: int = 16
    learning_rate: float = 1e-4
    epochs: int = 3
    batch_size: int = 8
    gpu_type: str = "h100"
    gpu_count: int = 2
    node_count: int = 1
    distributed: str = "ddp"
    dataset_format: str = "sharegpt"
    is_signed: bool = False


def configuration(recipe: Recipe) -> dict[str, Any]:
    """The five configuration objects of a job document."""
    return {
        "dataset_config": _dataset_config(recipe),
        "model_details": _model_details(recipe),
        "train_config": _train_config(recipe),
        "dataset_details": _dataset_details(recipe),
        "infra_config": {
            "gpu_type": recipe.gpu_type,
            "gpu_count": recipe.gpu_count,
            "infra_type": "simplismart",
            "node_count": recipe.node_count,
        },
    }


def _dataset_config(recipe: Recipe) -> dict[str, Any]:
    prompt = {"system": "You are a careful assistant.", "max_length": 4096, "template": None}
    return {
        "preprocessing": {"lazy_tokenize": recipe.model_type == "vlm", "streaming": False, "prompt": prompt},
        "split": {"type": "random", "ratios": [0.9, 0.1]},
    }


def _model_details(recipe: Recipe) -> dict[str, Any]:
    return {
        "base_model": recipe.base_model,
        "ownership": "public",
        "source_type": "hf",
        "model_type": recipe.model_type,
        "quantization": {} if recipe.quant_bits is None else {"quant_bits": recipe.quant_bits},
    }


def _train_config(recipe: Recipe) -> dict[str, Any]:
    adapter = {"r": recipe.rank, "alpha": 2 * recipe.rank, "dropout": 0.05, "targets": ["all-linear"]}
    return {
        "type": recipe.method,
        "torch_dtype": "bfloat16",
        "task_type": "causal_lm",
        "train_type": recipe.train_type,
        "tuner_backend": "simplismart",
        "hyperparameters": {
            "num_epochs": recipe.epochs,
            "per_device_train_batch_size": recipe.batch_size,
            "per_device_eval_batch_size": recipe.batch_size,
            "gradient_checkpointing": True,
            "save_steps": 500,
            "save_total_limit": 2,
            "eval_steps": 100,
            "logging_steps": 5,
            "learning_rate": recipe.learning_rate,
            "dataloader_num_workers": 4,
        },
        "adapter_config": {} if recipe.train_type == "full" else adapter,
        "distributed": {"type": recipe.distributed},
    }


def _dataset_details(recipe: Recipe) -> dict[str, Any]:
    path = f"s3://acme-training-datasets/{recipe.dataset}/train.jsonl"
    signed = f"https://acme-training-datasets.s3.us-west-2.amazonaws.com/{recipe.dataset}.jsonl{_SIGNED}"
    return {
        "dataset_name": recipe.dataset,
        "dataset_path": signed if recipe.is_signed else path,
        "dataset_description": f"{recipe.dataset.replace('-', ' ').capitalize()}, cleaned and deduplicated",
        "dataset_type": "jsonl",
        "dataset_format": recipe.dataset_format,
        "source_type": "s3",
        "ownership": "private",
        "secret_id": "5c1e9a54-0d5f-4f6f-9a77-2f2b8f1f7c11",
        "region": "us-west-2",
    }
