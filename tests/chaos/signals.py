"""How processes that share a clock wake each other: each has a named pipe and wakes at what is written there.

Nothing is said by it: whoever wakes looks at what is shared.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_MOST_READ: Final = 65_536


class Signals:
    """The pipes beside a file that all processes share; ``own`` is this one's number."""

    def __init__(self, shared: Path, own: int) -> None:
        self._shared = shared
        self._own = own
        self._pipes: dict[int, int] = {}

    def listen(self, heard: Callable[[], None]) -> int:
        """Call ``heard`` whenever this process is woken; the file descriptor by which it is."""
        with suppress(FileExistsError):
            os.mkfifo(self._path(self._own))
        pipe = self._pipes[self._own] = os.open(self._path(self._own), os.O_RDWR | os.O_NONBLOCK)
        asyncio.get_running_loop().add_reader(pipe, self._read, heard)
        return pipe

    def wake(self, others: Iterable[int]) -> None:
        """Wake these; who is not there yet looks at what is shared when it comes."""
        for other in others:
            with suppress(OSError):
                os.write(self._pipe(other), b".")

    def close(self) -> None:
        """Wake nobody any more, nor be woken."""
        asyncio.get_running_loop().remove_reader(self._pipes[self._own])
        for pipe in self._pipes.values():
            os.close(pipe)
        self._pipes.clear()

    def _read(self, heard: Callable[[], None]) -> None:
        with suppress(BlockingIOError):
            os.read(self._pipes[self._own], _MOST_READ)
        heard()

    def _pipe(self, other: int) -> int:
        if other not in self._pipes:
            self._pipes[other] = os.open(self._path(other), os.O_WRONLY | os.O_NONBLOCK)
        return self._pipes[other]

    def _path(self, number: int) -> Path:
        return self._shared.with_name(f"{self._shared.name}-{number}")
