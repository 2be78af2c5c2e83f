"""The objects inside a job document."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from bot.domain.job.reading import Count, Flag, Number, Text, Texts, read_object


class Document(BaseModel):
    """What all documents share: they do not change, and fields nobody documented are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Quantization(Document):
    """``model_details.quantization``; empty when the model is not quantised."""

    quant_bits: Count = None


class ModelDetails(Document):
    """``model_details``: what is being fine-tuned."""

    base_model: Text = None
    model_type: Text = None
    ownership: Text = None
    source_type: Text = None
    quantization: Annotated[Quantization, BeforeValidator(read_object)] = Quantization.model_construct()


class Hyperparameters(Document):
    """``train_config.hyperparameters``."""

    num_epochs: Number = None
    per_device_train_batch_size: Count = None
    per_device_eval_batch_size: Count = None
    gradient_checkpointing: Flag = None
    save_steps: Count = None
    save_total_limit: Count = None
    eval_steps: Count = None
    logging_steps: Count = None
    learning_rate: Number = None
    dataloader_num_workers: Count = None


class AdapterConfig(Document):
    """``train_config.adapter_config``: LoRA's rank, alpha, dropout and target modules."""

    r: Count = None
    alpha: Number = None
    dropout: Number = None
    targets: Texts = ()


class Distributed(Document):
    """``train_config.distributed``: ddp, fsdp or deepspeed; may be empty."""

    type: Text = None


class TrainConfig(Document):
    """``train_config``: the method and its numbers."""

    type: Text = None
    """sft, dpo or ppo."""
    train_type: Text = None
    """lora, qlora or full."""
    task_type: Text = None
    torch_dtype: Text = None
    tuner_backend: Text = None
    hyperparameters: Annotated[Hyperparameters, BeforeValidator(read_object)] = (
        Hyperparameters.model_construct()
    )
    adapter_config: Annotated[AdapterConfig, BeforeValidator(read_object)] = AdapterConfig.model_construct()
    distributed: Annotated[Distributed, BeforeValidator(read_object)] = Distributed.model_construct()


class DatasetDetails(Document):
    """``dataset_details``, without ``secret_id``: it is never read, so it cannot be shown."""

    dataset_name: Text = None
    dataset_path: Text = None
    dataset_description: Text = None
    dataset_type: Text = None
    dataset_format: Text = None
    source_type: Text = None
    ownership: Text = None
    region: Text = None


class InfraConfig(Document):
    """``infra_config``; ``gpu_count`` is per node."""

    gpu_type: Text = None
    gpu_count: Count = None
    node_count: Count = None
    infra_type: Text = None
