"""What is known of a job, in a few words each; empty where there is nothing to say."""

from __future__ import annotations

import math
from typing import Final

from bot.cards.kit.card_settings import short_ids
from bot.cards.kit.text import code, cut_front, plain, unbroken, words
from bot.domain.commands.command_line import MAX_REQUEST_IDS
from bot.domain.job import (
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
ENDED: Final = {
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "was cancelled",
    JobStatus.ENDED: "ended",
}
"""What a job did that ended so."""
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
_TIMES: Final = " \N{MULTIPLICATION SIGN} "
_LEAST_GPU_HOURS: Final = 0.1
_MOST_GPU_HOURS: Final = 1e12
_MODEL_CHARACTERS: Final = 40
_DATASET_CHARACTERS: Final = 40
_WORD_CHARACTERS: Final = 60
_ELLIPSIS: Final = "…"


def name(text: str | None) -> str:
    """One of the API's words as people write it; any other, made harmless."""
    if text is None:
        return ""
    return _NAMES.get(text) or known_name(text) or words(text, _WORD_CHARACTERS, note=_ELLIPSIS)


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


def status_title(job: TrainingJob | JobSummary) -> str:
    """The status in bold, as ``mrkdwn``; an undocumented word stands beside it as it was sent."""
    ended_as = own_word(job)
    if ended_as is not None:
        return f"*Ended as* {words(ended_as, _WORD_CHARACTERS)}"
    if job.status is JobStatus.UNKNOWN and job.status_text:
        return f"*Status:* {words(job.status_text, _WORD_CHARACTERS)}"
    return f"*{status_words(job)}*"


def model(details: ModelDetails) -> str:
    """The base model, without the organization that published it; ``mrkdwn``."""
    base = (details.base_model or "").rstrip("/").rpartition("/")[2]
    return words(base, _MODEL_CHARACTERS, note=_ELLIPSIS)


def _tuning(config: TrainConfig) -> str:
    kind, rank = name(config.train_type), config.adapter_config.r
    if rank is None or kind == _NAMES["full"]:
        return kind
    return unbroken(f"{kind or 'adapter'} r{spelled(rank)}")


def method(config: TrainConfig) -> str:
    """SFT or DPO, LoRA with its rank or full fine-tuning; ``mrkdwn``."""
    return ", ".join(filter(None, (name(config.type), _tuning(config))))


def dataset(details: DatasetDetails) -> str:
    """The dataset's name, or the end of its path where it has none; ``mrkdwn``."""
    shown = details.dataset_name or cut_front(details.dataset_path or "", _DATASET_CHARACTERS - 2)
    return words(shown, _DATASET_CHARACTERS, note=_ELLIPSIS)


def gpus(config: InfraConfig) -> str:
    """Nodes, where there are several, times GPUs per node times type, as far as they are known."""
    kind = name(config.gpu_type)
    parts = []
    if config.node_count is not None and config.node_count > 1:
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


def used(hours: float | None, spent: Money | None) -> str:
    """The GPU-hours used so far, and what they cost."""
    shown = gpu_hours(hours)
    return f"{shown}, {unbroken(str(spent))}" if shown and spent is not None else shown


_CHARACTERS: Final = 80


def named(name: str | None, request_id: str) -> str:
    """For ``mrkdwn``; never empty."""
    return (
        words(name or "", _CHARACTERS) or code(short_ids(request_id), _CHARACTERS) or "a job without a name"
    )


def spoken(name: str | None, request_id: str) -> str:
    """For notifications and screen readers; escaped, never empty."""
    return plain(name or "", _CHARACTERS) or plain(request_id, _CHARACTERS) or "a job without a name"
