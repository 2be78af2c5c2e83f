"""Blocks, as Slack takes them.

Source: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from typing import Final

from bot.playground.block_kit.charts import CHART
from bot.playground.block_kit.elements import ACTIONS, ID, IMAGE, INPUTS, URL, plain, text
from bot.playground.block_kit.rich_text import RICH_TEXT
from bot.playground.block_kit.shapes import (
    Check,
    flag,
    items,
    needs_one,
    one_of,
    record,
    string,
    typed,
)


def _block(kind: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record({"type": one_of(kind), **required}, {"block_id": ID, **(optional or {})})


_SECTION: Final = needs_one(
    _block(
        "section",
        {},
        {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": typed({**ACTIONS, "image": IMAGE}),
            "expand": flag,
        },
    ),
    "text",
    "fields",
)
_CONTEXT_TEXT: Final = text(2000)
_CONTEXT: Final = _block(
    "context",
    {"elements": items(typed({"image": IMAGE, "plain_text": _CONTEXT_TEXT, "mrkdwn": _CONTEXT_TEXT}), 10)},
)
_INPUT: Final = _block(
    "input",
    {"label": plain(2000), "element": typed(INPUTS)},
    {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
)
_CELL: Final = typed(
    {
        "raw_text": record({"type": one_of("raw_text"), "text": string(3000)}),
        "rich_text": RICH_TEXT,
    }
)
_TABLE: Final = _block(
    "table",
    {"rows": items(items(_CELL, 20), 100)},
    {
        "column_settings": items(
            record({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag}), 20
        )
    },
)

IN_MESSAGES: Final = {
    "section": _SECTION,
    "header": _block("header", {"text": plain(150)}),
    "context": _CONTEXT,
    "actions": _block("actions", {"elements": items(typed(ACTIONS), 25)}),
    "divider": _block("divider", {}),
    "image": _block("image", {"image_url": URL, "alt_text": string(2000)}, {"title": plain(2000)}),
    "rich_text": RICH_TEXT,
    "input": _INPUT,
    "table": _TABLE,
    "data_visualization": CHART,
}
"""Blocks by type that a message takes."""
IN_VIEWS: Final = {
    kind: check for kind, check in IN_MESSAGES.items() if kind not in {"table", "data_visualization"}
}
"""Blocks by type that a modal or a Home tab takes."""
