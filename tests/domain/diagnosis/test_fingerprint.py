"""Whether two jobs failed the same way."""

from __future__ import annotations

import pytest

from bot.domain.diagnosis import error_fingerprint
from bot.playground.training_suite.tracebacks import CUDA_OUT_OF_MEMORY
from tests.tables import each_row

OOM = "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate {} (GPU {}; {} total; {} free)"
FRAME = 'Traceback (most recent call last):\n  File "/opt/{}/run.py", line {}, in {}\n    {}\n'


@each_row(
    "one, other",
    [
        (
            OOM.format("2.00 GiB", 0, "79.11 GiB", "0 bytes"),
            OOM.format("144.00 MiB", 7, "31.75 GiB", "1.1 GiB"),
        ),
        ("[rank0]: ValueError: bad row 17", "[rank3]: ValueError: bad row 90210"),
        (
            FRAME.format("a", 12, "load", "x = rows[i]") + "IndexError: list index out of range",
            FRAME.format("b/c", 99, "load", "x = rows[i]") + "IndexError: list index out of range",
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/data/a/train.jsonl'",
            "FileNotFoundError: [Errno 2] No such file or directory: '/mnt/7f3a/other.jsonl'",
        ),
        (
            "RuntimeError: job 3fe92c25-e5fd-4281-93df-5aa886064dbd died at 0x7f3a9c",
            "RuntimeError: job a1d0c7e4-52b6-4c1f-8e0b-9d6f3b2a7c10 died at 0x55d0e1",
        ),
        (
            "OSError: commit 299a8560bedf22ed1c72a8a11e7dce4a7f9f51f8 of https://example.com/a?b=1 is gone",
            "OSError: commit 0e2f4a96be1f22ed1c72a8a11e7dce4a7f9f5aaa of https://example.org/c is gone",
        ),
        ("torch.OutOfMemoryError: CUDA out of memory.", "torch.cuda.OutOfMemoryError: CUDA out of memory."),
        (
            "2026-01-01 10:00:00.123 ERROR trainer: shape [4, 512] is not [8, 512]",
            "2026-02-03 11:12:13.456 ERROR trainer: shape [16, 1024] is not [2, 64, 8]",
        ),
        (
            "epoch 1\nepoch 2\nValueError: no such loss\nChildFailedError: run.py FAILED",
            "ValueError: no such loss",
        ),
        (
            "slurmstepd: error: *** JOB 1 ON n1 CANCELLED AT 2024-04-20T09:09:37 DUE TO TIME LIMIT ***",
            "slurmstepd: error: *** JOB 77 ON n2 CANCELLED AT 2025-01-02T03:04:05 DUE TO TIME LIMIT ***",
        ),
        (
            "KeyError: 'loss'",
            "Traceback (most recent call last):\nKeyError: 'loss'",
        ),
    ],
)
def test_the_same_failure_has_the_same_fingerprint(one: str, other: str) -> None:
    """Whatever process, path, number, id, address or time it names."""
    assert error_fingerprint(one) == error_fingerprint(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ValueError: bad row 17", "TypeError: bad row 17"),
        ("ValueError: bad row 17", "ValueError: bad column 17"),
        ("KeyError: 'loss'", "KeyError: 'labels'"),
        (
            FRAME.format("a", 1, "load", "assert x") + "AssertionError",
            FRAME.format("a", 1, "save", "assert x") + "AssertionError",
        ),
        (OOM.format("2.00 GiB", 0, "79.11 GiB", "0 bytes"), "OSError: [Errno 28] No space left on device"),
        ("job failed: unknown scheduler", "job failed: unknown optimiser"),
    ],
)
def test_another_failure_has_another(one: str, other: str) -> None:
    """By class, by words, or by the function where the words say too little."""
    first, second = error_fingerprint(one), error_fingerprint(other)
    assert first is not None
    assert second is not None
    assert first != second


@each_row(
    "error",
    [None, "", " \n\t", "17", "0x7f3a", "/opt/train/run.py", "Error", "Failed: 3", "step 1\nstep 2\nstep 3"],
)
def test_nothing_to_go_by_has_none(error: str | None) -> None:
    """No message, no words, or a log that tells of no failure."""
    assert error_fingerprint(error) is None


def test_it_stays_the_same_in_every_process() -> None:
    """It is stored, and compared with those of other processes and versions."""
    assert error_fingerprint("ValueError: bad row 17") == "ae3d35c1d8e18da3"
    assert error_fingerprint(CUDA_OUT_OF_MEMORY) == error_fingerprint(
        CUDA_OUT_OF_MEMORY.replace("rank7", "rank5")
    )
