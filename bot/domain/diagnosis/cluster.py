"""Failures of the machines and of those who lend them."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass, sign
from bot.domain.diagnosis.setup import Setup, spelled


def _on(setup: Setup) -> str:
    return f" on {setup.gpus}" if setup.gpus else ""


def _named(setup: Setup) -> str:
    return f" ({setup.gpus})" if setup.gpus else ""


def _progress(setup: Setup) -> str:
    progress = setup.job.progress
    return f" at {int(progress)} %" if progress is not None else ""


def _last_checkpoint(setup: Setup) -> str:
    every = setup.number("save_steps")
    return (
        f"the last checkpoint (one every {spelled(every)} steps)"
        if every and every > 1
        else "the last checkpoint"
    )


def _collective_timeout(setup: Setup, said: str) -> Explanation:
    seconds = setup.count("ddp_timeout", "ddp_timeout_seconds", "nccl_timeout", "dist_timeout")
    if any(word in said for word in ("rendezvous", "c10d store", "client socket", "waiting for")):
        cause = f"The processes{_on(setup)} did not find each other: the rendezvous failed."
        nodes = setup.job.infra_config.node_count or 1
        network = (
            "Check that the nodes reach each other on the rendezvous port" if nodes > 1 else "Start it again"
        )
        return Explanation(cause, f"{network}; one node that fails or starts late stops all the others.")
    cause = (
        f"The processes{_on(setup)} waited for each other in vain: a collective operation (NCCL) was cut off."
    )
    longer = f"raise ddp_timeout above {seconds} s" if seconds else "raise ddp_timeout"
    return Explanation(
        cause,
        "One of them was slow or gone before: look at what it says above the first NCCL line."
        f" If it was preparing data, {longer} or prepare the data beforehand.",
    )


def _cuda_driver_mismatch(setup: Setup, said: str) -> Explanation:
    if "kernel image" in said or "not compatible with the current pytorch" in said:
        cause = f"The image's PyTorch was not built for the GPUs{_named(setup)}."
    else:
        cause = f"The image's CUDA and the machine's NVIDIA driver{_on(setup)} do not fit together."
    kind = setup.gpus.rpartition(" ")[2]
    other = (
        f"another GPU type than {kind}" if setup.job.infra_config.gpu_type and kind else "another GPU type"
    )
    return Explanation(
        cause,
        f"No hyperparameter is to blame. Take {other} or another image, or tell whoever runs the machines.",
    )


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


def _time_limit(setup: Setup, _said: str) -> Explanation:
    after = f" after {setup.ran}" if setup.ran else ""
    cause = f"The job reached its time limit{after}{_progress(setup)}."
    epochs = setup.number("num_epochs", "num_train_epochs", "epochs")
    fewer = f", or train fewer than {spelled(epochs)} epochs" if epochs and epochs > 1 else ""
    link = "," if fewer else " or"
    return Explanation(cause, f"Raise the limit{link} start again from {_last_checkpoint(setup)}{fewer}.")


_NO_NETWORK_TIME: Final = r"nccl|collective|rendezvous|socket|connect|http|request timed out"

FAILURES: Final = (
    Failure(
        FailureClass.TIME_LIMIT,
        (
            sign("due to time limit"),
            sign(
                "active longer than", r"was active (?:on the node )?longer than (?:the )?specified deadline"
            ),
            sign("deadlineexceeded", r"reason\"?[:=] ?\"?deadlineexceeded"),
            sign("maxruntimeexceeded"),
            sign(
                "walltime",
                r"walltime \S{1,20} ?(?:seconds )?exceeded|exceeded (?:the |its )?(?:requested )?walltime",
            ),
            sign("run time limit", r"reaching lsf run time limit"),
            sign("duration exceeded timeout", r"job attempt duration exceeded timeout"),
            sign(
                "exceeded",
                r"exceeded (?:the |its |your )?(?:max(?:imum)? )?(?:allowed )?"
                r"(?:run ?time|wall ?time|execution time|training time|time limit|job duration)",
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
            sign("preempted", r"\b(?:was|were|been|got|is being|job|node|instance|vm|task|pod) preempted\b"),
            sign("preempted", r"\bpreempted (?:by|in order to|to (?:make room|accommodate)|on node)\b"),
            sign(
                "spot",
                r"\bspot (?:instance|vm|node|capacity)\b.{0,40}\b(?:interrupt|reclaim|evict|preempt)ed\b",
            ),
            sign("interrupt", r"\bspot (?:instance )?interruption (?:notice|warning)? ?(?:was )?received"),
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
            sign("approved", r"could not be completed as it results in exceeding approved .{1,80} quota"),
            sign("quotaexceeded", r"\bquotaexceeded\b|\bquota_exceeded\b"),
            sign("insufficient", r"\binsufficient[ _](?:\w{1,20}[ _]){0,2}quota\b"),
            sign("vcpulimitexceeded"),
            sign("vcpu", r"requested more vcpu capacity than your current vcpu limit"),
        ),
        _quota_exceeded,
    ),
    Failure(
        FailureClass.CUDA_DRIVER_MISMATCH,
        (
            sign("driver version is insufficient", r"cuda driver version is insufficient for cuda runtime"),
            sign("driver on your system is too old", r"nvidia driver on your system is too old"),
            sign("cudaerrorinsufficientdriver"),
            sign("no kernel image", r"no kernel image is available for execution"),
            sign("unsupported toolchain", r"ptx was compiled with an unsupported toolchain"),
            sign("forward compatibility was attempted"),
            sign(
                "unsupported display driver",
                r"system has unsupported display driver / cuda driver combination",
            ),
            sign("no nvidia driver", r"found no nvidia driver on your system"),
            sign("version mismatch", r"(?:nvml: )?driver/library version mismatch"),
            sign("detected cuda version", r"detected cuda version \(\S{1,8}\) mismatches the version"),
            sign("unsatisfied condition: cuda"),
            sign("nvjitlink", r"undefined symbol: \w{0,10}nvjitlink"),
            sign("libcuda", r"libcuda(?:rt)?\.so\S{0,12}: cannot open shared object"),
        ),
        _cuda_driver_mismatch,
    ),
    Failure(
        FailureClass.COLLECTIVE_TIMEOUT,
        (
            sign(
                "collective operation timeout",
                r"watchdog caught collective operation timeout",
                is_symptom=True,
            ),
            sign("rendezvous", r"rendezvous(?:timeout|connection)error", is_symptom=True),
            sign("c10d store", r"connection to the c10d store has failed", is_symptom=True),
            sign(
                "timed out",
                r"timed out after \d{1,6} seconds waiting for (?:clients|workers)",
                is_symptom=True,
            ),
            sign("client socket", r"client socket has timed out after \d{1,9} ?(?:ms|s)\b", is_symptom=True),
            sign(
                "timed out waiting",
                r"timed out waiting \d{1,9} ?ms for (?:recv|send) operation",
                is_symptom=True,
            ),
            sign("wait timeout", r"wait timeout after \d{1,9} ?ms", is_symptom=True),
            sign(
                "socket timeout",
                r"(?:runtimeerror|diststoreerror|distnetworkerror|error): socket timeout",
                is_symptom=True,
            ),
            sign("timed out", r"nccl operations have failed or timed out", is_symptom=True),
            sign("watchdog got stuck", r"watchdog got stuck for \d{1,6} seconds", is_symptom=True),
            sign("ncclremoteerror", r"ncclremoteerror: a call failed", is_symptom=True),
            sign("ncclsystemerror", r"ncclsystemerror: system call", is_symptom=True),
            sign("barrier", r"monitored barrier reached timeout|timed out in barrier", is_symptom=True),
        ),
        _collective_timeout,
    ),
)
