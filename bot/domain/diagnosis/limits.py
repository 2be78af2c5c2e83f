"""Failures by those who lend the machines: no more time, no more quota, somebody else goes first."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.evidence import Evidence
from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs import in_other_words
from bot.domain.diagnosis.signs import limits as limits_signs
from bot.domain.spelling import spelled


def _named(setup: Setup) -> str:
    return f" ({setup.gpus})" if setup.gpus else ""


def _progress(setup: Setup) -> str:
    progress = setup.job.progress
    return f" at {int(progress)}%" if progress is not None else ""


def _from_there(setup: Setup) -> str:
    """Where another start can go on."""
    if setup.has_checkpoint is False:
        return "from the beginning, as no checkpoint was saved"
    every = setup.number("save_steps")
    if setup.has_checkpoint and every and every > 1:
        return f"from the last checkpoint (one every {spelled(every)} steps)"
    return (
        "from the last checkpoint" if setup.has_checkpoint else "from the last checkpoint, if one was saved"
    )


def _time_limit(setup: Setup, _evidence: Evidence) -> Explanation:
    after = f" after {setup.ran}" if setup.ran else ""
    cause = f"The job reached its time limit{after}{_progress(setup)}."
    epochs = setup.number("num_epochs", "num_train_epochs", "epochs")
    fewer = f" Or train fewer than {spelled(epochs)} epochs." if epochs and epochs > 1 else ""
    return Explanation(cause, f"Raise the limit, or start again {_from_there(setup)}.{fewer}")


def _preempted(setup: Setup, _evidence: Evidence) -> Explanation:
    cause = f"A machine{_named(setup)} was taken away{_progress(setup)}: preempted, as spot capacity may be."
    return Explanation(cause, f"Nothing is wrong with the job: start it again {_from_there(setup)}.")


_A_GPU: Final = re.compile(r"gpu|accelerator|nvidia|\b(?:ml\.)?[pg]\d\w{0,3}\.\d{0,2}xlarge")
_SOMETHING_ELSE: Final = re.compile(
    r"\b(?:limits|requests)\.(cpu|memory)|\b(cpu|memory|storage|pods?|disk|ip addresses) quota"
    r"|quota for (memory|cpu)"
)


def _quota_exceeded(setup: Setup, evidence: Evidence) -> Explanation:
    """The GPUs are named where the quota may be theirs, and not those of another request."""
    other = "" if _A_GPU.search(evidence.said) else evidence.found_in_lower(_SOMETHING_ELSE)
    if other:
        return Explanation(
            f"A quota of the account is used up: {'CPU' if other == 'cpu' else other}.",
            "Wait until other jobs end, or have that quota raised. Another GPU type would not help.",
        )
    kind = setup.job.infra_config.gpu_type or ""
    kinds = set(_A_KIND.findall(evidence.said))
    is_ours = bool(setup.gpus) and (not kinds or kind.lower() in kinds)
    cause = (
        f"A quota of the account does not allow {setup.gpus}."
        if is_ours
        else "A quota of the account is used up."
    )
    count = setup.gpu_count or 0
    fewer = f"fewer than {count} GPUs" if count > 1 else "another GPU type"
    return Explanation(cause, f"Wait until other jobs end, take {fewer}, or have the quota raised.")


_A_KIND: Final = re.compile(r"\b(k80|p100|p4|t4|v100|a10g?|a100|h100|h200|l4|l40s?|b200)\b")

FAILURES: Final = (
    Failure(FailureClass.TIME_LIMIT, (*limits_signs.TIME_LIMIT, *in_other_words.TIME_LIMIT), _time_limit),
    Failure(FailureClass.PREEMPTED, (*limits_signs.PREEMPTED, *in_other_words.PREEMPTED), _preempted),
    Failure(
        FailureClass.QUOTA_EXCEEDED,
        (*limits_signs.QUOTA_EXCEEDED, *in_other_words.QUOTA_EXCEEDED),
        _quota_exceeded,
    ),
)
