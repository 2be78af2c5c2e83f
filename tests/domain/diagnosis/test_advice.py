"""Advice fits where a job failed, and what the job says of itself."""

from __future__ import annotations

from typing import Any

from tests.domain.diagnosis.advised import A_JOB, diagnosis_of
from tests.tables import each_row

OOM = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB."
FRAMES = 'Traceback (most recent call last):\n  File "/opt/lib/a.py", line 3, in {}\n    x()\n{}'
X = " \N{MULTIPLICATION SIGN} "

BATCHES = (
    "AssertionError: Check batch related parameters. train_batch_size is not equal to "
    "micro_batch_per_gpu * gradient_acc_step * world_size 16 != 1 * 8 * 1"
)
SHARED_MEMORY = (
    "DataLoader worker (pid 5) is killed by signal: Bus error. It is possible that dataloader's "
    "workers are out of shared memory."
)
AS_OLDER_VERSIONS_SAY = (
    "RuntimeError: CUDA out of memory. Tried to allocate 384.00 MiB (GPU 0; 79.10 GiB total capacity;"
    " 20.04 GiB already allocated; 259.75 MiB free; 20.10 GiB reserved in total by PyTorch)"
)
FRAGMENTED = (
    f"{OOM} GPU 0 has a total capacity of 79.10 GiB of which 100.00 MiB is free. Including non-PyTorch"
    " memory, this process has 79.00 GiB memory in use. Of the allocated memory 60.00 GiB is "
    "allocated by PyTorch, and 17.50 GiB is reserved by PyTorch but unallocated."
)
IN_A_CONTAINER = (
    f"{OOM} GPU 3 has a total capacity of 79.10 GiB of which 6.00 MiB is free. Process 566 has 79.00 "
    "GiB memory in use. Of the allocated memory 77.41 GiB is allocated by PyTorch, and 47.15 MiB is "
    "reserved by PyTorch but unallocated."
)
OTHERS_HOLD_MUCH = (
    f"{OOM} GPU 3 has a total capacity of 79.10 GiB of which 0 bytes is free. Process 566 has 60.00 "
    "GiB memory in use. Including non-PyTorch memory, this process has 19.00 GiB memory in use. Of "
    "the allocated memory 18.00 GiB is allocated by PyTorch, and 10.00 MiB is reserved by PyTorch but"
    " unallocated."
)


@each_row(
    "error, says, says_not",
    [
        (
            FRAMES.format("training_step", OOM),
            "Try batch 4 with gradient accumulation 2",
            "weights were",
        ),
        (FRAMES.format("from_pretrained", OOM), "while the weights were loaded", "Try batch"),
        (f"Loading checkpoint shards:  33%|###| 1/3\n{OOM}", "while the weights were loaded", "Try batch"),
        (FRAMES.format("evaluation_loop", OOM), "per_device_eval_batch_size 8", "gradient"),
        (FRAMES.format("evaluate", OOM), "evaluation batch 16", "batch 8"),
        (
            OTHERS_HOLD_MUCH,
            "another process holds much",
            "Try batch",
        ),
        (
            IN_A_CONTAINER,
            "Try batch 4",
            "another process",
        ),
        (
            FRAGMENTED,
            "expandable_segments:True",
            "another process",
        ),
        (
            AS_OLDER_VERSIONS_SAY,
            "another process holds much",
            "Try batch",
        ),
        (
            "Loading checkpoint shards:   0% 0/2\nCalledProcessError: 'x' died with <Signals.SIGKILL: 9>.",
            "(RAM) while the weights were loaded",
            "data loader",
        ),
        ("RuntimeError: NPU out of memory. Tried to allocate 3.47 GiB", "NPU out of memory", "CUDA"),
        (
            FRAMES.format("hf_hub_download", "OSError: [Errno 28] No space left on device"),
            "a model or dataset was downloaded",
            "save_total_limit",
        ),
        (
            FRAMES.format("_prepare_split_single", "OSError: [Errno 28] No space left on device"),
            "while the dataset was prepared",
            "save_total_limit",
        ),
        (
            FRAMES.format("save_checkpoint", "OSError: [Errno 28] No space left on device"),
            "Set save_total_limit to 2",
            "downloaded",
        ),
    ],
)
def test_it_fits_where_it_failed(error: str, says: str, says_not: str) -> None:
    """While loading, training, evaluating, saving, downloading; with the GPU to oneself or not."""
    found = diagnosis_of(error, **A_JOB)
    told = f"{found.cause} {found.advice}"
    assert says in told
    assert says_not not in told


PREEMPTED = "The spot VM was preempted"


@each_row(
    "progress, settings, says",
    [
        (0, {"save_steps": 100}, "from the beginning, as no checkpoint was saved"),
        (40, {"save_strategy": "no"}, "from the beginning, as no checkpoint was saved"),
        (4, {"save_steps": 100, "max_steps": 1000}, "from the beginning, as no checkpoint was saved"),
        (10, {"save_steps": 100, "max_steps": 1000}, "from the last checkpoint (one every 100 steps)"),
        (20, {"save_strategy": "epoch", "num_epochs": 3}, "from the beginning, as no checkpoint was saved"),
        (40, {"save_strategy": "epoch", "num_epochs": 3}, "from the last checkpoint."),
        (20, {"save_steps": 0.25}, "from the beginning, as no checkpoint was saved"),
        (57, {"save_steps": 100}, "from the last checkpoint (one every 100 steps)"),
        (3, {"save_steps": 100}, "from the last checkpoint, if one was saved"),
        (None, {"save_steps": 100}, "from the last checkpoint, if one was saved"),
        (57, {}, "from the last checkpoint, if one was saved"),
    ],
)
def test_a_checkpoint_is_named_only_where_there_is_one(
    progress: float | None, settings: dict[str, Any], says: str
) -> None:
    """By what was saved how often, and how far the job came."""
    found = diagnosis_of(PREEMPTED, progress=progress, train_config={"hyperparameters": settings})
    assert says in found.advice


@each_row(
    "train_config, quantization, says",
    [
        ({"train_type": "full"}, {}, "LoRA instead of full"),
        ({"train_type": "lora"}, {}, "QLoRA, with 4-bit weights"),
        ({"adapter_config": {"r": 16}}, {}, "QLoRA, with 4-bit weights"),
        ({"train_type": "sft", "adapter_config": {"targets": ["q_proj"]}}, {}, "QLoRA, with 4-bit weights"),
        ({"adapter_config": {"r": 16}}, {"quant_bits": 4}, "GPUs with more memory"),
    ],
)
def test_lora_is_known_from_the_adapter(
    train_config: dict[str, Any], quantization: dict[str, Any], says: str
) -> None:
    """Also where nothing else names the method."""
    hyperparameters = {"per_device_train_batch_size": 1, "gradient_checkpointing": True}
    found = diagnosis_of(
        OOM,
        train_config={**train_config, "hyperparameters": hyperparameters},
        model_details={"quantization": quantization},
    )
    assert says in found.advice


@each_row(
    "error, document, says",
    [
        (PREEMPTED, {"infra_config": {"gpu_count": 1}}, "A machine (1 GPU)"),
        (PREEMPTED, {"infra_config": {"gpu_count": 2, "node_count": 2}}, f"(2 nodes{X}2 GPUs)"),
        (
            SHARED_MEMORY,
            {"train_config": {"hyperparameters": {"dataloader_num_workers": 1}}},
            "with 1 data loader worker.",
        ),
        (
            BATCHES,
            {
                "infra_config": {"gpu_count": 1},
                "train_config": {"hyperparameters": {"per_device_train_batch_size": 1}},
            },
            "Here: 1 per GPU on 1 GPU.",
        ),
    ],
)
def test_one_is_no_plural(error: str, document: dict[str, Any], says: str) -> None:
    """GPUs, nodes, workers."""
    found = diagnosis_of(error, **document)
    assert says in f"{found.cause} {found.advice}"


def test_gradient_accumulation_stands_beside_a_smaller_batch() -> None:
    """Also where gradient checkpointing is named first."""
    settings = {
        "per_device_train_batch_size": 8,
        "gradient_checkpointing": False,
        "gradient_accumulation_steps": 2,
    }
    found = diagnosis_of(OOM, train_config={"hyperparameters": settings})
    assert found.advice.startswith("Try batch 4 with gradient checkpointing, which is off.")
    assert "Gradient accumulation 4 keeps" in found.advice
