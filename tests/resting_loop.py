"""An event loop whose time passes only while nobody in the process has anything left to do.

On the real clock a busy machine lets deadlines pass before it gives the processor to whoever they are for.
Here a deadline is over when everybody waits for something that does not come before it, and no sooner; it is
then over at once, so that no test waits for it.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.tasks import readings_under_way

Found = list[tuple[selectors.SelectorKey, int]]
Select = Callable[[float | None], Found]
READY = b"Z\x00\x00\x00\x05"
"""What PostgreSQL ends an answer with, before one byte more: it waits for the next question."""
_MOMENT_SECONDS = 1e-6
_LIMIT_SECONDS = 60.0
"""Real ones, in which nothing happens though a thread is waited for, or in which this process computes."""
_IDLE_ROUNDS, _IDLE_SECONDS = 200, 0.05
"""A loop that came round so often with nothing to read is at rest, but for a task that makes it come round:
so far its time goes on then."""
_NOTED_SECONDS = 1.0
"""Real ones: how often at most a resting loop notes how much this process has computed."""


class AttentiveLoop(asyncio.SelectorEventLoop):
    """A loop that knows when it is about to wait, and whether somebody is at work whom it would not see."""

    def __init__(self) -> None:
        self._in_threads = 0
        self._asked: set[_Line] = set()
        super().__init__(_Selector(self.found))

    @property
    def waits_for_threads(self) -> bool:
        """Whether a thread is at work for it."""
        return self._in_threads > 0

    @property
    def waits_for_database(self) -> bool:
        """Whether a database server was asked something and has not answered yet."""
        return bool(self._asked)

    def found(self, select: Select, timeout: float | None) -> Found:
        """What the loop has to see to next; it waits for that no longer than ``timeout``."""
        raise NotImplementedError

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """As any loop's; what is done there counts as work."""
        future = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        future.add_done_callback(self._back)
        return future

    def _back(self, _done: asyncio.Future[Any]) -> None:
        self._in_threads -= 1

    async def create_unix_connection(  # type: ignore[override]  (some of its arguments, by name)
        self, protocol_factory: Callable[[], asyncio.Protocol], path: str | None = None, **options: Any
    ) -> tuple[Any, asyncio.Protocol]:
        """As any loop's; a database server is at the other end."""
        _, line = await super().create_unix_connection(
            lambda: _Line(protocol_factory(), self._asked), path, **options
        )
        return line.transport, line.protocol


class _Line(asyncio.Protocol):
    """A connection: among the ``asked`` from a question to the end of its answer."""

    def __init__(self, protocol: asyncio.Protocol, asked: set[_Line]) -> None:
        self.protocol = protocol
        self.transport: _Speaking | None = None
        self.asked = asked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = _Speaking(transport, self)
        self.protocol.connection_made(self.transport)  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        if data[-6:-1] == READY:
            self.asked.discard(self)
        self.protocol.data_received(data)

    def eof_received(self) -> bool | None:
        return self.protocol.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self.asked.discard(self)
        self.protocol.connection_lost(exc)

    def pause_writing(self) -> None:
        self.protocol.pause_writing()

    def resume_writing(self) -> None:
        self.protocol.resume_writing()


class _Speaking:
    """The transport, which notices what is asked."""

    def __init__(self, transport: Any, line: _Line) -> None:
        self._transport = transport
        self._line = line

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        self._line.asked.add(self._line)
        self._transport.write(data)


class _Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]  (which class it is, the system says)
    """A selector that leaves to its loop how it waits."""

    def __init__(self, found: Callable[[Select, float | None], Found]) -> None:
        super().__init__()
        self._found = found

    def select(self, timeout: float | None = None) -> Found:
        """What is ready."""
        return self._found(super().select, timeout)


class RestingLoop(AttentiveLoop):
    """The loop of tests that have everybody in this process, but for a database server.

    Who waits for any other process waits for nothing.

    Time stands still while a task is ready, something is on its way through a socket, or a thread is at work.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._rounds = 0
        self._rested_at = self._noted_at = time.monotonic()
        self._computed_by_then = time.process_time()
        self.are_threads_stuck = False
        """What they wait for is the test's own, see `threads_stuck`."""
        super().__init__()

    def time(self) -> float:
        """What deadlines go by."""
        return self._now

    def found(self, select: Select, timeout: float | None) -> Found:
        """What is ready; where nothing is and nobody works, the time goes on to the next deadline."""
        self._give_up_on_circles()
        at_work = (self.waits_for_threads and not self.are_threads_stuck) or readings_under_way()
        at_work = at_work or self.waits_for_database
        if timeout is None or (at_work and timeout):
            self._rounds = 0
            return _surely(select(_LIMIT_SECONDS))
        found = select(0)
        self._rounds = 0 if found or at_work else self._rounds + 1
        if found or (timeout == 0 and self._rounds < _IDLE_ROUNDS):
            return found
        self._now += timeout or _IDLE_SECONDS
        self._rounds = 0
        self._note_rest()
        return found

    def _give_up_on_circles(self) -> None:
        """What this process computed is asked only when there was time for too much: asking takes long."""
        if time.monotonic() - self._rested_at < _LIMIT_SECONDS:
            return
        if time.process_time() - self._computed_by_then > _LIMIT_SECONDS:
            msg = "somebody goes round in circles"
            raise RuntimeError(msg)

    def _note_rest(self) -> None:
        self._rested_at = time.monotonic()
        if self._rested_at - self._noted_at > _NOTED_SECONDS:
            self._noted_at, self._computed_by_then = self._rested_at, time.process_time()


def _surely(found: Found) -> Found:
    if not found:
        msg = "nobody has anything to do, and nothing comes"
        raise RuntimeError(msg)
    return found


async def at_rest() -> None:
    """Return once everybody in this process waits: for a clock, for a deadline, or for what never comes."""
    await asyncio.sleep(_MOMENT_SECONDS)


@contextmanager
def threads_stuck() -> Iterator[None]:
    """Inside the block threads wait for what only the test can give them: time passes meanwhile."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, RestingLoop)
    loop.are_threads_stuck = True
    try:
        yield
    finally:
        loop.are_threads_stuck = False
