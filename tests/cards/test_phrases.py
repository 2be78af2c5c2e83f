"""Numbers and facts in a few words."""

from __future__ import annotations

from bot.cards.kit.phrases import hardware, method
from bot.domain.job import InfraConfig, TrainConfig

NO_BREAK = "\u00a0"


def test_no_number_is_parted_from_its_unit() -> None:
    """Where a phone breaks the line, it breaks it between two facts."""
    config = TrainConfig.model_validate(
        {
            "type": "sft",
            "train_type": "lora",
            "adapter_config": {"r": 16, "alpha": 32},
            "hyperparameters": {"learning_rate": 1e-4, "num_epochs": 3, "per_device_train_batch_size": 8},
        }
    )
    breaks = [word.replace(NO_BREAK, " ") for word in method(config).splitlines()[-1].split(" ")]
    assert breaks == ["LR 1e-4 ·", "3 epochs ·", "batch 8 per GPU"]
    gpus = hardware(InfraConfig(gpu_type="h100", gpu_count=2, node_count=2), None, None, finished=False)
    assert [word.replace(NO_BREAK, " ") for word in gpus.splitlines()[-1].split(" ")] == [
        "2 nodes",
        "×",  # noqa: RUF001  (the sign people see)
        "2 × H100",  # noqa: RUF001  (the same)
    ]


def test_next_to_no_gpu_hours_are_not_none() -> None:
    """A job that failed at once has used some."""
    used = hardware(InfraConfig(), 0.02, None, finished=True).replace(NO_BREAK, " ")
    assert used == "*Hardware*\nless than 0.1 GPU-hours"
