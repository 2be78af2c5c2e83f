"""Failures of the machines together: drivers that do not fit, processes that lose each other."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.evidence import Evidence
from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs import cluster as cluster_signs
from bot.domain.diagnosis.signs import in_other_words

_UNREACHABLE: Final = re.compile(r"no route to host|errno: 113\b")
"""A machine that never answers is no operation that takes too long."""


_NOT_BUILT_FOR: Final = (
    "kernel image",
    "invalid device function",
    "not compatible with the current pytorch",
    "not compiled with cuda",
    "gpu-name",
    "gpu-architecture",
)
_TIMEOUT: Final = re.compile(r"timeout\(ms\)=(\d{1,9})")


def _on(setup: Setup) -> str:
    return f" on {setup.gpus}" if setup.gpus else ""


def _named(setup: Setup) -> str:
    return f" ({setup.gpus})" if setup.gpus else ""


def _cuda_driver_mismatch(setup: Setup, evidence: Evidence) -> Explanation:
    said = evidence.said
    if any(word in said for word in _NOT_BUILT_FOR):
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


def _collective_timeout(setup: Setup, evidence: Evidence) -> Explanation:
    said = evidence.said
    told = evidence.found_in_lower(_TIMEOUT)
    configured = setup.count("ddp_timeout", "ddp_timeout_seconds", "nccl_timeout", "dist_timeout")
    seconds = int(told) // 1000 if told else configured
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
        (*cluster_signs.CUDA_DRIVER_MISMATCH, *in_other_words.CUDA_DRIVER_MISMATCH),
        _cuda_driver_mismatch,
    ),
    Failure(
        FailureClass.COLLECTIVE_TIMEOUT,
        (*cluster_signs.COLLECTIVE_TIMEOUT, *in_other_words.COLLECTIVE_TIMEOUT),
        _collective_timeout,
        contradiction=_UNREACHABLE,
    ),
)
