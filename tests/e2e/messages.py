"""What a message in the playground's workspace shows and offers."""

from __future__ import annotations

import json

from bot.playground.workspace import Message


def options_of(message: Message) -> list[tuple[str, str]]:
    """The action of each menu of the message, with what each of its options sends."""
    blocks = message.blocks or []
    found = [each for block in blocks for each in (*block.get("elements", ()), block.get("accessory") or {})]
    return [
        (each["action_id"], option["value"])
        for each in found
        if each.get("type") == "overflow"
        for option in each["options"]
    ]


def has_button(message: Message, action_id: str) -> bool:
    """Whether the message offers this, as a button or in a menu."""
    shown = json.dumps(message.blocks)
    return f'"{action_id}"' in shown or f'"{action_id} ' in shown


def text_of(message: Message) -> str:
    """Everything a message shows, as one text."""
    return " ".join([message.text, *_texts(message.blocks or [])])


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [
            text
            for key in ("text", "fields", "elements", "accessory", "options", "blocks", "title", "rows")
            for text in _texts(value.get(key))
        ]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    return []
