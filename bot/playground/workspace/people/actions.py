"""Finding what a person presses in blocks, and the action object Slack makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.playground.workspace.model import with_block_ids


class NotPossibleError(Exception):
    """A person cannot do this here; the message says why in a plain sentence."""


def action_object(
    blocks: Sequence[Mapping[str, Any]] | None, action_id: str, block_id: str | None, value: str | None
) -> dict[str, Any]:
    """The action of the element with this ``action_id`` (in this block, with this value).

    Raises:
        NotPossibleError: there is none.
    """
    for own_block_id, element in _elements(blocks):
        if element.get("action_id") != action_id or block_id not in {None, own_block_id}:
            continue
        chosen = _chosen(element, value)
        if chosen is not None:
            return {"action_id": action_id, "block_id": own_block_id, "type": element.get("type"), **chosen}
    msg = f"There is no {action_id!r} to press here."
    raise NotPossibleError(msg)


def field_object(blocks: Sequence[Mapping[str, Any]] | None, action_id: str) -> dict[str, str]:
    """The two ids of the menu with this ``action_id`` that the app fills.

    Raises:
        NotPossibleError: there is none.
    """
    for block_id, element in _elements(blocks):
        if element.get("action_id") == action_id and element.get("type") == "external_select":
            return {"action_id": action_id, "block_id": block_id}
    msg = f"There is no {action_id!r} to type into here."
    raise NotPossibleError(msg)


def _elements(blocks: Sequence[Mapping[str, Any]] | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for block in with_block_ids(blocks):
        found = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
        yield from ((block["block_id"], element) for element in found if isinstance(element, dict))


def _chosen(element: Mapping[str, Any], value: str | None) -> dict[str, Any] | None:
    """What of the element is sent; None when it does not have this value."""
    if element.get("type") == "button":
        if value not in {None, element.get("value")}:
            return None
        return {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    if element.get("type") == "external_select":
        return {"selected_option": {"text": {"type": "plain_text", "text": str(value)}, "value": value}}
    options = element.get("options")
    if isinstance(options, list):
        picked = (option for option in options if option.get("value") == value)
        option = next(picked, None)
        return None if option is None else {"selected_option": option}
    return {"value": value}
