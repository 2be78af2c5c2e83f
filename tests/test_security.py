"""docs/security.md names a test that exists for every claim; `test_docs` compares its tables."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.documents import ROOT, SECURITY, part, text

CLAIMING: Final = ("What is stored", "What is sent where", "Scopes", "Threat model")
"""The headings under which each table of claims ends in a column of tests."""
_TEST: Final = re.compile(r"\[`(test_\w+)`\]\(\.\./(tests/[\w/]+\.py)\)")


@pytest.mark.parametrize("heading", CLAIMING)
def test_every_claim_has_its_test(heading: str) -> None:
    """The link leads to a file that has a test of that name."""
    lines = part(SECURITY, heading).splitlines()
    heads = [number for number, line in enumerate(lines) if line.endswith("| Test |")]
    assert heads
    for head in heads:
        for line in lines[head + 2 :]:
            if not line.startswith("|"):
                break
            found = _TEST.findall(line)
            assert found, line
            for name, path in found:
                assert re.search(
                    rf"^(?:async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE
                ), name


def test_no_claim_is_elsewhere() -> None:
    """Every test that is linked stands in one of those tables."""
    there = sum(len(_TEST.findall(part(SECURITY, heading))) for heading in CLAIMING)
    assert there == len(_TEST.findall(text(SECURITY)))
