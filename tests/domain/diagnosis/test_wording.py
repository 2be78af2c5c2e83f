"""What a diagnosis says: the values of the configuration, and sentences that read well without them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.diagnosis import Diagnosis, FailureClass, diagnose
from bot.domain.job import TrainingJob
from tests.tables import each_row

OOM = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.32 GiB."
X = " \N{MULTIPLICATION SIGN} "
INFRA = {"gpu_type": "a10g", "gpu_count": 2, "node_count": 1}


def _diagnosis(error: str, **document: Any) -> Diagnosis:
    body = json.dumps({"status": "FAILED", "error_message": error, **document}).encode()
    diagnosis = diagnose(TrainingJob.from_json(body))
    assert diagnosis is not None
    return diagnosis


def _train(**hyperparameters: Any) -> dict[str, Any]:
    return {"hyperparameters": hyperparameters}


def test_memory_names_batch_length_and_hardware() -> None:
    """What fills the GPU, and the next smaller batch."""
    found = _diagnosis(
        OOM,
        train_config=_train(per_device_train_batch_size=8, gradient_checkpointing=False),
        dataset_config={"preprocessing": {"prompt": {"max_length": 4096}}},
        infra_config=INFRA,
    )
    assert found.cause == "CUDA out of memory: batch 8, 4,096 tokens."
    assert found.advice.startswith("Try batch 4 with gradient checkpointing, which is off.")
    assert "2,048 tokens" in found.advice


@pytest.mark.parametrize("name", ["max_seq_length", "cutoff_len", "sequence_len", "model_max_length"])
def test_the_length_is_found_by_its_usual_names(name: str) -> None:
    """Wherever it stands in the document, as a number or as text."""
    assert "8,192 tokens" in _diagnosis(OOM, train_config={name: 8192}).cause
    assert "8,192 tokens" in _diagnosis(OOM, anything={"deeper": {name: "8192"}}).cause


def test_memory_with_a_batch_of_one() -> None:
    """There is no smaller batch: other ways are named."""
    found = _diagnosis(
        OOM,
        train_config={
            **_train(per_device_train_batch_size=1, gradient_checkpointing=True),
            "train_type": "full",
            "distributed": {"type": "ddp"},
        },
        infra_config={"gpu_type": "h100", "gpu_count": 8, "node_count": 2},
    )
    assert found.cause == "CUDA out of memory: batch 1."
    assert found.advice.startswith("Try LoRA instead of full fine-tuning.")
    assert "instead of DDP" in found.advice


def test_memory_without_any_value() -> None:
    """The sentence still reads well."""
    found = _diagnosis(OOM)
    assert found.cause == "CUDA out of memory."
    assert found.advice.startswith("Try a smaller batch with gradient checkpointing.")


@each_row(
    "error, document, expected",
    [
        (
            "OSError: [Errno 28] No space left on device",
            {"train_config": _train(save_steps=500, save_total_limit=4)},
            ["every 500 steps, 4 kept", "save_total_limit 1 instead of 4"],
        ),
        (
            "FloatingPointError: Loss became infinite or NaN at iteration=0!",
            {"train_config": {**_train(learning_rate=1e-3), "torch_dtype": "float16"}},
            ["at learning rate 0.001 in float16", "bfloat16 instead of float16", "2e-4"],
        ),
        (
            "slurmstepd: error: *** JOB 1 ON n CANCELLED AT 2024-04-20T09:09:37 DUE TO TIME LIMIT ***",
            {
                "started_at": "2026-01-01T00:00:00Z",
                "completed_at": "2026-01-01T04:02:00Z",
                "progress": 57.9,
                "train_config": _train(num_epochs=3, save_steps=200),
            },
            ["after 4 h 2 min at 57%", "every 200 steps", "fewer than 3 epochs"],
        ),
        (
            "OSError: You are trying to access a gated repo.",
            {"model_details": {"base_model": "meta-llama/Llama-3.1-8B"}},
            ["meta-llama/Llama-3.1-8B is gated"],
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/data/train.jsonl'",
            {"dataset_details": {"dataset_name": "claims", "dataset_path": "/data/train.jsonl"}},
            ["The dataset claims was not found", "/data/train.jsonl"],
        ),
        (
            'ValueError: Instruction "train" corresponds to no data!',
            {"dataset_config": {"split": {"ratios": [0.9, 0.1]}}},
            ["split 0.9, 0.1"],
        ),
        (
            "ValueError: Target modules {'W_pack'} not found in the base model.",
            {"train_config": {"adapter_config": {"targets": ["W_pack"]}}},
            ["(W_pack)", "all-linear"],
        ),
        (
            "ValueError: requires the saving steps to be a round multiple of the evaluation steps",
            {"train_config": _train(save_steps=500, eval_steps=300)},
            ["save_steps 500 is no multiple of eval_steps 300", "Set save_steps to 600"],
        ),
        (
            "ValueError: PhiForCausalLM does not support gradient checkpointing",
            {"model_details": {"base_model": "microsoft/phi-1_5"}},
            ["microsoft/phi-1_5 cannot be trained with gradient checkpointing", "Switch"],
        ),
        ("ValueError: Invalid learning rate: -0.1", {"train_config": _train(learning_rate=-0.1)}, ["(-0.1)"]),
        (
            "pods is forbidden: exceeded quota: compute, requested: requests.nvidia.com/gpu=8",
            {"infra_config": {"gpu_type": "h100", "gpu_count": 8}},
            [f"8{X}H100", "fewer than 8 GPUs"],
        ),
    ],
)
def test_the_values_are_named(error: str, document: dict[str, Any], expected: list[str]) -> None:
    """Each class names what its cause hangs on."""
    found = _diagnosis(error, **document)
    for words in expected:
        assert words in f"{found.cause} {found.advice}"


@pytest.mark.parametrize(
    "error", ["exits with return code = -7", "ERROR:launcher:Rank 2 crashed with exit code -7."]
)
def test_a_write_beyond_shared_memory_is_told_by_its_signal(error: str) -> None:
    """Signal 7 is not the same as being killed: more memory would not help."""
    assert "shared memory" in _diagnosis(error).cause
    assert "shared memory" not in _diagnosis(error.replace("-7", "-9")).cause


def test_a_column_is_missing_only_where_a_row_was_read() -> None:
    """The same exception from anywhere else tells nothing."""
    frame = '  File "/opt/{}.py", line 277, in __getitem__\n    value = self.data[key]\nKeyError: {}'
    found = _diagnosis(frame.format("datasets/formatting/formatting", "'text'"))
    assert found.name is FailureClass.DATASET_INVALID
    assert "lack a column" in found.cause
    body = {"status": "FAILED", "error_message": frame.format("trainer/state", "'text'")}
    assert diagnose(TrainingJob.from_json(json.dumps(body).encode())) is None


def test_storage_that_may_hold_either_is_not_blamed() -> None:
    """Where model and dataset both come from object storage, a refusal without a name tells nothing."""
    error = (
        "ClientError: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"
    )
    body = {"status": "FAILED", "error_message": error, "model_details": {"source_type": "s3"}}
    assert diagnose(TrainingJob.from_json(json.dumps(body).encode())) is None
    named = f"{error} (claims.jsonl)"
    found = _diagnosis(
        named,
        model_details={"source_type": "s3"},
        dataset_details={"dataset_path": "s3://acme/claims.jsonl?X-Amz-Signature=abc"},
    )
    assert found.name is FailureClass.DATASET_UNAVAILABLE
