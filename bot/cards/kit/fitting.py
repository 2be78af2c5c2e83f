"""As much of a message as Slack takes: beyond a number of characters in all it refuses the whole of it.

Cards are made of texts that are short enough each, and nearly always together too. What counts is what is
sent, in which a quote or a back-slash takes the room of two, and a block without a word some as well.
Source: https://github.com/slackapi/bolt-js/issues/2509 and …/2867; Slack documents none of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from pydantic_core import to_json

from bot.cards.kit.text import SEPARATOR, length

MESSAGE_CHARACTERS: Final = 13_000
"""All blocks of a message together; beyond it Slack answers ``msg_blocks_too_long``."""
_NOTE_CHARACTERS: Final = 200
"""What is said of blocks that are left out, and the block it stands in."""
_LONG: Final = 1_000
"""A text that takes more is cut before whole blocks are left out."""
_ELLIPSIS: Final = "…"

_Block = dict[str, Any]


def encoded(value: object) -> int:
    """How many characters it has as compact JSON."""
    return length(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def fitted(blocks: Sequence[_Block]) -> list[_Block]:
    """The blocks; of too many the longest texts are cut, then the last blocks left out, and it says so."""
    # No text has more UTF-16 units than bytes in UTF-8: nearly every message is known to fit by this.
    if len(to_json(blocks)) <= MESSAGE_CHARACTERS or encoded(blocks) <= MESSAGE_CHARACTERS:
        return list(blocks)
    kept = deepcopy(list(blocks))
    while (over := encoded(kept) - MESSAGE_CHARACTERS) > 0:
        cuttable = [text for text in _texts(kept) if _can_be_cut(text)]
        if not cuttable:
            return _without_the_last(kept)
        _cut(max(cuttable, key=_size), over)
    return kept


def _without_the_last(blocks: list[_Block]) -> list[_Block]:
    """Rows of buttons stay: they act on the whole."""
    left_out = 0
    while encoded(blocks) > MESSAGE_CHARACTERS - _NOTE_CHARACTERS:
        last = max(at for at, block in enumerate(blocks) if block["type"] != "actions")
        left_out += blocks.pop(last)["type"] not in {"context", "header", "divider"}
    words = f"{left_out} more left out: Slack limits how long a message can be."
    note: _Block = {"type": "context", "elements": [{"type": "mrkdwn", "text": words, "verbatim": True}]}
    at = next((at for at, block in enumerate(blocks) if block["type"] == "actions"), len(blocks))
    return [*blocks[:at], note, *blocks[at:]]


def _texts(value: Any) -> Iterator[dict[str, Any]]:
    """Every ``mrkdwn`` object, and every text of fixed width."""
    if isinstance(value, Mapping):
        if value.get("type") in {"mrkdwn", "text"} and isinstance(value, dict):
            yield value
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _size(text: Mapping[str, Any]) -> int:
    return encoded(text["text"])


def _can_be_cut(text: Mapping[str, Any]) -> bool:
    if _size(text) <= _LONG:
        return False
    return text["type"] == "text" or len(_pieces(text["text"])) > 1


def _cut(text: dict[str, Any], over: int) -> None:
    """Take away ``over`` characters, at most half: of fixed width the beginning, else the last remarks."""
    if text["type"] == "text":
        whole = text["text"]
        rest = whole[min(over + len(_ELLIPSIS), len(whole) // 2) :]
        text["text"] = _ELLIPSIS + rest.removeprefix(_ELLIPSIS)
        return
    pieces, wanted = _pieces(text["text"]), max(_size(text) - over, _size(text) // 2)
    while len(pieces) > 1 and encoded("".join(pieces)) + len(_ELLIPSIS) > wanted:
        pieces.pop()
    text["text"] = "".join(pieces).rstrip(f"\n{SEPARATOR}") + _ELLIPSIS


def _pieces(text: str) -> list[str]:
    """Lines, and remarks on them: no markup reaches from one into the next."""
    return [
        remark + SEPARATOR * (at < line.count(SEPARATOR))
        for line in text.splitlines(keepends=True)
        for at, remark in enumerate(line.split(SEPARATOR))
    ]
