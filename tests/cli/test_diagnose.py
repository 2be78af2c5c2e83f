"""`diagnose`: a job document in, what went wrong out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import fresh_process, give, refused, run

FAILED = {
    "status": "FAILED",
    "error_message": "torch.OutOfMemoryError: CUDA out of memory.",
    "train_config": {"hyperparameters": {"per_device_train_batch_size": 8}},
}


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A process without settings, in an empty folder."""
    with fresh_process(monkeypatch, tmp_path, {}):
        yield monkeypatch


def test_diagnose_prints_class_evidence_and_advice(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The same from a file and from standard input: one line of JSON."""
    document = json.dumps(FAILED).encode()
    (tmp_path / "job.json").write_bytes(document)
    give(process, document)
    printed = []
    for name in (str(tmp_path / "job.json"), "-"):
        assert run("diagnose", name) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert out.count("\n") == 1
        printed.append(json.loads(out))
    assert printed[0] == printed[1]
    assert list(printed[0]) == ["class", "evidence", "advice"]
    assert printed[0]["class"] == "gpu_out_of_memory"
    assert printed[0]["evidence"] == FAILED["error_message"]
    assert "batch 8" in printed[0]["advice"]
    assert "Try batch 4" in printed[0]["advice"]


@pytest.mark.parametrize("document", [b"{}", b'{"status": "FAILED", "error_message": "exit code 1"}'])
def test_diagnose_prints_null_when_unsure(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: bytes
) -> None:
    """And that is no error."""
    give(process, document)
    assert run("diagnose", "-") == 0
    assert capsys.readouterr().out == "null\n"


@pytest.mark.parametrize("document", [b"", b"nonsense", b"[{}]", b"null", b"[" * 100_000])
def test_diagnose_refuses_what_is_no_document(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], document: bytes
) -> None:
    """In one line."""
    give(process, document)
    (told,) = refused(capsys, "diagnose", "-")
    assert "not a valid job document" in told
    assert len(told) < 200


def test_diagnose_refuses_what_cannot_be_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """By name."""
    (told,) = refused(capsys, "diagnose", str(tmp_path / "nowhere.json"))
    assert f"{tmp_path / 'nowhere.json'}: No such file" in told


def test_diagnose_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    """In the overview and by its own help."""
    assert run("--help") == 0
    assert "\n    diagnose " in capsys.readouterr().out
    assert run("diagnose", "--help") == 0
    assert "usage: python -m bot diagnose" in capsys.readouterr().out
