"""Failures by those who lend the machines: no more time, no more quota, somebody else goes first."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs import limits as limits_signs
from bot.domain.spelling import spelled


def _named(setup: Setup) -> str:
    return f" ({setup.gpus})" if setup.gpus else ""


def _progress(setup: Setup) -> str:
    progress = setup.job.progress
    return f" at {int(progress)}%" if progress is not None else ""


def _last_checkpoint(setup: Setup) -> str:
    every = setup.number("save_steps")
    return (
        f"the last checkpoint (one every {spelled(every)} steps)"
        if every and every > 1
        else "the last checkpoint"
    )


def _time_limit(setup: Setup, _said: str) -> Explanation:
    after = f" after {setup.ran}" if setup.ran else ""
    cause = f"The job reached its time limit{after}{_progress(setup)}."
    epochs = setup.number("num_epochs", "num_train_epochs", "epochs")
    fewer = f", or train fewer than {spelled(epochs)} epochs" if epochs and epochs > 1 else ""
    link = "," if fewer else " or"
    return Explanation(cause, f"Raise the limit{link} start again from {_last_checkpoint(setup)}{fewer}.")


def _preempted(setup: Setup, _said: str) -> Explanation:
    cause = f"A machine{_named(setup)} was taken away{_progress(setup)}: preempted, as spot capacity may be."
    return Explanation(
        cause, f"Nothing is wrong with the job: start it again from {_last_checkpoint(setup)}."
    )


def _quota_exceeded(setup: Setup, _said: str) -> Explanation:
    wanted = setup.gpus
    cause = (
        f"A quota of the account does not allow {wanted}." if wanted else "A quota of the account is used up."
    )
    count = setup.gpu_count or 0
    fewer = f"fewer than {count} GPUs" if count > 1 else "another GPU type"
    return Explanation(cause, f"Wait until other jobs end, take {fewer}, or have the quota raised.")


_NO_NETWORK_TIME: Final = r"nccl|collective|rendezvous|socket|connect|http|request timed out"

FAILURES: Final = (
    Failure(FailureClass.TIME_LIMIT, limits_signs.TIME_LIMIT, _time_limit),
    Failure(FailureClass.PREEMPTED, limits_signs.PREEMPTED, _preempted),
    Failure(FailureClass.QUOTA_EXCEEDED, limits_signs.QUOTA_EXCEEDED, _quota_exceeded),
)
