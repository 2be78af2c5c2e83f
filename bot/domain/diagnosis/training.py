"""Failures of the training itself: its numbers ran away, or were wrong from the start."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs import training as training_signs
from bot.domain.spelling import spelled

_TIMES: Final = " \N{MULTIPLICATION SIGN} "
_DIFFER: Final = re.compile(r"(\d{1,9}) ?!= ?(\d{1,9}) ?\* ?(\d{1,9}) ?\* ?(\d{1,9})")


def _nan_loss(setup: Setup, _said: str) -> Explanation:
    rate, precision = setup.number("learning_rate", "lr"), setup.precision
    at = f" at learning rate {spelled(rate)}" if rate else ""
    kept = f" in {precision}" if precision else ""
    lower = spelled(float(f"{rate / 5:.1e}")) if rate and rate > 0 else ""
    ways = [f"a learning rate of {lower}" if lower else "a lower learning rate"]
    if precision in {"float16", "fp16", "half"}:
        ways.insert(0, "bfloat16 instead of float16, which overflows early")
    if not setup.number("warmup_ratio", "warmup_steps"):
        ways.append("warm-up steps")
    if not setup.number("max_grad_norm", "gradient_clipping"):
        ways.append("gradient clipping at 1.0")
    return Explanation(
        f"The loss ran away to NaN or infinity{at}{kept}.",
        f"Try {', or '.join(ways[:3])}. If it happens at the same step again, look at the data there.",
    )


def _bad_hyperparameter(setup: Setup, said: str) -> Explanation:
    for word, explain in _BAD:
        if word in said:
            return explain(setup, said)
    return Explanation(
        "A value in the training configuration is not allowed.",
        "The evidence names it: correct that field and start the job again.",
    )


def _targets(setup: Setup, _said: str) -> Explanation:
    targets, model = setup.texts("targets", "target_modules", "lora_target"), setup.model or "the base model"
    named = f" ({targets})" if targets else ""
    return Explanation(
        f"The adapter's target modules{named} do not exist in {model}.",
        "Use all-linear, or the names that this architecture gives its layers.",
    )


def _saving(setup: Setup, _said: str) -> Explanation:
    saved, evaluated = setup.number("save_steps"), setup.number("eval_steps")
    if saved and evaluated and evaluated > 0 and saved % evaluated:
        fitting = max(1, round(saved / evaluated)) * evaluated
        pair = f"save_steps {spelled(saved)} is no multiple of eval_steps {spelled(evaluated)}"
        return Explanation(
            f"To load the best model at the end, saving has to follow evaluation, but {pair}.",
            f"Set save_steps to {spelled(fitting)}, and save and evaluate by the same strategy.",
        )
    return Explanation(
        "To load the best model at the end, saving has to follow evaluation, and here it does not.",
        "Save and evaluate by the same strategy, with save_steps a multiple of eval_steps.",
    )


def _batches(setup: Setup, said: str) -> Explanation:
    match = _DIFFER.search(said)
    told = f": {match[1]} is not {_TIMES.join(match.groups()[1:])}" if match else ""
    batch, gpus = setup.batch, setup.gpu_count
    here = f" Here: {batch} per GPU on {gpus} GPUs." if batch and gpus else ""
    return Explanation(
        f"DeepSpeed's batch sizes contradict each other{told}.",
        f"train_batch_size has to be batch per GPU{_TIMES}gradient accumulation{_TIMES}number of GPUs;"
        f' leave it out or set it to "auto".{here}',
    )


def _precision(setup: Setup, _said: str) -> Explanation:
    kind = f" ({setup.gpus})" if setup.gpus else ""
    precision = setup.precision or "bfloat16 or FlashAttention"
    return Explanation(
        f"The GPUs{kind} are too old for what is set ({precision}).",
        "Use float16 and the default attention, or take an Ampere GPU or newer (A10G, A100, H100).",
    )


def _checkpointing(setup: Setup, _said: str) -> Explanation:
    return Explanation(
        f"{setup.model or 'The base model'} cannot be trained with gradient checkpointing, which is on.",
        "Switch gradient_checkpointing off, with a smaller per-device batch if memory then runs out.",
    )


def _rate(setup: Setup, _said: str) -> Explanation:
    rate = setup.number("learning_rate", "lr")
    value = f" ({spelled(rate)})" if rate is not None else ""
    return Explanation(
        f"The learning rate{value} is not allowed.",
        "Set a small number above 0, such as 1e-4 for LoRA or 1e-5 for full.",
    )


_BAD: Final = (
    ("target modules", _targets),
    ("load_best_model_at_end", _saving),
    ("saving steps to be", _saving),
    ("batch related parameters", _batches),
    ("bf16/gpu", _precision),
    ("ampere", _precision),
    ("gradient checkpointing", _checkpointing),
    ("learning rate", _rate),
)
"""What is said of some mistakes in particular."""

_NAMES: Final = (
    r"learning_rate|lr|(?:num_(?:train_)?)?epochs|(?:per_device_)?(?:train_|eval_)?batch_size"
    r"|gradient_accumulation_steps|warmup_(?:steps|ratio)|weight_decay|max_grad_norm|lora_(?:r|rank|alpha|dropout)"
    r"|save_steps|eval_steps|logging_steps|max_steps|max_(?:seq_)?length"
)
"""Fields that people set; an error that says what one of them has to be is about its value."""

FAILURES: Final = (
    Failure(FailureClass.NAN_LOSS, training_signs.NAN_LOSS, _nan_loss),
    Failure(FailureClass.BAD_HYPERPARAMETER, training_signs.BAD_HYPERPARAMETER, _bad_hyperparameter),
)
