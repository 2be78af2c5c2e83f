"""Failures of the training itself: its numbers ran away, or were wrong from the start."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.evidence import Evidence
from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup, counted
from bot.domain.diagnosis.signs import conflicts, in_other_words
from bot.domain.diagnosis.signs import hyperparameters as hyperparameter_signs
from bot.domain.diagnosis.signs import training as training_signs
from bot.domain.spelling import spelled

_TIMES: Final = " \N{MULTIPLICATION SIGN} "
_TARGETS: Final = re.compile(r"[Tt]arget modules [\[{(]?([^\]}){]{1,200}?)[\]})]? not found")
_NO_MULTIPLE: Final = re.compile(
    r"but found (\d{1,9}(?:\.\d{1,6})?), which is not a (?:round )?multiple of (\d{1,9}(?:\.\d{1,6})?)"
)
_RATE: Final = re.compile(
    r"[Ii]nvalid learning rate: ?(-?[\d.]{1,12}(?:e-?\d{1,3})?)"
    r"|learning_rate.{0,30}got (-?[\d.]{1,12}(?:e-?\d{1,3})?)"
)
_FIELD: Final = re.compile(
    r"validation errors? for \w{1,60} (\w{1,60})[.\s]"
    r"|`(\w{1,60})` should be a positive integer value but the value"
)
_FIELDS: Final = re.compile(r"HfArgumentParser: \[([^\]]{1,200})\]|unexpected keyword argument '(\w{1,60})'")
_DIFFER: Final = re.compile(r"(\d{1,9}) ?!= ?(\d{1,9}) ?\* ?(\d{1,9}) ?\* ?(\d{1,9})")


def _nan_loss(setup: Setup, _evidence: Evidence) -> Explanation:
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


def _bad_hyperparameter(setup: Setup, evidence: Evidence) -> Explanation:
    for word, explain in _BAD:
        if word in evidence.said:
            return explain(setup, evidence)
    field = evidence.found(_FIELD)
    return Explanation(
        f"The setting {field} has a value that is not allowed."
        if field
        else "A value in the training configuration is not allowed.",
        "The evidence names it: correct that field and start the job again.",
    )


def _targets(setup: Setup, evidence: Evidence) -> Explanation:
    if "target modules set() not" in evidence.said:
        return Explanation(
            "The adapter has no target modules.",
            "Name the layers to adapt (target_modules), or set all-linear.",
        )
    named = evidence.found(_TARGETS).replace("'", "").replace('"', "")
    targets = named or setup.texts("targets", "target_modules", "lora_target")
    those = f" ({targets})" if targets else ""
    use = "the names" if "all-linear" in evidence.said else "all-linear, or the names"
    return Explanation(
        f"The adapter's target modules{those} do not exist in {setup.model or 'the base model'}.",
        f"Use {use} that this architecture gives its layers.",
    )


def _saving(setup: Setup, evidence: Evidence) -> Explanation:
    told = _NO_MULTIPLE.search(evidence.said)
    saved = float(told[1]) if told else setup.number("save_steps")
    evaluated = float(told[2]) if told else setup.number("eval_steps")
    differs = "strategy to match" in evidence.said
    if saved and evaluated and evaluated > 0 and saved % evaluated and not differs:
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


def _batches(setup: Setup, evidence: Evidence) -> Explanation:
    match = _DIFFER.search(evidence.said)
    told = f": {match[1]} is not {_TIMES.join(match.groups()[1:])}" if match else ""
    batch, gpus = setup.batch, setup.gpu_count
    here = f" Here: {batch} per GPU on {counted(gpus, 'GPU')}." if batch and gpus else ""
    return Explanation(
        f"DeepSpeed's batch sizes contradict each other{told}.",
        f"train_batch_size has to be batch per GPU{_TIMES}gradient accumulation{_TIMES}number of GPUs;"
        f' leave it out or set it to "auto".{here}',
    )


def _precision(setup: Setup, evidence: Evidence) -> Explanation:
    kind = f" ({setup.gpus})" if setup.gpus else ""
    what = "bfloat16" if "bf16" in evidence.said else "FlashAttention"
    return Explanation(
        f"The GPUs{kind} are too old for what is set ({what}).",
        "Use float16 and the default attention, or take an Ampere GPU or newer (A10G, A100, H100).",
    )


def _checkpointing(setup: Setup, _evidence: Evidence) -> Explanation:
    return Explanation(
        f"{setup.model or 'The base model'} cannot be trained with gradient checkpointing, which is on.",
        "Switch gradient_checkpointing off, with a smaller per-device batch if memory then runs out.",
    )


def _rate(setup: Setup, evidence: Evidence) -> Explanation:
    rate = setup.number("learning_rate", "lr")
    value = evidence.found(_RATE) or (spelled(rate) if rate is not None else "")
    return Explanation(
        f"The learning rate{f' ({value})' if value else ''} is not allowed.",
        "Set a small number above 0, such as 1e-4 for LoRA or 1e-5 for full.",
    )


def _unknown_fields(_setup: Setup, evidence: Evidence) -> Explanation:
    named = evidence.found(_FIELDS).replace("'", "")
    return Explanation(
        f"The configuration has settings that the trainer does not know{f': {named}' if named else ''}.",
        "Check their spelling, or take them out: another version of the trainer may have renamed them.",
    )


_BAD: Final = (
    ("not used by the hfargumentparser", _unknown_fields),
    ("unexpected keyword argument", _unknown_fields),
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

FAILURES: Final = (
    Failure(FailureClass.NAN_LOSS, (*training_signs.NAN_LOSS, *in_other_words.NAN_LOSS), _nan_loss),
    Failure(
        FailureClass.BAD_HYPERPARAMETER,
        (
            *hyperparameter_signs.BAD_HYPERPARAMETER,
            *conflicts.CONFLICTS,
            *in_other_words.BAD_HYPERPARAMETER,
        ),
        _bad_hyperparameter,
    ),
)
