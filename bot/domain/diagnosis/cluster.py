"""Failures of the machines together: drivers that do not fit, processes that lose each other."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass, sign
from bot.domain.diagnosis.setup import Setup


def _on(setup: Setup) -> str:
    return f" on {setup.gpus}" if setup.gpus else ""


def _named(setup: Setup) -> str:
    return f" ({setup.gpus})" if setup.gpus else ""


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
        f"No hyperparameter is to blame. Take {other} or another image, or tell the cluster's admin.",
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


FAILURES: Final = (
    Failure(
        FailureClass.CUDA_DRIVER_MISMATCH,
        (
            sign("driver version is insufficient", r"cuda driver version is insufficient for cuda runtime"),
            sign("driver on your system is too old", r"nvidia driver on your system is too old"),
            sign("cudaerrorinsufficientdriver"),
            sign("no kernel image", r"no kernel image is available for execution"),
            sign("unsupported toolchain", r"ptx was compiled with an unsupported toolchain"),
            sign("forward compatibility was attempted"),
            sign("cuda driver initialization failed"),
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
            sign("timed out initializing process group", is_symptom=True),
            sign(
                "nccl",
                r"\bnccl (?:error: |communication |operation |collective )?(?:timeout|timed out)\b",
                unless=r"timeout (?:is |was )?(?:set|raised|=|of)",
                is_symptom=True,
            ),
            sign("watchdog got stuck", r"watchdog got stuck for \d{1,6} seconds", is_symptom=True),
            sign("ncclremoteerror", r"ncclremoteerror: a call failed", is_symptom=True),
            sign("ncclsystemerror", r"ncclsystemerror: system call", is_symptom=True),
            sign("barrier", r"monitored barrier reached timeout|timed out in barrier", is_symptom=True),
        ),
        _collective_timeout,
    ),
)
