"""What is said of an error in a job, where something is."""

from __future__ import annotations

import json
from typing import Any

from bot.domain.diagnosis import Diagnosis, diagnose
from bot.domain.job import TrainingJob

A_JOB = {
    "train_config": {
        "train_type": "lora",
        "hyperparameters": {"per_device_train_batch_size": 8, "per_device_eval_batch_size": 16},
    },
    "infra_config": {"gpu_type": "a100", "gpu_count": 8, "node_count": 1},
    "model_details": {"base_model": "acme/base-9b", "source_type": "huggingface"},
    "dataset_details": {
        "dataset_name": "claims",
        "dataset_path": "s3://acme/claims.jsonl",
        "region": "us-west-2",
    },
}


def diagnosis_of(error: str, **document: Any) -> Diagnosis:
    """The diagnosis of a failed job with this error and these fields."""
    body = json.dumps({"status": "FAILED", "error_message": error, **document}).encode()
    found = diagnose(TrainingJob.from_json(body))
    assert found is not None
    return found
