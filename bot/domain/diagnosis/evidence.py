"""The statement that convinced, what stands above it, and what the program was doing by then."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from bot.domain.diagnosis.log.statements import Statement
from bot.domain.diagnosis.setup import shown

REFUSED: Final = re.compile(r"too many requests|\berror '?429\b|server error")
"""A server was reached, and did not do what it was asked for."""
_MOST_ABOVE: Final = 80
_LONGEST: Final = 400
_CALLED: Final = re.compile(r", in ([\w<>.]{1,80})|\.py in ([\w<>.]{1,80})\(")
# fmt: off
_EVALUATING: Final = frozenset({
    "evaluate", "evaluation_loop", "prediction_loop", "prediction_step", "predict", "compute_metrics",
    "eval_step", "validation_step", "_run_validation", "run_validation", "validate",
})
_SAVING: Final = frozenset({
    "save_model", "save_checkpoint", "save_pretrained", "_save_checkpoint", "_save",
    "_save_optimizer_and_scheduler", "save_state", "save_16bit_model",
    "_zero3_consolidated_16bit_state_dict", "get_state_dict", "save_ckpt",
})
_TRAINING: Final = frozenset({
    "training_step", "compute_loss", "backward", "run_backward", "train_batch", "optimizer_step",
})
_LOADING: Final = frozenset({
    "from_pretrained", "load_model", "load_pretrained_model", "load_model_and_tokenizer",
    "load_state_dict", "dispatch_model", "_load_pretrained_model", "_load_state_dict_into_meta_model",
    "load_checkpoint_in_model", "caching_allocator_warmup", "prepare_model_for_kbit_training",
    "get_peft_model", "set_module_tensor_to_device", "materialize_tensors", "load_weights",
    "load_base_model",
})
# fmt: on
_DOWNLOADING: Final = re.compile(
    r"snapshot_download|hf_hub_download|http_get|download failed|downloading|\.incomplete\b|/huggingface/hub"
    r"|xet_get"
)
_PREPARING: Final = re.compile(
    r"_prepare_split|arrow_writer|download_and_prepare|/huggingface/datasets|generated:"
)


class Phase(Enum):
    """What the program was doing."""

    LOADING = auto()
    TRAINING = auto()
    EVALUATING = auto()
    SAVING = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that advice is given by, beside the configuration."""

    said: str
    """The statement, in lower case and with single spaces."""
    written: str = ""
    """The same as it was written. Untrusted: show it through `found` alone."""
    above: str = ""
    """The lines before it, in lower case."""

    @classmethod
    def of(cls, lines: Sequence[str], statement: Statement) -> Evidence:
        """What a statement says, and where."""
        following = [text for _, text in statement.following]
        above = (line[:_LONGEST] for line in lines[max(0, statement.index - _MOST_ABOVE) : statement.index])
        written = " ".join(" ".join([statement.line, *following]).split())
        return cls(statement.said, written, "\n".join(above).lower())

    @property
    def phase(self) -> Phase:
        """By the functions of the last traceback, else by the progress shown above."""
        last = self.above.rpartition("traceback (most recent call last)")[2]
        called = {first or second for first, second in _CALLED.findall(last)}
        for phase, names in _BY_FUNCTION:
            if called & names:
                return phase
        if "loading checkpoint shards" in self.above and "{'loss'" not in self.above:
            return Phase.LOADING
        return Phase.EVALUATING if "evaluation hit an out-of-memory" in self.said else Phase.UNKNOWN

    @property
    def is_download(self) -> bool:
        """Whether a file was being fetched from elsewhere."""
        return _DOWNLOADING.search(f"{self.above}\n{self.said}") is not None

    @property
    def is_preparation(self) -> bool:
        """Whether a dataset was being made ready."""
        return _PREPARING.search(f"{self.above}\n{self.said}") is not None

    def found_in_lower(self, pattern: re.Pattern[str]) -> str:
        """As `found`, where the pattern and what it finds are in lower case."""
        match = pattern.search(self.said)
        return "" if match is None else shown(next(filter(None, match.groups()), ""))

    def found(self, pattern: re.Pattern[str]) -> str:
        """What the first group of the pattern that took part has in the statement, fit to be shown."""
        match = pattern.search(self.written)
        return "" if match is None else shown(next(filter(None, match.groups()), ""))


_BY_FUNCTION: Final = (
    (Phase.SAVING, _SAVING),
    (Phase.EVALUATING, _EVALUATING),
    (Phase.TRAINING, _TRAINING),
    (Phase.LOADING, _LOADING),
)
