"""A diagnosis does not hang on how a log was passed on: wrapped, with other line ends, or only its end."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable

import pytest

from bot.domain.diagnosis import diagnose
from bot.domain.job import TrainingJob
from tests.domain.diagnosis.test_cases import all_texts

TEXTS = all_texts()


def _name(error: str) -> str | None:
    body = json.dumps({"status": "FAILED", "error_message": error}).encode()
    found = diagnose(TrainingJob.from_json(body))
    return None if found is None else found.name.value


def _cut(text: str, width: int = 80) -> str:
    """As a terminal breaks lines: in the middle of words."""
    lines = text.split("\n")
    return "\n".join(
        line[start : start + width] for line in lines for start in range(0, max(1, len(line)), width)
    )


def _cut_between_words(text: str) -> str:
    """As a mail does."""
    return "\n".join(part for line in text.split("\n") for part in textwrap.wrap(line, 80) or [""])


@pytest.mark.parametrize(
    "shape",
    [_cut, lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("\n", "\\n")],
    ids=["cut at 80 columns", "CRLF", "escaped line ends"],
)
def test_the_shape_of_a_log_changes_nothing(shape: Callable[[str], str]) -> None:
    """All texts of all cases, also those that nothing may be said of."""
    plain = {text: _name(text) for text in TEXTS}
    assert len(plain) > 400
    changed = [(text, name, _name(shape(text))) for text, name in plain.items() if _name(shape(text)) != name]
    assert changed == []


def test_lines_that_were_wrapped_between_words_are_put_together() -> None:
    """Of texts that say what went wrong; a warning that goes on in a second line looks like two lines."""
    names = {text: name for text in TEXTS if '\\"' not in text and (name := _name(text)) is not None}
    assert len(names) > 300
    changed = [(text, name) for text, name in names.items() if _name(_cut_between_words(text)) != name]
    assert changed == []


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (
            (
                "huggingface_hub.errors.HfHubHTTPError: 429 Client Error: Too Many Requests for\nurl: "
                "https://huggingface.co/acme-research-and-engineering/claims-base-of-last-year-\n"
                "instruct-v2/resolve/main/config.json"
            ),
            "model_unavailable",
        ),
        (
            (
                "RuntimeError: Failed to download\n"
                "s3://acme/claims/of/the/whole/year/before/last/and/of/some/others/from/before/tr\n"
                "ain/index.json -> /tmp/a/index.json. Got errors: ClientError('Object\n"
                "s3://acme/claims/of/the/whole/year/before/last/and/of/some/others/from/before/tr\n"
                "ain/index.json not found! Either check the bucket path'"
            ),
            "dataset_unavailable",
        ),
    ],
)
def test_words_longer_than_a_line_are_put_together(error: str, name: str) -> None:
    """What wraps between words cuts those within, or at their hyphens."""
    assert _name(error) == name
