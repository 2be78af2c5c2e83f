"""What a job was to do, as far as its document says, in words for a sentence."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.domain.job import TrainingJob
from bot.domain.job.reading import read_count, read_flag, read_number, read_text, read_texts
from bot.domain.redaction import cleaned
from bot.domain.spelling import one_line

_READ: Final = 2000
"""Characters of a value that are looked at; more than are shown, so that no secret is seen in part."""
_MOST_VALUES: Final = 5000
_TIMES: Final = " \N{MULTIPLICATION SIGN} "
_GPU_NAME: Final = re.compile(r"[a-z]{1,4}\d{1,4}[a-z]{0,4}", re.IGNORECASE)
_ALL: Final = 100
"""Percent."""
_SURELY_SAVED: Final = 10
"""Percent from which on a job that saves every so many steps has surely saved once."""
_SECONDS_A_MINUTE: Final = 60
_MINUTES_AN_HOUR: Final = 60

_TOKENS: Final = (
    "max_seq_length",
    "max_seq_len",
    "max_sequence_length",
    "sequence_length",
    "sequence_len",
    "seq_length",
    "seq_len",
    "cutoff_len",
    "context_length",
    "model_max_length",
    "block_size",
    "max_length",
)


def counted(number: int, one: str, several: str = "") -> str:
    """``1 GPU``, ``2 GPUs``."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def shown(text: str | None, most: int = 60) -> str:
    """An untrusted value on one line, without secrets, cut to ``most`` characters; empty for none."""
    if not text:
        return ""
    printable = "".join(char if char.isprintable() else " " for char in cleaned(text[:_READ]))
    return one_line(printable, most)


class Setup:
    """A job's configuration by the usual names, also of fields that nobody documented.

    Numbers that make no sense where they stand (a batch of 0) count as absent.
    """

    def __init__(self, job: TrainingJob) -> None:
        self.job = job
        self._values = _by_name(job.configuration())

    def count(self, *names: str) -> int | None:
        """The first of these fields that holds a whole number above 0."""
        counts = (read_count(self._values.get(name)) for name in names)
        return next((count for count in counts if count is not None and count > 0), None)

    def number(self, *names: str) -> float | None:
        """The first of these fields that holds a number."""
        numbers = (read_number(self._values.get(name)) for name in names)
        return next((number for number in numbers if number is not None), None)

    def flag(self, *names: str) -> bool | None:
        """The first of these fields that holds a yes or no."""
        flags = (read_flag(self._values.get(name)) for name in names)
        return next((flag for flag in flags if flag is not None), None)

    def text(self, *names: str) -> str:
        """The first of these fields that holds words, fit to be shown; empty for none."""
        texts = (read_text(self._values.get(name)) for name in names)
        return shown(next((text for text in texts if text is not None), None))

    def texts(self, *names: str) -> str:
        """The first of these fields that holds a list, with commas, fit to be shown; empty for none."""
        lists = (read_texts(self._values.get(name)) for name in names)
        return shown(", ".join(next((texts for texts in lists if texts), ())[:6]))

    @property
    def batch(self) -> int | None:
        """Samples a GPU takes at once while it trains."""
        return self.count(
            "per_device_train_batch_size", "train_micro_batch_size_per_gpu", "micro_batch_size", "batch_size"
        )

    @property
    def tokens(self) -> int | None:
        """How long a sample may be."""
        return self.count(*_TOKENS)

    @property
    def has_checkpoint(self) -> bool | None:
        """Whether a checkpoint was saved, as far as the configuration and the progress tell; else None."""
        progress, every = self.job.progress, self.number("save_steps")
        strategy = self.text("save_strategy").lower()
        if progress == 0 or strategy in {"no", "none", "never"}:
            return False
        if progress is None:
            return None
        steps, epochs = self.number("max_steps"), self.number("num_epochs", "num_train_epochs", "epochs")
        if strategy == "epoch":
            return None if not epochs or epochs <= 0 else progress >= _ALL / epochs
        if every is None or every <= 0:
            return None
        if every < 1:
            return progress >= every * _ALL
        return progress * steps / _ALL >= every if steps and steps > 0 else progress >= _SURELY_SAVED or None

    @property
    def gpu_count(self) -> int | None:
        """GPUs over all nodes."""
        infra = self.job.infra_config
        if infra.gpu_count is None or infra.gpu_count <= 0:
            return None
        return infra.gpu_count * max(1, infra.node_count or 1)

    @property
    def gpus(self) -> str:
        """The hardware, nodes times GPUs of a node times their kind; empty where it is unknown."""
        infra = self.job.infra_config
        kind = shown(infra.gpu_type, 30)
        kind = kind.upper() if _GPU_NAME.fullmatch(kind) else kind
        parts = []
        if infra.node_count is not None and infra.node_count > 1:
            parts.append(counted(infra.node_count, "node"))
        if infra.gpu_count is not None and infra.gpu_count > 0:
            parts.append(str(infra.gpu_count) if kind else counted(infra.gpu_count, "GPU"))
        return _TIMES.join([*parts, kind] if kind else parts)

    @property
    def model(self) -> str:
        """The base model's name; empty where it is unknown."""
        return shown(self.job.model_details.base_model, 80)

    @property
    def dataset(self) -> str:
        """The dataset's name, or its path; empty where both are unknown."""
        details = self.job.dataset_details
        return shown(details.dataset_name or details.dataset_path, 80)

    @property
    def precision(self) -> str:
        """``float16``, ``bfloat16`` …, as far as it is known."""
        if self.flag("bf16"):
            return "bfloat16"
        return "float16" if self.flag("fp16") else shown(self.job.train_config.torch_dtype, 20).lower()

    @property
    def method(self) -> str:
        """``full``, ``lora`` or ``qlora``, also where only the adapter tells; else as it was sent."""
        sent = (self.job.train_config.train_type or "").strip().lower()
        adapter = self.job.train_config.adapter_config
        if sent in {"full", "lora", "qlora"} or not (adapter.r or adapter.alpha or adapter.targets):
            return sent
        return "qlora" if self.job.model_details.quantization.quant_bits else "lora"

    @property
    def ran(self) -> str:
        """How long the job ran: ``4 h 2 min``; empty where it is unknown."""
        start, end = self.job.started_at, self.job.completed_at or self.job.updated_at
        if start is None or end is None or end <= start:
            return ""
        minutes = int((end - start).total_seconds()) // _SECONDS_A_MINUTE
        hours, minutes = divmod(minutes, _MINUTES_AN_HOUR)
        return f"{hours} h {minutes} min" if hours else f"{max(1, minutes)} min"


def _by_name(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every value by its own name in lower case; of several the one nearest to the top."""
    values: dict[str, Any] = {}
    for key, value in _walk(document):
        values.setdefault(key.lower().replace("-", "_"), value)
    return values


def _walk(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Name and value of everything but objects, level by level."""
    waiting: deque[Mapping[str, Any]] = deque([document])
    seen = 0
    while waiting and seen < _MOST_VALUES:
        for key, value in waiting.popleft().items():
            seen += 1
            if isinstance(value, Mapping):
                waiting.append(value)
            else:
                yield key, value
