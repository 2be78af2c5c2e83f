"""The command line, called in this process and put back as it was."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from bot.__main__ import main
from bot.settings import Settings


def run(*arguments: str) -> int:
    """The exit status."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return ended.value.code


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The lines on stderr of a call that ends with 2 and prints nothing else."""
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines: list[str] = err.splitlines()
    assert lines
    assert all(line.startswith("jobbot: ") for line in lines)
    return lines


def give(monkeypatch: pytest.MonkeyPatch, text: bytes) -> None:
    """Let this stand on standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))


@contextmanager
def fresh_process(
    monkeypatch: pytest.MonkeyPatch, folder: Path, environment: Mapping[str, str]
) -> Iterator[None]:
    """No settings but these, no .env, and what a process sets up for itself undone."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
