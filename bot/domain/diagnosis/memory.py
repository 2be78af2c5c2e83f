"""Failures for want of room: on the GPU, in main memory, on the disk."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.evidence import Evidence, Phase
from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.gpu_use import GpuUse
from bot.domain.diagnosis.setup import Setup, counted
from bot.domain.diagnosis.signs import in_other_words
from bot.domain.diagnosis.signs import memory as memory_signs
from bot.domain.spelling import spelled

_MUCH: Final = 0.25
"""The part of a GPU's memory from which on another process in it matters."""
_OTHER_GPUS: Final = (
    ("npu out of", "NPU"),
    ("hip out of", "HIP"),
    ("xpu out of", "XPU"),
    ("mps backend", "MPS"),
)
_LONG_SAMPLE: Final = 1024
"""Tokens from which on a shorter limit is worth trying."""
_SHARED: Final = re.compile(r"shared memory|dev/shm|bus|code ?[:=]? ?-7\b")
"""Signs of shared memory rather than of all of it: a process that writes beyond its end gets signal 7."""


_KILLED_BY_SOMEBODY: Final = re.compile(
    r"\bcancell?ed\b|\bpreempt(?:ed|ion)\b|\bscancel\b|\btime limit\b|\bwalltime\b|\bdeadline\b"
    r"|\b(?:job|run|task|pod|step|command|execution|build) (?:has )?timed out\b|\bgrace period\b"
    r"|\bby (?:the )?user\b|\bat request of\b|\bspot interruption\b"
    r"|\bnode (?:is )?shut(?:ting)? ?down\b"
)
"""Signal 9 has other senders than the kernel that wants its memory back."""


def _gpu_out_of_memory(setup: Setup, evidence: Evidence) -> Explanation:
    who = next((name for word, name in _OTHER_GPUS if word in evidence.said), "CUDA")
    use = GpuUse.of(evidence.said)
    if use.others_share >= _MUCH:
        return Explanation(
            f"{who} out of memory: another process holds much of the GPU's memory.",
            "Make sure that nothing else runs on these GPUs, such as an inference server or an earlier run"
            " that did not end, and start the job again. A smaller batch would only hide it.",
        )
    if use.is_fragmented:
        return Explanation(
            f"{who} out of memory, though enough is reserved and unused: it is fragmented.",
            "Set PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True. If that is not enough: "
            f"{_smaller(setup)[0]}.",
        )
    if evidence.phase is Phase.LOADING:
        return Explanation(
            f"{who} out of memory while the weights were loaded, before any training.",
            f"Try {', or '.join(_lighter(setup)[:3])}. The batch does not matter yet.",
        )
    if evidence.phase is Phase.EVALUATING:
        return _in_evaluation(setup, who)
    batch, tokens = setup.batch, setup.tokens
    details = [f"batch {batch}"] if batch else []
    details += [f"{tokens:,} tokens"] if tokens else []
    cause = f"{who} out of memory: {', '.join(details)}." if details else f"{who} out of memory."
    first, *others = _smaller(setup)
    more = f" If that is not enough: {', or '.join(others[:2])}." if others else ""
    kept = _accumulation_beside(setup)
    return Explanation(cause, f"Try {first}.{kept}{more}")


def _in_evaluation(setup: Setup, who: str) -> Explanation:
    batch = setup.count("per_device_eval_batch_size", "eval_batch_size")
    at = f" with per-device evaluation batch {batch}" if batch else ""
    smaller = f"per_device_eval_batch_size {batch // 2}" if batch and batch > 1 else ""
    smaller = smaller or ("a smaller per_device_eval_batch_size" if batch is None else "")
    ways = [
        *filter(None, [smaller]),
        "eval_accumulation_steps, which moves results off the GPU",
        "prediction_loss_only",
    ]
    return Explanation(
        f"{who} out of memory{at} during evaluation, not in training.",
        f"Try {ways[0]}, or {', or '.join(ways[1:])}.",
    )


def _lighter(setup: Setup) -> list[str]:
    """What lets weights fit that are not trained yet."""
    ways = []
    if setup.method == "full":
        ways.append("LoRA or QLoRA instead of full fine-tuning")
    elif setup.method != "qlora" and setup.job.model_details.quantization.quant_bits is None:
        ways.append("QLoRA, with 4-bit weights")
    if (setup.gpu_count or 0) > 1 and setup.job.train_config.distributed.type in {None, "ddp"}:
        ways.append("FSDP or DeepSpeed ZeRO-3, which share the weights among the GPUs")
    return [*ways, "GPUs with more memory", "a smaller base model"]


def _smaller(setup: Setup) -> list[str]:
    """What takes less of a GPU's memory, the cheapest first."""
    batch, tokens = setup.batch, setup.tokens
    is_off = setup.flag("gradient_checkpointing", "use_gradient_checkpointing") is False
    ways = []
    if batch is not None and batch > 1:
        also = " with gradient checkpointing, which is off" if is_off else _accumulated(setup, batch)
        ways.append(f"batch {batch // 2}{also}")
    elif is_off:
        ways.append("gradient checkpointing, which is off")
    elif batch is None:
        ways.append("a smaller batch with gradient checkpointing")
    if tokens is not None and tokens > _LONG_SAMPLE:
        ways.append(f"samples of at most {tokens // 2:,} tokens")
    if setup.method == "full":
        ways.append("LoRA instead of full fine-tuning")
    elif setup.method == "lora" and setup.job.model_details.quantization.quant_bits is None:
        ways.append("QLoRA, with 4-bit weights")
    if setup.job.train_config.distributed.type == "ddp" and (setup.gpu_count or 0) > 1:
        ways.append("FSDP or DeepSpeed ZeRO-3 instead of DDP, which keeps the whole model on every GPU")
    return [*(ways or ["shorter samples"]), "GPUs with more memory"]


def _accumulated(setup: Setup, batch: int) -> str:
    """How the smaller batch stays the same for the optimizer."""
    steps = setup.count("gradient_accumulation_steps") or 1
    return f" with gradient accumulation {steps * 2}" if batch % 2 == 0 else ""


def _accumulation_beside(setup: Setup) -> str:
    """The same where the smaller batch is named without it."""
    is_off = setup.flag("gradient_checkpointing", "use_gradient_checkpointing") is False
    if not is_off or setup.batch is None or setup.batch % 2:
        return ""
    steps = (setup.count("gradient_accumulation_steps") or 1) * 2
    return f" Gradient accumulation {steps} keeps the effective batch."


def _host_out_of_memory(setup: Setup, evidence: Evidence) -> Explanation:
    said = evidence.said
    workers = setup.count("dataloader_num_workers", "num_workers", "preprocessing_num_workers")
    fewer = f"fewer than {workers} data loader workers" if workers and workers > 1 else ""
    if _SHARED.search(said):
        running = f" with {counted(workers, 'data loader worker')}" if workers else ""
        cause = f"The data loader ran out of shared memory (/dev/shm){running}."
        return Explanation(
            cause, f"Use {fewer or 'fewer data loader workers'}, or ask for more shared memory."
        )
    if evidence.phase is Phase.LOADING:
        return Explanation(
            "The machine ran out of main memory (RAM) while the weights were loaded, before any training.",
            "Take a machine with more RAM per GPU, or fewer processes that load at once; load weights in 4"
            " bits, or with low_cpu_mem_usage.",
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


def _disk_full(setup: Setup, evidence: Evidence) -> Explanation:
    if evidence.phase is not Phase.SAVING and (evidence.is_preparation or evidence.is_download):
        what = "the dataset was prepared" if evidence.is_preparation else "a model or dataset was downloaded"
        return Explanation(
            f"The disk filled up while {what}.",
            "Take a larger disk, put the cache (HF_HOME) on one, or stream the dataset. Checkpoints did not"
            " fill it.",
        )
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
        (*memory_signs.GPU_OUT_OF_MEMORY, *in_other_words.GPU_OUT_OF_MEMORY),
        _gpu_out_of_memory,
    ),
    Failure(
        FailureClass.HOST_OUT_OF_MEMORY,
        (*memory_signs.HOST_OUT_OF_MEMORY, *in_other_words.HOST_OUT_OF_MEMORY),
        _host_out_of_memory,
        contradiction=_KILLED_BY_SOMEBODY,
    ),
    Failure(FailureClass.DISK_FULL, (*memory_signs.DISK_FULL, *in_other_words.DISK_FULL), _disk_full),
)
