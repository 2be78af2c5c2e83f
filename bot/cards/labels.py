"""Labels for the fields of a job document, and which of them are never shown."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from bot.domain.redaction import is_secret_key

_LABELS: Final = {
    "request_id": "Request id",
    "experiment_name": "Experiment",
    "base_model": "Base model",
    "model_type": "Model type",
    "source_type": "Source",
    "quant_bits": "Quantisation bits",
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
