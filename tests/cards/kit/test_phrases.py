"""Numbers and facts in a few words."""

from __future__ import annotations

import pytest

from bot.cards.kit.phrases import dataset, gpus, method, model, used
from bot.domain.job import DatasetDetails, InfraConfig, ModelDetails, TrainConfig
from bot.domain.job.cost import Money

NO_BREAK = "\u00a0"


def test_no_number_is_parted_from_its_unit() -> None:
    """Where a phone breaks the line, it breaks it between two facts."""
    config = TrainConfig.model_validate({"type": "sft", "train_type": "lora", "adapter_config": {"r": 16}})
    assert method(config).split(" ") == ["SFT,", f"LoRA{NO_BREAK}r16"]
    shown = gpus(InfraConfig(gpu_type="h100", gpu_count=2, node_count=2))
    assert [word.replace(NO_BREAK, " ") for word in shown.split(" ")] == [
        "2 nodes",
        "×",  # noqa: RUF001  (the sign people see)
        "2 × H100",  # noqa: RUF001  (the same)
    ]
    spent = used(17.3, Money(43.25, "$")).split(" ")
    assert spent == [f"17.3{NO_BREAK}GPU-hours,", "$43.25"]


def test_next_to_no_gpu_hours_are_not_none() -> None:
    """A job that failed at once has used some; without hours there is no cost."""
    assert used(0.02, None).replace(NO_BREAK, " ") == "less than 0.1 GPU-hours"
    assert used(None, Money(1.0)) == ""


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        ({"type": "dpo", "train_type": "full", "adapter_config": {"r": 8}}, "DPO, full fine-tuning"),
        ({"train_type": "full"}, "full fine-tuning"),
        ({"adapter_config": {"r": 8}}, "adapter r8"),
        ({"type": "grpo"}, "grpo"),
        ({}, ""),
    ],
)
def test_a_method_is_said_as_far_as_it_is_known(config: dict[str, object], shown: str) -> None:
    """Each part stands alone."""
    assert method(TrainConfig.model_validate(config)).replace(NO_BREAK, " ") == shown


@pytest.mark.parametrize(
    ("config", "shown"),
    [
        ({"gpu_type": "h100"}, "H100"),
        ({"gpu_count": 8}, "8 GPUs"),
        ({"gpu_count": 1, "node_count": 1}, "1 GPU"),
        ({"gpu_count": 8, "gpu_type": "a100", "node_count": 1}, "8 \N{MULTIPLICATION SIGN} A100"),
        ({"gpu_count": 0, "node_count": -1}, ""),
    ],
)
def test_hardware_is_said_as_far_as_it_is_known(config: dict[str, object], shown: str) -> None:
    """One node is no fact."""
    assert gpus(InfraConfig.model_validate(config)).replace(NO_BREAK, " ") == shown


@pytest.mark.parametrize(
    ("base_model", "shown"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", "Llama-3.1-8B-Instruct"),
        ("/mnt/models/mine/", "mine"),
        ("gpt2", "gpt2"),
        ("org/*bold*", "`*bold*`"),
        ("x" * 100, f"{'x' * 39}…"),
        (None, ""),
    ],
)
def test_a_model_is_named_without_its_publisher(base_model: str | None, shown: str) -> None:
    """The window with details has the whole name."""
    assert model(ModelDetails(base_model=base_model)) == shown


def test_a_dataset_goes_by_its_name_or_the_end_of_its_path() -> None:
    """The end tells paths apart."""
    assert dataset(DatasetDetails(dataset_name="tickets", dataset_path="s3://b/x")) == "tickets"
    path = dataset(DatasetDetails(dataset_path=f"s3://bucket/{'deep/' * 20}tickets.jsonl"))
    assert path.startswith("`…")
    assert path.endswith("tickets.jsonl`")
    assert dataset(DatasetDetails()) == ""
