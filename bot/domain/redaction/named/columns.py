"""Tables: what stands below the name of a secret, between bars, commas or spaces."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bot.domain.redaction.looks import is_hash, is_mixed, is_placeholder, is_prose, is_random
from bot.domain.redaction.mark import without
from bot.domain.redaction.named.names import Strength, strength
from bot.domain.redaction.named.values import Span

_RULE: Final = re.compile(r"[\s|+:=│┃├┼┤╪-]{3,}")
_CELL_SPLITS: Final = (re.compile(r"(?<!\s)\s*+[|│┃]\s*"), re.compile(r",|;|\t"), re.compile(r"\s{2,}|\t"))
_HEAD_CELL: Final = re.compile(r"[\w .\"'-]{0,40}")
_HEAD_STEM: Final = re.compile(
    r"(?:pass|pwd|secret|token|key|cred)\w{0,12}[\"']?(?:[ \t]*[|│┃,;\n]|\t|[ ]{2})"
)
_LONGEST_HEAD: Final = 500
_MOST_ROWS: Final = 200
_RANDOM: Final = 8


class _Head(NamedTuple):
    splitter: re.Pattern[str]
    width: int
    columns: tuple[tuple[int, Strength], ...]
    """Where a secret's name stands, and how much it says."""
    in_box: bool


def redact_columns(text: str) -> str:
    """``text`` without what stands in a table below the name of a secret."""
    lowered = text.replace("İ", "i").lower()
    spans: list[Span] = []
    done = 0
    for match in _HEAD_STEM.finditer(lowered):
        start = text.rfind("\n", 0, match.start()) + 1
        if start >= done:
            lines = _lines_from(text, start, 2)
            head = _read_head(lines)
            done = start + len(lines[0]) + 1
            if head is not None:
                done = _add_cells(_lines_from(text, start, _MOST_ROWS), start, head, spans)
    return without(text, spans)


def _lines_from(text: str, start: int, most: int) -> list[str]:
    """Up to ``most`` lines from ``start`` on."""
    end = start
    for _ in range(most):
        end = text.find("\n", end) + 1
        if end == 0:
            return text[start:].split("\n")
    return text[start : end - 1].split("\n")


def _read_head(lines: list[str]) -> _Head | None:
    """The first line as a table's head; None where it is none."""
    line = lines[0]
    if len(lines) == 1 or len(line) > _LONGEST_HEAD or "=" in line:
        return None
    for splitter in _CELL_SPLITS:
        in_box = splitter is _CELL_SPLITS[0]
        cells = splitter.split(line.strip())
        names = tuple(strength(cell.strip(" \"'")) for cell in cells)
        columns = tuple((at, said) for at, said in enumerate(names) if said)
        if len(cells) > 1 and columns and all(_HEAD_CELL.fullmatch(cell) for cell in cells):
            return (
                None
                if in_box and not _RULE.fullmatch(lines[1])
                else _Head(splitter, len(cells), columns, in_box)
            )
    return None


def _add_cells(lines: list[str], start: int, head: _Head, spans: list[Span]) -> int:
    """Adds the cells that hold secrets; returns where the table ends."""
    at = start + len(lines[0]) + 1
    for line in lines[1:]:
        cells = _cells(line, head.splitter)
        if len(cells) == head.width:
            spans += [
                (at + cells[column][0], at + cells[column][1])
                for column, said in head.columns
                if _is_secret(line[slice(*cells[column])].strip("\"'"), said, in_box=head.in_box)
            ]
        elif not _RULE.fullmatch(line):
            break
        at += len(line) + 1
    return at


def _cells(line: str, splitter: re.Pattern[str]) -> list[Span]:
    begin = len(line) - len(line.lstrip())
    end = len(line.rstrip())
    cells = []
    for match in splitter.finditer(line, begin, end):
        cells.append((begin, match.start()))
        begin = match.end()
    return [*cells, (begin, end)]


def _is_secret(value: str, said: Strength, *, in_box: bool) -> bool:
    if is_placeholder(value) or " " in value.strip():
        return False
    if said is Strength.WEAK:
        return is_random(value) and not is_hash(value)
    return is_random(value, _RANDOM) or is_mixed(value) or (in_box and not is_prose(value))
