"""An error message, which may be the whole log of many processes, as the statements in it.

What programs quote is no statement: frames and source lines of tracebacks, warnings, progress, notices.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.domain.diagnosis.log.lines import TRACEBACK

_LONGEST_FOLLOWING: Final = 500
_MOST_FOLLOWING: Final = 12

_PREFIXES: Final = re.compile(
    r"(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\S{0,12}\s+|\(\w{1,40} pid=\d{1,10}[^)]{0,60}\)\s?"
    r"|worker-\d{1,4}: ?|\[[\w/ ()-]{1,60}\] (?=Traceback|  File|\w+(?:\.\w+)*(?:Error|Exception)\b))*"
)
_RANK: Final = re.compile(
    r"\s*\[?[Rr]ank ?(\d{1,6})\]?:? ?|(\d{1,4}): ?(?=Traceback|\s\s|[\w.]{1,120}(?:Error|Exception)\b)"
    r"|\[[a-z]{1,20}(\d{1,6})\]: ?|\[\d{1,4},(\d{1,6})\]<std(?:err|out)>: ?"
)
"""As PyTorch names a process, or as ``srun --label``, ``torchrun --tee`` and ``mpirun --tag-output`` do."""
_FRAME: Final = re.compile(r'\s*File "([^"]{1,500})", line \d{1,9}(?:, in ([\w<>.]{1,80}))?')
_IGNORED: Final = re.compile(r"\s*(?:Exception ignored in|Error in (?:atexit|sys\.excepthook))")
"""Python goes on, or has ended already: the exception after it is no cause."""
_CHAIN: Final = re.compile(
    r"\s*(?:During handling of the above exc|The above exception was the direct cause)"
)
_NOTEBOOK: Final = re.compile(
    r"File (\S{1,500}?):(?:\d{1,9}), in ([\w<>.]{1,80})|(/\S{1,500}\.py) in ([\w<>.]{1,80})\("
    r"|\s*(?:-+> ?)?\d{1,6}(?:\s|$)|\s*[│|] (/\S{1,400}\.py):\d{1,9} in ([\w<>.]{1,80})"
)
"""The same in IPython: a frame of either format, or a numbered line of source; and in Rich's boxes."""
_EXCEPTION: Final = re.compile(
    r"\s{0,40}(?:E\s{1,8})?"
    r"((?:\w{1,60}\.){0,12}\w{0,80}(?:Error|Exception|Interrupt|Exit)|(?:\w{1,60}\.){0,6}ArrowInvalid)"
    r"(?=[:(]|\s*$)"
)
"""The line that ends a traceback, also indented or marked by a test runner."""
_ANY_CLASS: Final = re.compile(r"((?:\w{1,60}\.){0,12}[A-Za-z_]\w{0,80})(?=:|\s*$)")
"""The same right after the frames, where any name is a class."""
_NOISE: Final = re.compile(
    r"(?<!=)\b(?:WARNING|WARN|INFO|DEBUG|NOTICE)\b|\wWarning:|^\s*warnings\.warn"
    r"|level=(?:info|warn|debug|INFO|WARN|DEBUG)"
    r"|^\s*\[?[WI]\d{3,4}\b|\[W[ :\d]|^\s*[│╭╰❱|]|^\s*frame #\d|^\s*raise |^\s*[~^]+\s*$",
)
_NOISE_REACH: Final = 160
_SETTING: Final = re.compile(r"^\s*(?:export |set |os\.environ|#(?!#\[)|//|\+ |\$ )")
"""A command or a comment that somebody's shell repeats."""
_AFTERMATH: Final = re.compile(
    r"childfailederror|calledprocesserror|systemexit|signalexception|processexitedexception|brokenpipeerror"
    r"|connectionreseterror|eoferror|actordiederror|rayactorerror|workercrashederror|dist(?:backend|network|store)"
    r"error|rendezvous\w{0,20}error|communicator was aborted|connection (?:closed|reset) by peer"
    r"|exited unexpectedly|nccl (?:error|timeout)|process \d{1,9} terminated|socket timeout"
    r"|collective operation timeout|device-side assert triggered"
)
"""What other processes say when one of them is gone."""


@dataclass(slots=True)
class Statement:
    """Something a process said at its end."""

    index: int
    """Which line it is."""
    line: str
    rank: str | None = None
    """Which process of a distributed run said it; None where it does not say."""
    exception: str | None = None
    """The class of the exception it reports, without the module."""
    raised_in: str | None = None
    """The function of the traceback's last frame."""
    file: str = ""
    """The file of that frame, in lower case and with slashes; empty where no frame was read."""
    is_chained: bool = False
    """Raised while the exception before it was handled, or because of it."""
    following: list[tuple[int, str]] = field(default_factory=list)
    """The lines after an exception that may belong to its message, each with its number."""

    @property
    def head(self) -> str:
        """The line itself, in lower case and with single spaces."""
        return " ".join(self.line.lower().split())

    @property
    def said(self) -> str:
        """The same with the lines after it: what ``position`` counts in."""
        return " ".join(self._folded())

    def line_at(self, position: int) -> int:
        """The number of the line in which a character of ``said``, or of ``head``, stands."""
        index = self.index
        for number, text in zip((self.index, *(n for n, _ in self.following)), self._folded(), strict=True):
            if position < 0:
                break
            index = number
            position -= len(text) + 1
        return index

    @property
    def is_aftermath(self) -> bool:
        """Whether it only reports that another process is gone, and no cause."""
        return _AFTERMATH.search(self.head[:_LONGEST_FOLLOWING]) is not None

    def _folded(self) -> list[str]:
        return [self.head, *(" ".join(text.lower().split()) for _, text in self.following)]


def read_statements(lines: Sequence[str]) -> list[Statement]:
    """The statements in these lines, in their order; the lines after an exception are also their own."""
    return list(_Reader().read(lines))


class _Reader:
    """Goes through the lines once, knowing only whether it is inside a traceback."""

    def __init__(self) -> None:
        self._in_traceback = False
        self._after_frame = False
        self._is_chained = False
        self._is_ignored = False
        self._function: str | None = None
        self._file = ""
        self._open: Statement | None = None

    def read(self, lines: Sequence[str]) -> Iterator[Statement]:
        for index, raw in enumerate(lines):
            if not raw or raw.isspace():
                continue
            rank, line = _without_prefixes(raw)
            if self._is_quoted(line):
                continue
            name = self._exception(line)
            if name is not None and self._is_ignored:
                self._is_ignored, self._in_traceback = False, False
                continue
            statement = Statement(index, line, rank, name)
            if name is None:
                self._follow(statement)
            else:
                statement.is_chained, self._is_chained = self._is_chained, False
                statement.raised_in, self._function = self._function, None
                statement.file, self._file = self._file, ""
                self._open, self._in_traceback = statement, False
            yield statement

    def _is_quoted(self, line: str) -> bool:
        """Whether the line is no statement of its own; keeps track of tracebacks."""
        if self._is_of_a_traceback(line):
            return True
        if _NOISE.search(line[:_NOISE_REACH]) is not None or _SETTING.match(line) is not None:
            return True
        self._after_frame = False
        if _CHAIN.match(line) is not None:
            self._is_chained, self._open = True, None
            return True
        if _IGNORED.match(line) is not None:
            self._is_ignored, self._open = True, None
            return True
        return False

    def _is_of_a_traceback(self, line: str) -> bool:
        """Whether the line is a traceback's first, a frame, or source code."""
        frame = _FRAME.match(line)
        cell = _NOTEBOOK.match(line) if self._in_traceback and frame is None else None
        if frame is not None or TRACEBACK in line[:_NOISE_REACH]:
            self._in_traceback, self._open = True, None
            self._after_frame, self._function = frame is not None, frame[2] if frame else None
            self._file = _path(frame[1]) if frame else ""
        elif cell is not None:
            self._function = cell[2] or cell[4] or cell[6] or self._function
            self._file = _path(cell[1] or cell[3] or cell[5] or self._file)
        else:
            return self._after_frame and line[:1].isspace() and _EXCEPTION.match(line) is None
        return True

    def _exception(self, line: str) -> str | None:
        match = _EXCEPTION.match(line) or (_ANY_CLASS.match(line) if self._in_traceback else None)
        return match[1].rpartition(".")[2] if match else None

    def _follow(self, statement: Statement) -> None:
        last = self._open
        if last is not None and last.rank == statement.rank and len(last.following) < _MOST_FOLLOWING:
            last.following.append((statement.index, statement.line[:_LONGEST_FOLLOWING]))


def read_notices(lines: Sequence[str]) -> list[Statement]:
    """The lines that only warn or report, in their order: what they say may have been dealt with."""
    noted = ((index, line) for index, line in enumerate(lines) if _NOISE.search(line[:_NOISE_REACH]))
    return [Statement(index, line) for index, line in noted]


def _path(file: str) -> str:
    return file.lower().replace("\\", "/")


def _without_prefixes(line: str) -> tuple[str | None, str]:
    """A line without the time and the name of the process; and which rank it was."""
    line = line[_prefix_length(line) :]
    match = _RANK.match(line)
    if match is None:
        return None, line
    return next(filter(None, match.groups())), line[match.end() :]


def _prefix_length(line: str) -> int:
    match = _PREFIXES.match(line)
    return match.end() if match else 0
