"""Advice on models and datasets agrees with the error that is shown."""

from __future__ import annotations

from tests.domain.diagnosis.advised import A_JOB, diagnosis_of
from tests.tables import each_row

HUB = "https://huggingface.co"


@each_row(
    "error, says, says_not",
    [
        (
            f"HTTPError: 429 Client Error: Too Many Requests for url: {HUB}/datasets/acme/claims/a.parquet",
            "the Hub refused the request",
            "not found",
        ),
        (
            f"HTTPError: Server error '502 Bad Gateway' for url '{HUB}/acme/base/resolve/main/config.json'",
            "had an error of its own",
            "not found",
        ),
        (
            f"HTTPError: 401 Client Error: Unauthorized for url: {HUB}/api/datasets/acme/claims",
            "token in use can't read",
            "s3",
        ),
        (
            "FileNotFoundError: Object s3://acme/other/train/index.json not found.",
            "s3://acme/other/train/index.json was not found",
            "claims",
        ),
        (
            "OSError: It looks like the config file at '/models/base/config.json' is not a valid JSON file.",
            "is damaged",
            "missing",
        ),
        (
            "ValueError: prompt should be an str but got <class 'NoneType'>",
            "something other than text",
            "could not be read",
        ),
        (
            "RuntimeError: With `assistant_only_loss=True` at least one example has no assistant tokens.",
            "turn assistant_only_loss off",
            "Instruct variant",
        ),
    ],
)
def test_it_agrees_with_the_error(error: str, says: str, says_not: str) -> None:
    """What was refused is not called missing, and what the error names is not another thing of the job's."""
    found = diagnosis_of(error, **A_JOB)
    told = f"{found.cause} {found.advice}"
    assert says in told
    assert says_not not in told
