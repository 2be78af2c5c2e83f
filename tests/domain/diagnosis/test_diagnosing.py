"""When something is diagnosed, which of several failures is the cause, and what holds for any text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.diagnosis import FailureClass, diagnose, error_fingerprint
from bot.domain.job import TrainingJob
from bot.playground.training_suite.tracebacks import CUDA_OUT_OF_MEMORY, LEAKED_SECRETS
from tests.nesting import nested
from tests.timing import takes_less_than

OOM = "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.32 GiB."
CASES = "\n".join(path.read_text("utf-8") for path in (Path(__file__).parent / "cases").glob("*.txt"))
LINES = tuple(dict.fromkeys(line for line in CASES.splitlines() if line.strip()))


def _job(**document: Any) -> TrainingJob:
    return TrainingJob.from_json(json.dumps({"status": "FAILED", **document}).encode())


def _name(error: str) -> FailureClass | None:
    found = diagnose(_job(error_message=error))
    return found.name if found else None


@pytest.mark.parametrize("status", ["FAILED", "failed", "CRASHED", None])
def test_a_failed_or_unknown_status_is_diagnosed(status: str | None) -> None:
    """A status nobody documented counts as failed when there is an error."""
    assert diagnose(_job(status=status, error_message=OOM)) is not None


@pytest.mark.parametrize("status", ["QUEUED", "RUNNING", "COMPLETED", "CANCELED"])
def test_any_other_status_is_not(status: str) -> None:
    """Whatever an old error message says."""
    assert diagnose(_job(status=status, error_message=OOM)) is None


@pytest.mark.parametrize("error", [None, "", " \n ", "FAILED", "exit code 1", {"message": OOM}])
def test_nothing_to_go_by_is_nothing(error: object) -> None:
    """No message, none of any use, and none that is text."""
    assert diagnose(_job(error_message=error)) is None


def test_the_playgrounds_errors_get_sensible_classes() -> None:
    """Eight ranks out of memory; a dataset behind a signed link that is refused."""
    assert _name(CUDA_OUT_OF_MEMORY) is FailureClass.GPU_OUT_OF_MEMORY
    found = diagnose(_job(error_message=LEAKED_SECRETS))
    assert found is not None
    assert found.name is FailureClass.DATASET_UNAVAILABLE
    assert "claims-2024.jsonl" in found.evidence
    assert "X-Amz-Signature" not in found.evidence


def test_evidence_is_the_line_that_convinced() -> None:
    """One line, without colours, cut."""
    error = f"step 1\n\x1b[31m{OOM}\x1b[0m {'x' * 500}\nstep 2"
    found = diagnose(_job(error_message=error))
    assert found is not None
    assert found.evidence.startswith(OOM)
    assert found.evidence.endswith("…")
    assert len(found.evidence) == 300


SECRETS = (
    "hf_QwErTyUiOpAsDfGhJkLzXcVb",
    "AKIAIOSFODNN7EXAMPLE",
    "xoxb-123456789012-abcdef",
    "hunter2hunter2",
)


@pytest.mark.parametrize(
    "error",
    [
        f"{OOM} HF_TOKEN={SECRETS[0]}",
        f"{OOM} {'x' * 270} {SECRETS[0]}",
        f"{OOM} https://me:{SECRETS[3]}@example.com/a",
        f"{OOM} aws_access_key_id={SECRETS[1]} {SECRETS[2]}",
        f"-----BEGIN PRIVATE KEY-----\nMIIEabcdefghijklmn{SECRETS[3]} {OOM}\n-----END PRIVATE KEY-----",
    ],
)
def test_no_secret_is_evidence(error: str) -> None:
    """Not even a part of one that is cut, or one that began lines before."""
    found = diagnose(_job(error_message=error, model_details={"base_model": SECRETS[0]}))
    assert found is not None
    told = f"{found.evidence} {found.cause} {found.advice}"
    assert not [secret for secret in SECRETS if secret[:12] in told]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=12),
    nested(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=400)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner)),
    ),
)
def test_it_never_raises_and_keeps_its_limits(lines: list[str], value: Any) -> None:
    """Any lines, any values in the places that are read."""
    names = ("per_device_train_batch_size", "learning_rate", "save_steps", "eval_steps", "num_epochs")
    document = {
        "train_config": {"hyperparameters": dict.fromkeys(names, value), "torch_dtype": value},
        "model_details": {"base_model": value},
        "dataset_details": {"dataset_name": value, "dataset_format": value, "dataset_path": value},
        "infra_config": {"gpu_type": value, "gpu_count": value, "node_count": value},
        "cutoff_len": value,
        "ratios": value,
    }
    error = "\n".join(lines)
    found = diagnose(_job(error_message=error, **document))
    error_fingerprint(error)
    if found is not None:
        assert len(found.cause) + len(found.advice) + 1 <= 600
        assert len(found.evidence) <= 300
        assert found.cause
        assert found.advice
        assert found.evidence.isprintable()


FOLDED = "Traceback (most recent call last) "
HOSTILE = (
    "a", " ", "\n", "\\n", "Error\n", "Error: x\nb\n", "a.", "[rank1]: E\n", "(", "'", "killed ", "dev/shm ",
    "Traceback (most recent call last)\n", "During handling of the above exception\nError: a\n",
    "[rank{n}]: CUDA out of memoryError\n", "quota a ", "exceeded quota", "/a", "a/", "0", "a0",
    "no no not if ", "client error: for url: https://a", "oomkilled false ", "preempted ", "[a] ", "\x1b[1",
    "max run time ", FOLDED + 'File "a', FOLDED + 'File " ' + "a." * 40,
    "client error: for url: https://huggingface.co/", "error: lr ",
    "spot instance ", "ValueError: cuda out of memory if\n", "\u2028", "target modules ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_costs_no_more_than_long_text(piece: str) -> None:
    """2 MiB of whatever a pattern could get lost in, by the CPU's clock."""
    many = 2 * 1024 * 1024 // len(piece)
    text = "".join(piece.replace("{n}", str(n)) for n in range(many)) if "{n}" in piece else piece * many
    job = TrainingJob.model_construct(status="FAILED", error_message=text)
    assert takes_less_than(1, lambda: (diagnose(job), error_fingerprint(text)))


def test_a_cause_above_two_megabytes_of_noise_is_not_guessed() -> None:
    """Only the end is read: what stands far above it may be about anything."""
    assert _name(f"{OOM}\n" + "step 1 of 10\n" * 160_000) is None
