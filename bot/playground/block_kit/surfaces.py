"""Whole messages and views, as Slack takes them.

Source: https://docs.slack.dev/reference/block-kit/blocks (50 and 100 blocks), …/reference/views, and what
``msg_blocks_too_long`` and ``invalid_blocks`` are answered for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bot.playground.block_kit.blocks import IN_MESSAGES, IN_VIEWS
from bot.playground.block_kit.elements import OPTIONS, plain
from bot.playground.block_kit.shapes import flag, items, length, one_of, record, string, typed

_MESSAGE_BLOCKS: Final = items(typed(IN_MESSAGES), 50, least=0)
_VIEW_BLOCKS: Final = items(typed(IN_VIEWS), 100, least=0)
_TEXT: Final = string(40_000)
_MESSAGE_TOTAL: Final = 13_000
_MOST_OF_A_KIND: Final = {"table": 1, "data_visualization": 2}
_VIEW_BYTES: Final = 250_000

_OPTIONS: Final = record({"options": OPTIONS})
_META: Final = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255),
    "external_id": string(255, least=0),
}
_MODAL: Final = record(
    {"type": one_of("modal"), "title": plain(24), "blocks": _VIEW_BLOCKS},
    {
        **_META,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME: Final = record({"type": one_of("home"), "blocks": _VIEW_BLOCKS}, _META)
_VIEW: Final = typed({"modal": _MODAL, "home": _HOME})


def message_problems(message: Mapping[str, Any]) -> list[str]:
    """Everything Slack would refuse in a message's ``text`` and ``blocks``, one plain line each.

    ``text`` is required: it is what notifications and screen readers say. Other arguments of the
    method (``channel``, ``thread_ts``, …) are not looked at; ``attachments`` are refused.
    """
    problems = list(_TEXT(message.get("text"), "text"))
    if "attachments" in message:
        problems.append("attachments: not accepted here, use blocks")
    if message.get("blocks") is not None:
        blocks = message["blocks"]
        problems.extend(_MESSAGE_BLOCKS(blocks, "blocks"))
        problems.extend(_repeated(blocks))
        problems.extend(_too_long(blocks))
    return problems


def view_problems(view: Mapping[str, Any]) -> list[str]:
    """Everything Slack would refuse in a modal or Home tab, one plain line each."""
    problems = list(_VIEW(view, "view"))
    blocks = view.get("blocks")
    problems.extend(_repeated(blocks))
    kinds = [block.get("type") for block in _objects(blocks)]
    if view.get("type") == "modal" and "input" in kinds and "submit" not in view:
        problems.append("view.submit: missing, and there is an input block")
    size = len(json.dumps(view, ensure_ascii=False, default=str).encode("utf-8", "replace"))
    if size > _VIEW_BYTES:
        problems.append(f"view: {size} bytes, at most {_VIEW_BYTES}")
    return problems


def options_problems(answer: object) -> list[str]:
    """Everything Slack would refuse in the options an app fills a menu with, one plain line each."""
    return list(_OPTIONS(answer, "answer"))


def _objects(value: object) -> Sequence[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def _repeated(blocks: object) -> Iterator[str]:
    """A block_id is unique in its message or view, an action_id in its block."""
    seen: set[str] = set()
    for index, block in enumerate(_objects(blocks)):
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                yield f"blocks[{index}].block_id: {block_id!r} is used twice"
            seen.add(block_id)
        yield from _repeated_actions(block, index)


def _repeated_actions(block: Mapping[str, Any], index: int) -> Iterator[str]:
    elements = _objects(block.get("elements"))
    ids = [element["action_id"] for element in elements if isinstance(element.get("action_id"), str)]
    for action_id in sorted({one for one in ids if ids.count(one) > 1}):
        yield f"blocks[{index}]: action_id {action_id!r} is used twice"


def _too_long(blocks: object) -> Iterator[str]:
    total = _encoded(blocks)
    if total > _MESSAGE_TOTAL:
        yield f"blocks: {total} characters in all, at most {_MESSAGE_TOTAL} (msg_blocks_too_long)"
    for kind, most in _MOST_OF_A_KIND.items():
        many = sum(block.get("type") == kind for block in _objects(blocks))
        if many > most:
            yield f"blocks: {many} blocks of type {kind}, at most {most}"


def _encoded(value: object) -> int:
    """How many characters it has as compact JSON.

    No document says what is counted. People found that blocks without a word count too, and that texts of
    far fewer characters are refused: this is the strictest reading, in which a quote is two.
    """
    return length(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))
