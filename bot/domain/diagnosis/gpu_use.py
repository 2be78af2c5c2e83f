"""Who uses a GPU's memory, as PyTorch's message tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SIZE: Final = r"(\d[\d.]{0,9}) ([kmg])ib"
_GIB: Final = {"k": 1 / 1024 / 1024, "m": 1 / 1024, "g": 1.0}
_CAPACITY: Final = re.compile(rf"total capacity of {_SIZE}|{_SIZE} total capacity")
_FREE: Final = re.compile(rf"of which {_SIZE} is free|{_SIZE} free")
_REQUESTED: Final = re.compile(rf"tried to allocate {_SIZE}")
_ALLOCATED: Final = re.compile(rf"{_SIZE} is allocated by pytorch|{_SIZE} already allocated")
_UNUSED: Final = re.compile(rf"{_SIZE} is reserved by pytorch but unallocated")
_RESERVED: Final = re.compile(rf"{_SIZE} reserved in total by pytorch")
_OWN: Final = re.compile(rf"this process has {_SIZE} memory in use")
_OTHER: Final = re.compile(rf"process \d{{1,10}} has {_SIZE} memory in use")
_CONTEXT: Final = 2.0
"""GiB that a process may use beside PyTorch: CUDA's context, NCCL's buffers."""
_FRAGMENTED: Final = 0.1
"""The part of the memory that has to lie idle to speak of fragments."""


@dataclass(frozen=True, slots=True)
class GpuUse:
    """Shares and sizes; nothing where the message does not tell them."""

    others_share: float = 0.0
    """The part of the memory that other processes hold."""
    is_fragmented: bool = False
    """More lies reserved and unused than was asked for."""

    @classmethod
    def of(cls, said: str) -> GpuUse:
        """From a statement in lower case."""
        capacity, requested = _gib(_CAPACITY, said), _gib(_REQUESTED, said)
        if not capacity or "tried to allocate" not in said:
            return cls()
        allocated = _gib(_ALLOCATED, said) or 0.0
        reserved = _gib(_RESERVED, said)
        unused = _gib(_UNUSED, said) if reserved is None else max(0.0, reserved - allocated)
        own = allocated + (unused or 0.0)
        is_fragmented = unused is not None and unused >= max(requested or 0.0, _FRAGMENTED * capacity)
        return cls(_of_others(said, own, capacity) / capacity, is_fragmented and requested is not None)


def _of_others(said: str, own: float, capacity: float) -> float:
    """GiB of other processes. In a container our own is listed as another: it is told by its size."""
    listed = [float(size) * _GIB[unit] for size, unit in _OTHER.findall(said)]
    if listed:
        ours = min(listed, key=lambda size: abs(size - own))
        if _gib(_OWN, said) is None and own <= ours <= own + _CONTEXT:
            listed.remove(ours)
        return sum(listed)
    free = _gib(_FREE, said)
    if _gib(_RESERVED, said) is None or free is None or not own:
        return 0.0
    return max(0.0, capacity - free - own - _CONTEXT)


def _gib(pattern: re.Pattern[str], said: str) -> float | None:
    match = pattern.search(said)
    if match is None:
        return None
    size, unit = (part for part in match.groups() if part is not None)
    return float(size) * _GIB[unit]
