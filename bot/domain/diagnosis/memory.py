"""Failures for want of room: on the GPU, in main memory, on the disk."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass, sign
from bot.domain.diagnosis.setup import Setup
from bot.domain.spelling import spelled

_LONG_SAMPLE: Final = 1024
"""Tokens from which on a shorter limit is worth trying."""
_SHARED: Final = re.compile(r"shared memory|dev/shm|bus|code ?[:=]? ?-7\b")
"""Signs of shared memory rather than of all of it: a process that writes beyond its end gets signal 7."""


def _gpu_out_of_memory(setup: Setup, _said: str) -> Explanation:
    batch, tokens = setup.batch, setup.tokens
    details = [f"with per-device batch {batch}"] if batch else []
    details += [f"at {tokens} tokens"] if tokens else []
    details += [f"on {setup.gpus}"] if setup.gpus else []
    cause = " ".join(["CUDA out of memory", *details]) + "."
    first, *others = _smaller(setup)
    more = f" If that is not enough: {', or '.join(others[:2])}." if others else ""
    return Explanation(cause, f"Try {first}.{more}")


def _smaller(setup: Setup) -> list[str]:
    """What takes less of a GPU's memory, the cheapest first."""
    batch, tokens = setup.batch, setup.tokens
    is_off = setup.flag("gradient_checkpointing", "use_gradient_checkpointing") is False
    ways = []
    if batch is not None and batch > 1:
        also = " with gradient checkpointing, which is off" if is_off else _accumulated(setup, batch)
        ways.append(f"{batch // 2}{also}" if is_off else f"a per-device batch of {batch // 2}{also}")
    elif is_off:
        ways.append("gradient checkpointing, which is off")
    elif batch is None:
        ways.append("a smaller per-device batch with gradient checkpointing")
    if tokens is not None and tokens > _LONG_SAMPLE:
        ways.append(f"at most {tokens // 2} tokens a sample")
    if setup.method == "full":
        ways.append("LoRA instead of full fine-tuning")
    elif setup.method == "lora" and setup.job.model_details.quantization.quant_bits is None:
        ways.append("QLoRA, with 4-bit weights")
    if setup.job.train_config.distributed.type == "ddp" and (setup.gpu_count or 0) > 1:
        ways.append("FSDP or DeepSpeed ZeRO-3 instead of DDP, which keeps the whole model on every GPU")
    return [*(ways or ["shorter samples"]), "GPUs with more memory"]


def _accumulated(setup: Setup, batch: int) -> str:
    """How the smaller batch stays the same for the optimiser."""
    steps = setup.count("gradient_accumulation_steps") or 1
    return f" with gradient accumulation {steps * 2}" if batch % 2 == 0 else ""


def _host_out_of_memory(setup: Setup, said: str) -> Explanation:
    workers = setup.count("dataloader_num_workers", "num_workers", "preprocessing_num_workers")
    fewer = f"fewer than {workers} data loader workers" if workers and workers > 1 else ""
    if _SHARED.search(said):
        running = f" with {workers} data loader workers" if workers else ""
        cause = f"The data loader ran out of shared memory (/dev/shm){running}."
        return Explanation(
            cause, f"Use {fewer or 'fewer data loader workers'}, or ask for more shared memory."
        )
    if any(word in said for word in ("memory", "oom", "bad_alloc")):
        cause = "The machine ran out of main memory (RAM), not the GPU."
    else:
        cause = "The system killed a process (signal 9), most likely because main memory (RAM) ran out."
    ways = [fewer] if fewer else []
    ways += ["streaming the dataset, which is off"] if setup.flag("streaming") is False else []
    ways += ["lazy tokenization, which is off"] if setup.flag("lazy_tokenize") is False else []
    listed = ", or ".join(ways) or "fewer data loader workers and a streamed dataset"
    return Explanation(cause, f"Try {listed}. Otherwise take a machine with more RAM per GPU.")


def _disk_full(setup: Setup, _said: str) -> Explanation:
    every = setup.number("save_steps")
    kept = setup.count("save_total_limit")
    saving = f", with a checkpoint every {spelled(every)} steps" if every and every > 1 else ""
    limit = f"{', ' if saving else ', with '}{kept} kept" if kept else ""
    if kept is None:
        advice = "Set save_total_limit to 2: without it every checkpoint is kept."
    elif kept > 1:
        advice = f"Keep fewer checkpoints: save_total_limit 1 instead of {kept}."
    else:
        advice = "Take a larger disk: only one checkpoint is kept already."
    rarer = f" Or save less often than every {spelled(every)} steps." if every and kept is None else ""
    large = " A full checkpoint also holds the optimizer's state." if setup.method == "full" else ""
    return Explanation(f"The disk is full{saving}{limit}.", f"{advice}{rarer}{large}")


FAILURES: Final = (
    Failure(
        FailureClass.GPU_OUT_OF_MEMORY,
        (
            sign("out of memory", r"\b(?:cuda|hip|xpu|npu|mps(?: backend)?) out of memory\b"),
            sign("outofmemoryerror", r"\btorch\.(?:cuda\.)?outofmemoryerror"),
            sign("out of memory", r"\bcuda (?:runtime )?error\s?(?:\(\d{1,3}\)\s?)?:? ?out of memory"),
            sign("out of memory", r"\bcuda failure (?:\d{1,3} )?'out of memory'"),
            sign("memory", r"\bgpu (?:is |was |ran |went )?out of memory\b|\bran out of gpu memory\b"),
            sign("allowed memory", r"allocation on device .{0,40}exceed allowed memory"),
            sign("no available memory for the cache blocks"),
            sign("cuda_error_out_of_memory"),
            sign("cudaerrormemoryallocation"),
            sign("cublas_status_alloc_failed", unless="device-side assert"),
            sign("resource_exhausted", r"resource_exhausted: out of memory (?:while trying )?"),
            sign("oom when allocating", r"oom when allocating tensor.{0,200}gpu"),
            sign("out of memory at line", r"error out of memory at line \d{1,5} in file \S{0,80}csrc"),
        ),
        _gpu_out_of_memory,
    ),
    Failure(
        FailureClass.HOST_OUT_OF_MEMORY,
        (
            sign("defaultcpuallocator", r"defaultcpuallocator: (?:can't allocate|not enough) memory"),
            sign("oomkilled", unless=r"oomkilled[\"']?\s?[:=]\s?[\"']?(?:false|no\b)"),
            sign("oom", r"\boom[- ]killed\b"),
            sign("due to memory", r"container (?:was )?killed due to memory"),
            sign("cannot allocate memory", r"cannot allocate memory \(12\)"),
            sign("oom", r"detected \d{1,6} oom[-_ ]kill"),
            sign("out-of-memory handler", r"some of (?:your|the) .{0,60}cgroup out-of-memory handler"),
            sign("out of memory: kill", r"out of memory: kill(?:ed)? process"),
            sign(
                "cannot allocate memory",
                r"(?:errno|os error|error code) 12\b.{0,3} ?\(?cannot allocate memory",
            ),
            sign("memoryerror", r"^(?:[a-z_]\w{0,30}\.){0,5}_?(?:array|arrow)?memoryerror\b"),
            sign("bad_alloc", r"std::bad_alloc"),
            sign("running low on memory", r"killed due to the node running low on memory"),
            sign("low on resource: memory", r"was low on resource: memory"),
            sign("memorypressure", r"the node had condition: \[memorypressure\]"),
            sign("bus error", r"(?:killed by signal: bus error|unexpected bus error encountered in worker)"),
            sign("shared memory", r"insufficient shared memory \(shm\)"),
            sign("dev/shm", r"dev/shm\S{0,80}.{0,60}no space left on device"),
            sign("memory limit", r"(?:exceeded|over) (?:its|the|your) (?:container |job )?memory limit"),
            sign("exitcode", r"exitcode ?: ?-[79]\b", is_symptom=True),
            sign("exit code -", r"\bcrashed with exit code -[79]\b", is_symptom=True),
            sign("sigkill", r"(?:signal 9 ?\(sigkill|signals\.sigkill|signal sigkill)", is_symptom=True),
            sign("137", r"exit(?:ed)?(?: with)?(?: exit)?[ _]?(?:code|status):? ?\(?137\b", is_symptom=True),
            sign("sigbus", r"signal 7 ?\(sigbus", is_symptom=True),
            sign("return code", r"return code (?:= |is |of )?-[79]\b", is_symptom=True),
            sign("signal: killed", r"\bkilled by signal: killed", is_symptom=True),
            sign(
                "killed",
                r"^(?:\S{1,80}: line \d{1,6}: +\d{1,9} )?killed(?: \(core dumped\))?(?:$| python| torchrun"
                r"| accelerate| deepspeed| \")",
                is_symptom=True,
            ),
        ),
        _host_out_of_memory,
    ),
    Failure(
        FailureClass.DISK_FULL,
        (
            sign("no space left on device", unless=r"dev/shm|shared memory"),
            sign("disk quota exceeded"),
            sign("full", r"\bdisk (?:is )?full\b"),
            sign("failed writing file", r"pytorchstreamwriter failed writing file"),
            sign("storagefull", r"kind: storagefull"),
            sign(
                "inline_container.cc",
                r"inline_container\.cc:\d{1,5}\].{0,40}(?:failed writing file|unexpected pos)",
            ),
            sign(
                "ephemeral", r"(?:low on resource: ephemeral-storage|ephemeral local storage usage exceeds)"
            ),
            sign("not enough disk space", r"oserror: not enough disk space"),
        ),
        _disk_full,
    ),
)
