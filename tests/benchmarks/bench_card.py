"""A job's card as JSON: our plain dicts and orjson, beside the same blocks through ``slack_sdk.models``."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from statistics import median
from typing import Any

import orjson
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from bot.cards.jobs.job import job_card
from bot.domain.job import TrainingJob
from bot.domain.ports import Snapshot
from tests.benchmarks.fakes import JOB
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import REQUEST_ID

ROUNDS, CARDS = 7, 300
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
JOB_SEEN = Snapshot(TrainingJob.from_json(json.dumps({"request_id": REQUEST_ID, **JOB}).encode()), NOW)


def measure() -> list[Ratio]:
    """Microseconds a card: all of ours, texts included, beside the models' with the texts given."""
    message = job_card(JOB_SEEN, request_id=REQUEST_ID, now=NOW, shareable=True).message()
    assert json.loads(_through_models(message)) == message, "both have to make the same card"
    ours, theirs = _alternating(_ours, lambda: _through_models(message))
    return [Ratio("card + JSON, against slack_sdk.models", ours, theirs, "us", "<= 0.1")]


def _alternating(*makers: Callable[[], object]) -> list[float]:
    taken: list[list[float]] = [[] for _ in makers]
    for _ in range(ROUNDS):
        for maker, figures in zip(makers, taken, strict=True):
            started = time.perf_counter()
            for _ in range(CARDS):
                maker()
            figures.append((time.perf_counter() - started) / CARDS * 1_000_000)
    return [median(figures) for figures in taken]


def _ours() -> bytes:
    return orjson.dumps(job_card(JOB_SEEN, request_id=REQUEST_ID, now=NOW, shareable=True).message())


def _through_models(message: Mapping[str, Any]) -> str:
    blocks = [_MODELS[block["type"]](block) for block in message["blocks"]]
    return json.dumps({"text": message["text"], "blocks": [block.to_dict() for block in blocks]})


def _text(given: Mapping[str, Any]) -> MarkdownTextObject | PlainTextObject:
    if given["type"] == "mrkdwn":
        return MarkdownTextObject(text=given["text"], verbatim=given.get("verbatim"))
    return PlainTextObject(text=given["text"], emoji=given.get("emoji"))


def _header(block: Mapping[str, Any]) -> Block:
    return HeaderBlock(text=PlainTextObject(text=block["text"]["text"], emoji=block["text"]["emoji"]))


def _section(block: Mapping[str, Any]) -> Block:
    if "fields" in block:
        return SectionBlock(fields=[_text(field) for field in block["fields"]])
    return SectionBlock(text=_text(block["text"]))


def _context(block: Mapping[str, Any]) -> Block:
    return ContextBlock(elements=[_text(element) for element in block["elements"]])


def _actions(block: Mapping[str, Any]) -> Block:
    return ActionsBlock(elements=[_button(element) for element in block["elements"]])


def _button(element: Mapping[str, Any]) -> ButtonElement:
    label = PlainTextObject(text=element["text"]["text"], emoji=element["text"]["emoji"])
    return ButtonElement(
        text=label, action_id=element["action_id"], value=element["value"], style=element.get("style")
    )


_MODELS = {"header": _header, "section": _section, "context": _context, "actions": _actions}
