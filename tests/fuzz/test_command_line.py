"""Whatever stands in a file for the command line: an answer, or one line that says what is wrong."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.gallery.documents import COMPLETED, FAILED, RUNNING
from bot.playground.block_kit import message_problems
from tests.command_line import fresh_process, run
from tests.fuzz.budget import fuzzed
from tests.fuzz.mutations import Mutation, mutated, mutations

_COMMANDS = ("render", "diagnose")
_CODES = ("utf-8", "utf-16", "latin-1", "utf-8-sig")


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A process without settings, in an empty folder."""
    with fresh_process(monkeypatch, tmp_path, {}):
        yield monkeypatch


def _said(process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, text: bytes) -> None:
    process.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))
    status = run(command, "-")
    out, err = capsys.readouterr()
    if status:
        assert (status, out, err.count("\n")) == (2, "", 1), text[:2_000]
        assert len(err) < 300
    elif command == "render":
        assert message_problems(json.loads(out)) == []
    else:
        assert set(json.loads(out) or {}) <= {"class", "evidence", "advice"}


@fuzzed(60)
@given(
    command=st.sampled_from(_COMMANDS),
    document=st.sampled_from([RUNNING, FAILED, COMPLETED]),
    changes=mutations(),
    code=st.sampled_from(_CODES),
)
def test_whatever_document_is_given(  # noqa: PLR0913, PLR0917  (what is read, and how)
    process: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    document: dict[str, Any],
    changes: tuple[Mutation, ...],
    code: str,
) -> None:
    """Also in other encodings."""
    text = json.dumps(mutated(document, changes), ensure_ascii=False)
    _said(process, capsys, command, text.encode(code, "replace"))


@fuzzed(60)
@given(command=st.sampled_from(_COMMANDS), text=st.binary(max_size=200))
def test_whatever_bytes_are_given(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, text: bytes
) -> None:
    """They are hardly ever a document."""
    _said(process, capsys, command, text)
