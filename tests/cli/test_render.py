"""`render`: a job document in, the message that would be posted out."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import fresh_process, give, refused, run

_WHEN = re.compile(r"as of <!date[^>]*>", re.IGNORECASE)
"""The two are not printed in the same second."""
VENDOR_EXAMPLE = Path(__file__).parents[1] / "domain/job/vendor_example.json"


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A process without settings, in an empty folder."""
    with fresh_process(monkeypatch, tmp_path, {}):
        yield monkeypatch


@pytest.mark.parametrize(
    "document",
    [
        VENDOR_EXAMPLE.read_bytes(),
        b"{}",
        b"\xef\xbb\xbf{}",
        json.dumps({"status": "FAILED", "error_message": "CUDA out of memory\n" * 5_500}).encode(),
        json.dumps({"experiment_name": "\u062a\u062f\u0631\u064a\u0628 <!channel> \U0001f9ea"}).encode(),
    ],
    ids=["the vendor's example", "nothing in it", "a byte order mark", "a 100 kB error", "every script"],
)
def test_render_prints_text_and_blocks(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, document: bytes
) -> None:
    """The same from a file and from standard input: one line of JSON with the two keys, in UTF-8."""
    file = tmp_path / "job.json"
    file.write_bytes(document)
    give(process, document)
    printed = []
    for name in (str(file), "-"):
        assert run("render", name) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert out.endswith("}\n")
        assert out.count("\n") == 1
        printed.append(json.loads(_WHEN.sub("now", out)))
    assert list(printed[0]) == ["text", "blocks"]
    assert printed[0] == printed[1]
    assert printed[0]["text"]
    assert 0 < len(printed[0]["blocks"]) <= 50


@pytest.mark.parametrize(
    "document",
    [b"", b"nonsense", b'{"a": ', b"[{}]", b'"a"', b"null", b"1", bytes(range(256)), b"[" * 100_000],
    ids=["empty", "words", "cut", "list", "text", "null", "number", "binary", "deep"],
)
def test_render_refuses_what_is_no_document(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: bytes
) -> None:
    """In one line."""
    give(process, document)
    (told,) = refused(capsys, "render", "-")
    assert "not a valid job document" in told
    assert len(told) < 200


def test_render_refuses_what_cannot_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A file that is not there, and a folder: by name."""
    for path, reason in ((tmp_path / "nowhere.json", "No such file"), (tmp_path, "Is a directory")):
        (told,) = refused(capsys, "render", str(path))
        assert f"{path}: {reason}" in told


def test_render_writes_utf8_to_any_terminal(process: pytest.MonkeyPatch) -> None:
    """A terminal that knows only ASCII gets the JSON all the same."""
    printed = io.BytesIO()
    process.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii"))
    give(process, b"{}")
    assert run("render", "-") == 0
    assert "text" in json.loads(printed.getvalue())
