"""Job documents for the gallery: what Simplismart sends, at its best and at its worst."""

from __future__ import annotations

from typing import Any, Final

from bot.cards.kit.card_settings import CardSettings
from bot.domain.job.cost import Money

REQUEST_ID: Final = "3fe92c25-8b1f-4c5e-9a70-6d2f1e0b7a94"
SETTINGS: Final = CardSettings("https://console.example/jobs/{request_id}", {"h100": Money(2.5, "$")})
"""Of an operator who set all that cards show."""

_TRACEBACK: Final = """\
Traceback (most recent call last):
  File "/opt/train/run.py", line 212, in <module>
    main(parse_arguments())
  File "/opt/train/run.py", line 187, in main
    trainer.train(resume_from_checkpoint=latest)
  File "/opt/train/trainer.py", line 402, in training_step
    loss.backward()
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.37 GiB. GPU 1 has a total capacity of \
79.11 GiB of which 1.04 GiB is free.
E1103 12:42:17.120000 148 torch/distributed/elastic/multiprocessing/api.py:874] failed (exitcode: 1)
torch.distributed.elastic.multiprocessing.errors.ChildFailedError: run.py FAILED
"""

RUNNING: Final[dict[str, Any]] = {
    "request_id": REQUEST_ID,
    "experiment_name": "support-assistant-v3",
    "status": "RUNNING",
    "created_at": "2025-11-03T09:58:00Z",
    "started_at": "2025-11-03T10:04:00Z",
    "updated_at": "2025-11-03T13:15:30Z",
    "completed_at": None,
    "progress": 52.4,
    "dataset_config": {
        "preprocessing": {
            "lazy_tokenize": True,
            "streaming": False,
            "prompt": {"system": "You are a patient support agent.", "max_length": 4096, "template": None},
        },
        "split": {"type": "random", "ratios": [0.9, 0.1]},
    },
    "model_details": {
        "base_model": "meta-llama/Llama-3.1-8B-Instruct",
        "ownership": "public",
        "source_type": "hf",
        "model_type": "llm",
        "quantization": {"quant_bits": 4},
    },
    "train_config": {
        "type": "sft",
        "torch_dtype": "bfloat16",
        "task_type": "causal_lm",
        "train_type": "lora",
        "tuner_backend": "peft",
        "hyperparameters": {
            "num_epochs": 3,
            "per_device_train_batch_size": 8,
            "per_device_eval_batch_size": 8,
            "gradient_checkpointing": True,
            "save_steps": 500,
            "save_total_limit": 2,
            "eval_steps": 500,
            "logging_steps": 5,
            "learning_rate": 0.0001,
            "dataloader_num_workers": 4,
        },
        "adapter_config": {"r": 16, "alpha": 32, "dropout": 0.1, "targets": ["q_proj", "k_proj", "v_proj"]},
        "distributed": {"type": "fsdp"},
    },
    "dataset_details": {
        "dataset_name": "support-dialogues-2025",
        "dataset_path": "s3://training-data/support/dialogues.jsonl",
        "dataset_description": "Solved tickets, January to September",
        "dataset_type": "jsonl",
        "dataset_format": "sharegpt",
        "source_type": "s3",
        "ownership": "private",
        "secret_id": "sec-91f0c7",
        "region": "us-west-2",
    },
    "infra_config": {"gpu_type": "h100", "gpu_count": 2, "infra_type": "simplismart", "node_count": 2},
    "output_model_path": None,
    "error_message": None,
}

RUNNING_BEFORE: Final = {**RUNNING, "updated_at": "2025-11-03T12:58:30Z", "progress": 48.1}
MARKED: Final = {**RUNNING, "experiment_name": "*support* `v3`"}
QUEUED: Final = {
    **RUNNING,
    "status": "QUEUED",
    "created_at": "2025-11-03T13:03:40Z",
    "updated_at": "2025-11-03T13:03:40Z",
    "started_at": None,
    "progress": 0,
}
STARTING: Final = {
    **RUNNING,
    "started_at": "2025-11-03T13:12:00Z",
    "updated_at": "2025-11-03T13:15:00Z",
    "progress": 1.2,
}
COMPLETED: Final = {
    **RUNNING,
    "status": "COMPLETED",
    "progress": 100,
    "updated_at": "2025-11-03T13:02:10Z",
    "completed_at": "2025-11-03T13:02:10Z",
    "output_model_path": "s3://trained-models/support-assistant-v3/final",
}
DIVERGED: Final = {**COMPLETED, "output_model_path": "s3://trained-models/support-v3/final"}
FAILED: Final = {
    **RUNNING,
    "status": "FAILED",
    "progress": 46.8,
    "updated_at": "2025-11-03T12:42:17Z",
    "completed_at": "2025-11-03T12:42:17Z",
    "error_message": _TRACEBACK,
}
FAILED_UNKNOWN: Final = {
    **FAILED,
    "error_message": """\
Traceback (most recent call last):
  File "/opt/train/run.py", line 187, in main
    trainer.train()
  File "/opt/train/collate.py", line 61, in __call__
    raise RuntimeError(f"shard {number} has no {column}")
RuntimeError: shard 3 has no labels_v2
""",
}
FAILED_SILENTLY: Final = {**FAILED, "error_message": None}
FAILED_AT_LENGTH: Final = {
    **FAILED,
    "error_message": "\n".join(
        f"2025-11-03 12:{n // 60 % 60:02}:{n % 60:02} step {n} loss 0.{n % 977:03}" for n in range(2700)
    )
    + f"\n{_TRACEBACK}",
}
CANCELLED: Final = {
    **RUNNING,
    "status": "CANCELED",
    "progress": 18,
    "updated_at": "2025-11-03T11:09:00Z",
    "completed_at": "2025-11-03T11:09:00Z",
}
PAUSED: Final = {**RUNNING, "status": "PAUSED_FOR_MAINTENANCE"}
FULL_FINE_TUNING: Final = {
    **RUNNING,
    "experiment_name": "catalogue-vision",
    "model_details": {"base_model": "Qwen/Qwen2-VL-7B-Instruct", "model_type": "vlm", "quantization": {}},
    "train_config": {
        "type": "dpo",
        "train_type": "full",
        "hyperparameters": {"num_epochs": 1, "learning_rate": 2e-5, "per_device_train_batch_size": 2},
        "adapter_config": {},
        "distributed": {},
    },
    "infra_config": {"gpu_type": "a100", "gpu_count": 8, "node_count": 1},
}
EMPTY: Final[dict[str, Any]] = {}
NULLS: Final[dict[str, Any]] = dict.fromkeys(RUNNING)

EXAMPLE: Final[dict[str, Any]] = {
    "request_id": "<string>",
    "experiment_name": "<string>",
    "created_at": "2023-11-07T05:31:56Z",
    "updated_at": "2023-11-07T05:31:56Z",
    "started_at": "2023-11-07T05:31:56Z",
    "completed_at": "2023-11-07T05:31:56Z",
    "progress": 123,
    "dataset_config": {
        "preprocessing": {
            "lazy_tokenize": True,
            "streaming": True,
            "prompt": {"system": "<string>", "max_length": 123, "template": "<string>"},
        },
        "split": {"ratios": [123]},
    },
    "model_details": {"base_model": "<string>", "quantization": {}},
    "train_config": {
        "tuner_backend": "<string>",
        "hyperparameters": {
            "num_epochs": 123,
            "per_device_train_batch_size": 123,
            "per_device_eval_batch_size": 123,
            "gradient_checkpointing": True,
            "save_steps": 123,
            "save_total_limit": 123,
            "eval_steps": 123,
            "logging_steps": 123,
            "learning_rate": 123,
            "dataloader_num_workers": 123,
        },
        "adapter_config": {"r": 123, "alpha": 123, "dropout": 123, "targets": ["<string>"]},
        "distributed": {},
    },
    "dataset_details": {
        "dataset_name": "<string>",
        "dataset_path": "<string>",
        "dataset_description": "<string>",
        "secret_id": "<string>",
        "region": "<string>",
    },
    "infra_config": {"gpu_count": 2, "infra_type": "<string>", "node_count": 2},
    "output_model_path": "<string>",
    "error_message": "<string>",
}
"""The example on the vendor's page for ``GET /job/get/``, as it is printed there."""

_TRICKS: Final = "<!channel> <@U0123ABC> <https://example.com|click> *bold* `code` & :tada: \u202efdp.exe"
HOSTILE: Final[dict[str, Any]] = {
    **FAILED,
    "experiment_name": f"{_TRICKS} " * 40,
    "model_details": {"base_model": _TRICKS, "model_type": _TRICKS, "quantization": [4]},
    "train_config": ["a list", "where an object belongs"],
    "dataset_details": {"dataset_name": "```\n*fence*\n```", "dataset_format": _TRICKS, "source_type": 7},
    "infra_config": {"gpu_type": _TRICKS, "gpu_count": "2", "node_count": -1},
    "progress": "250",
    "created_at": "yesterday",
    "started_at": "2099-01-01T00:00:00",
    "error_message": f"ValueError: {_TRICKS}\nauthorization: Bearer c2VjcmV0LXRva2VuLWhlcmU",
    _TRICKS: {_TRICKS: [_TRICKS, {"deep": [[_TRICKS]]}], "api_key": "do-not-show"},
}
RIGHT_TO_LEFT: Final[dict[str, Any]] = {
    **RUNNING,
    "experiment_name": "מודל תמיכה בעברית 🚀",
    "dataset_details": {**RUNNING["dataset_details"], "dataset_name": "محادثات الدعم"},
}
