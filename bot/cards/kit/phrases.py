"""What is known of a job, in a few words each; empty where there is nothing to say."""

from __future__ import annotations

import math
from typing import Final

from bot.cards.kit.text import SEPARATOR, code, plain, unbroken, words
from bot.domain.commands.command_line import MAX_REQUEST_IDS
from bot.domain.job import (
    AdapterConfig,
    DatasetDetails,
    InfraConfig,
    JobStatus,
    JobSummary,
    ModelDetails,
    TrainConfig,
    TrainingJob,
)
from bot.domain.job.cost import Money
from bot.domain.job.ending import own_word
from bot.domain.spelling import spelled

SYMBOLS: Final = {
    JobStatus.QUEUED: "⏳",
    JobStatus.RUNNING: "🔵",
    JobStatus.COMPLETED: "✅",
    JobStatus.FAILED: "❌",
    JobStatus.CANCELLED: "➖",
    JobStatus.ENDED: "🏁",
    JobStatus.UNKNOWN: "❔",
}
"""Never without the word beside it."""
_STATUS_WORDS: Final[dict[JobStatus, str]] = {
    status: status.value.capitalize()
    for status in JobStatus
    if status not in {JobStatus.ENDED, JobStatus.UNKNOWN}
}
ENDED_WITHOUT_STATUS: Final = "Ended, status not reported"
_NAMES: Final = {
    "llm": "LLM",
    "vlm": "VLM",
    "sft": "SFT",
    "dpo": "DPO",
    "ppo": "PPO",
    "lora": "LoRA",
    "qlora": "QLoRA",
    "full": "full fine-tuning",
    "sharegpt": "ShareGPT",
    "alpaca": "Alpaca",
    "jsonl": "JSONL",
    "csv": "CSV",
    "parquet": "Parquet",
    "hf": "Hugging Face",
    "s3": "S3",
    "gcs": "Google Cloud Storage",
    "h100": "H100",
    "a100": "A100",
    "a10g": "A10G",
    "v100": "V100",
    "t4": "T4",
}
"""The API's words as people write them."""
_BAR_CELLS: Final = 8
_ALPHA: Final = "\N{GREEK SMALL LETTER ALPHA}"
_TIMES: Final = " \N{MULTIPLICATION SIGN} "
_LEAST_GPU_HOURS: Final = 0.1
_MOST_GPU_HOURS: Final = 1e12
_IDENTIFIER_CHARACTERS: Final = 200
_WORD_CHARACTERS: Final = 60


def name(text: str | None) -> str:
    """One of the API's words as people write it; any other, made harmless."""
    if text is None:
        return ""
    return _NAMES.get(text) or known_name(text) or words(text, _WORD_CHARACTERS)


def known_name(text: str) -> str | None:
    """One of the API's words as people write it; nothing for any other."""
    return _NAMES.get(text.strip().lower())


def count(many: float, noun: str) -> str:
    """How many of something: 1 epoch, 3 epochs."""
    return f"{spelled(many)} {noun}" if many == 1 else f"{spelled(many)} {noun}s"


def left_out(many: int) -> str:
    """Says that more IDs were named than are answered at once; empty where all were answered."""
    if many <= 0:
        return ""
    return f"Showing {MAX_REQUEST_IDS} of {MAX_REQUEST_IDS + many:,} (limit is {MAX_REQUEST_IDS} at a time)"


def percent(progress: float | None) -> str:
    """Progress as a number; 100% only when it is reached. Empty where it is unknown."""
    return "" if progress is None or math.isnan(progress) else f"{int(min(100, max(0, progress)))}%"


def bar(progress: float | None) -> str:
    """Progress in eight cells and a number, at 0 and 100% the number alone; empty where it is unknown."""
    shown = percent(progress)
    if shown in {"", "0%", "100%"}:
        return shown
    full = int(shown.removesuffix("%")) * _BAR_CELLS // 100
    return f"{'■' * full}{'□' * (_BAR_CELLS - full)} {shown}"


def status_words(job: TrainingJob | JobSummary) -> str:
    """The status as a word; undocumented statuses are passed through unchanged."""
    ended_as = own_word(job)
    if ended_as is not None:
        return f"Ended as {ended_as}"
    if job.status is JobStatus.ENDED:
        return ENDED_WITHOUT_STATUS
    known = _STATUS_WORDS.get(job.status)
    if known is not None:
        return known
    return f"Status: {job.status_text}" if job.status_text else "Status not reported"


def _lines(title: str, first: str, *details: str) -> str:
    """A field: its title, what it is, and the details in one line."""
    rest = SEPARATOR.join(filter(None, details))
    if first and rest:
        return f"*{title}*\n{first}\n{rest}"
    return f"*{title}*\n{first}{rest}" if first or rest else ""


def model(details: ModelDetails) -> str:
    """Base model, type and quantisation."""
    bits = details.quantization.quant_bits
    return _lines(
        "Model",
        code(details.base_model or "", _IDENTIFIER_CHARACTERS),
        name(details.model_type),
        f"{spelled(bits)}-bit" if bits is not None else "",
    )


def _adapter(config: AdapterConfig) -> str:
    rank = f"r {spelled(config.r)}" if config.r is not None else ""
    alpha = f"{_ALPHA} {spelled(config.alpha)}" if config.alpha is not None else ""
    return ", ".join(map(unbroken, filter(None, (rank, alpha))))


def _tuning(config: TrainConfig) -> str:
    kind = name(config.train_type)
    adapter = _adapter(config.adapter_config)
    if not adapter or kind == _NAMES["full"]:
        return kind
    return f"{kind or 'adapter'} {adapter}"


def method(config: TrainConfig) -> str:
    """SFT or DPO, LoRA with its numbers or full, learning rate (LR), epochs, batch size."""
    steps = config.hyperparameters
    kinds = (name(config.type), _tuning(config))
    batch, rate, epochs = steps.per_device_train_batch_size, steps.learning_rate, steps.num_epochs
    return _lines(
        "Method",
        SEPARATOR.join(filter(None, kinds)),
        unbroken(f"LR {spelled(rate)}") if rate is not None else "",
        unbroken(count(epochs, "epoch")) if epochs is not None else "",
        unbroken(f"batch {spelled(batch)} per GPU") if batch is not None else "",
    )


def dataset(details: DatasetDetails) -> str:
    """Name, format and source; the path only where there is no name."""
    return _lines(
        "Dataset",
        code(details.dataset_name or details.dataset_path or "", _IDENTIFIER_CHARACTERS),
        name(details.dataset_format),
        name(details.dataset_type),
        name(details.source_type),
    )


def gpus(config: InfraConfig) -> str:
    """Nodes times GPUs per node times type, as far as they are known."""
    kind = name(config.gpu_type)
    parts = []
    if config.node_count is not None and config.node_count > 0:
        parts.append(unbroken(count(config.node_count, "node")))
    if config.gpu_count is not None and config.gpu_count > 0:
        gpus_a_node = spelled(config.gpu_count) if kind else unbroken(count(config.gpu_count, "GPU"))
        parts.append(unbroken(f"{gpus_a_node}{_TIMES}") + kind if kind else gpus_a_node)
    elif kind:
        parts.append(kind)
    return _TIMES.join(parts)


def gpu_hours(hours: float | None) -> str:
    """How much hardware was used for how long; empty where it is unknown."""
    if hours is None or not 0 <= hours <= _MOST_GPU_HOURS:
        return ""
    amount = f"{hours:,.1f}" if hours >= _LEAST_GPU_HOURS else f"less than {_LEAST_GPU_HOURS}"
    return unbroken(f"{amount} GPU-hours")


def hardware(config: InfraConfig, hours: float | None, spent: Money | None, *, finished: bool) -> str:
    """GPUs, the GPU-hours used so far, and what they cost."""
    used = gpu_hours(hours)
    if used and spent is not None:
        used = f"{used}, {unbroken(str(spent))}"
    if used and not finished:
        used = f"{used} {unbroken('so far')}"
    return _lines("Hardware", gpus(config), used)


_CHARACTERS: Final = 80


def named(name: str | None, request_id: str) -> str:
    """For ``mrkdwn``; never empty."""
    return words(name or "", _CHARACTERS) or code(request_id, _CHARACTERS) or "a job without a name"


def spoken(name: str | None, request_id: str) -> str:
    """For notifications and screen readers; escaped, never empty."""
    return plain(name or "", _CHARACTERS) or plain(request_id, _CHARACTERS) or "a job without a name"
