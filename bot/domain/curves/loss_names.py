"""What trainers call the loss, on the training data and on held-out data."""

from __future__ import annotations

import re
from typing import Final

TRAIN_LOSS: Final = (
    "loss",
    "train_loss",
    "train/loss",
    "training_loss",
    "train_loss_step",
    "train/loss_step",
    "lm loss",
    "lm_loss",
    "train/lm_loss",
)
"""What the loss on the training data is called, the most usual name first."""
EVAL_LOSS: Final = (
    "eval_loss",
    "eval/loss",
    "validation_loss",
    "val_loss",
    "valid_loss",
    "val/loss",
    "validation/loss",
    "lm loss validation",
)
"""What the loss on held-out data is called, the most usual name first."""
_EVALUATION_SET: Final = re.compile(r"(?:eval|val|valid|validation)[_/].+[_/]loss", re.IGNORECASE)
"""The loss on one of several sets that are held out: ``eval_legal_loss``."""


def is_evaluation_loss(key: str) -> bool:
    """Whether a series is a loss on held-out data: on all of it, or on one set of several."""
    return key.lower() in EVAL_LOSS or _EVALUATION_SET.fullmatch(key) is not None
