"""How many lines a message takes on a phone: of sections, errors and gray context, buttons apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LINE_CHARACTERS = 38
_TIME = re.compile(r"<!date\^\d+\^([^|<>]+)\|[^|<>]+>")
_LINK = re.compile(r"<[^<>|]+\|([^<>]+)>")
_REFERENCE = re.compile(r"<[@#]\w+>")
_BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")


def phone_lines(blocks: Sequence[Mapping[str, Any]]) -> int:
    """The lines of text; buttons and menus take a row however many lines there are."""
    return sum(
        max(1, -(-len(line) // LINE_CHARACTERS))
        for block in blocks
        for text in _texts(block)
        for line in _as_shown(text).split("\n")
    )


def _texts(block: Mapping[str, Any]) -> Iterator[str]:
    """Each paragraph; a remark beside others in a context starts a line of its own on a phone."""
    if isinstance(block.get("text"), Mapping):
        yield block["text"]["text"]
    yield from (field["text"] for field in block.get("fields", ()))
    if block["type"] == "context":
        yield from (element["text"] for element in block["elements"])
    elif block["type"] == "rich_text":
        yield from ("".join(each["text"] for each in part["elements"]) for part in block["elements"])


def _as_shown(text: str) -> str:
    """Without markup; a time as a reader in the afternoon sees it."""
    shown = _TIME.sub(lambda match: "Nov 13 at 12:15 PM" if "date" in match[1] else "12:15 PM", text)
    shown = _BOLD.sub(r"\1", _REFERENCE.sub("@person", _LINK.sub(r"\1", shown))).replace("`", "")
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
