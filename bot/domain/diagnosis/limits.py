"""Failures by those who lend the machines: no more time, no more quota, somebody else goes first."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass, sign
from bot.domain.diagnosis.setup import Setup
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
    Failure(
        FailureClass.TIME_LIMIT,
        (
            sign("due to time limit"),
            sign("due to wall", r"due to wall ?(?:clock|time) limit"),
            sign("longer than the maximum", r"\bran longer than the maximum time of \d"),
            sign(
                "active longer than", r"was active (?:on the node )?longer than (?:the )?specified deadline"
            ),
            sign("deadlineexceeded", r"reason\"?[:=] ?\"?deadlineexceeded"),
            sign("maxruntimeexceeded"),
            sign(
                "walltime",
                r"walltime \S{1,20} ?(?:seconds )?exceeded|exceeded (?:the |its )?(?:requested )?walltime",
            ),
            sign("timed out after", r"\b(?:training|job) timed out after \d", unless=_NO_NETWORK_TIME),
            sign("run time limit", r"reaching lsf run time limit"),
            sign("duration exceeded timeout", r"job attempt duration exceeded timeout"),
            sign(
                "exceeded",
                r"exceeded (?:the |its |your )?(?:max(?:imum)? )?(?:allowed )?"
                r"(?:run ?time|wall ?time|wall ?clock|execution time|training time|time limit|job duration)",
                unless=_NO_NETWORK_TIME,
            ),
            sign(
                "max",
                r"max(?:imum)?[ _]?(?:allowed )?(?:run ?time|training time|job duration)\b"
                r".{0,40}(?:exceeded|reached)",
                unless=_NO_NETWORK_TIME,
            ),
            sign(
                "time limit",
                r"\b(?:reached|hit) (?:the |its )?(?:\S{1,12} )?time limit"
                r"|time limit (?:was |of .{1,20} )?(?:exceeded|reached)",
                unless=_NO_NETWORK_TIME,
            ),
        ),
        _time_limit,
    ),
    Failure(
        FailureClass.PREEMPTED,
        (
            sign("due to preemption"),
            sign(
                "instance-",
                r"instance-(?:terminated|stopped)-(?:no-capacity|by-price|by-service|capacity-oversubscribed)",
            ),
            sign("empted", r"\b(?:was|were|been|got|is being|job|node|instance|vm|task|pod) pre-?empted\b"),
            sign("empted", r"\bpre-?empted (?:by|in order to|to (?:make room|accommodate)|on node)\b"),
            sign(
                "spot",
                r"\bspot (?:instance|vm|node|capacity)\b.{0,40}\b(?:interrupt|reclaim|evict|preempt)ed\b",
            ),
            sign("interrupt", r"\bspot (?:instance )?interruption (?:notice|warning)? ?(?:was )?received"),
            sign("spot", r"\bspot (?:instance )?interruption(?::| occurred| detected)"),
            sign("reclaimed", r"\bevicted: .{0,60}\breclaimed\b"),
            sign("host ec2", r"host ec2 (?:\(instance i-\w{1,24}\) )?terminated"),
            sign("imminent node shutdown", r"terminated in response to imminent node shutdown"),
            sign("preemptionby", r"reason\"?[:=] ?\"?preemptionby(?:kube)?scheduler"),
        ),
        _preempted,
    ),
    Failure(
        FailureClass.QUOTA_EXCEEDED,
        (
            sign("resourcelimitexceeded"),
            sign("account-level service limit"),
            sign("servicequotaexceeded"),
            sign("quota limits", r"quota metrics exceed quota limits"),
            sign(
                "quota", r"\bquota '?[\w.:/ -]{1,80}'? (?:is |was |has been )?exceeded\b", unless="disk quota"
            ),
            sign(
                "quota",
                r"\bexceed(?:s|ed|ing) (?:the |your |its |approved )?(?:[\w-]{1,40} ){0,4}quota\b",
                unless="disk quota",
            ),
            sign(
                "quota",
                r"(?:^|[\s:(])quota (?:has been |was |is )?exceeded\b",
                unless=r"disk quota|per (?:minute|second|day)|requests|rate limit",
            ),
            sign("approved", r"could not be completed as it results in exceeding approved .{1,80} quota"),
            sign("quotaexceeded", r"\bquotaexceeded\b|\bquota_exceeded\b"),
            sign("insufficient", r"\binsufficient[ _](?:\w{1,20}[ _]){0,2}quota\b"),
            sign("vcpulimitexceeded"),
            sign("vcpu", r"requested more vcpu capacity than your current vcpu limit"),
        ),
        _quota_exceeded,
    ),
)
