"""Every sample of the gallery: within Slack's limits, and as it was last approved.

After a change that is meant, rewrite the golden files and read their diff:
``UPDATE_GOLDEN=1 python -m pytest tests/cards/test_gallery.py``
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from bot.cards.gallery.gallery import Sample, samples
from bot.handlers.entry.registry import Dispatch
from bot.playground.block_kit import message_problems, view_problems
from tests.cards.shown import live_markup
from tests.tables import each_row

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = samples(Dispatch().help)
LONG = 20_000

each_sample = each_row("sample", SAMPLES, lambda sample: sample.name)


def _golden_text(body: dict[str, Any]) -> str:
    """The body as a golden file keeps it; of a very long one the first and last blocks."""
    whole = json.dumps(body, indent=1, ensure_ascii=False)
    if len(whole) > LONG:
        blocks = body["blocks"]
        body = {**body, "blocks": [*blocks[:3], f"… {len(blocks)} blocks in all …", *blocks[-2:]]}
        whole = json.dumps(body, indent=1, ensure_ascii=False)
    return whole + "\n"


@each_sample
def test_is_within_slacks_limits(sample: Sample) -> None:
    """Slack takes it as it is."""
    problems = message_problems if sample.kind == "message" else view_problems
    assert problems(sample.body) == []
    assert orjson.dumps(sample.body)


@each_sample
def test_has_no_live_markup(sample: Sample) -> None:
    """Nothing from a document mentions, links or breaks an escape."""
    assert live_markup(sample.body) == []


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _objects(child)


@each_sample
def test_plain_text_stays_plain(sample: Sample) -> None:
    """A job may be called ``:100:``: no plain text turns names of emoji into pictures.

    Of a confirmation Slack renders plain text only, so that back-ticks would stand there.
    """
    plain = [each for each in _objects(sample.body) if each.get("type") == "plain_text"]
    assert [each for each in plain if each.get("emoji") is not False] == []
    asked = [each["confirm"] for each in _objects(sample.body) if isinstance(each.get("confirm"), dict)]
    questions = [each["text"] for each in asked if "deny" in each]
    assert [text for text in questions if text["type"] != "plain_text" or "`" in text["text"]] == []


@each_sample
def test_is_as_approved(sample: Sample) -> None:
    """What is shown changes only on purpose."""
    path, text = GOLDEN / f"{sample.name}.json", _golden_text(sample.body)
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.exists(), "new sample: run with UPDATE_GOLDEN=1, then read the new file"
    assert text == path.read_text(encoding="utf-8"), "if this is meant, run with UPDATE_GOLDEN=1"


def test_golden_files_all_have_a_sample() -> None:
    """No golden file outlives its sample."""
    assert {path.stem for path in GOLDEN.glob("*.json")} == {sample.name for sample in SAMPLES}


def test_is_the_same_at_every_call() -> None:
    """The gallery depends on nothing but itself."""
    assert samples(Dispatch().help) == SAMPLES


def test_names_serve_as_file_names() -> None:
    """Names are unique, lower case and hyphenated."""
    names = [sample.name for sample in SAMPLES]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in names)


def test_a_card_fits_a_phone() -> None:
    """A job's card has few blocks and little text, whatever the document."""
    for sample in SAMPLES:
        if sample.name.startswith("job-") and sample.name != "job-hostile":
            assert len(sample.body["blocks"]) <= 7
            assert len(json.dumps(sample.body)) < 4500
