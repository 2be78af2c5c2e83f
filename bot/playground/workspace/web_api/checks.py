"""Whether Slack would take a message's or a view's content."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from bot.playground.block_kit import message_problems, view_problems
from bot.playground.workspace.refusal import refuse

_MOST_TEXT = 40_000
_MOST_UPDATED_TEXT = 4_000
_TOO_LONG = "(msg_blocks_too_long)"


def check_message(
    content: Mapping[str, Any], *, is_update: bool = False, lacks: Collection[str] = ()
) -> None:
    """Refuse a message as Slack does; it ``lacks`` some types of blocks.

    Raises:
        Refusal: ``no_text``, ``msg_too_long``, ``msg_blocks_too_long``, ``invalid_blocks_format``,
            ``invalid_blocks`` or ``invalid_metadata_format``.
    """
    _check_metadata(content.get("metadata"))
    text, blocks = content.get("text"), content.get("blocks")
    has_text = isinstance(text, str) and bool(text)
    if not has_text and not blocks:
        refuse("no_text")
    if isinstance(text, str) and len(text) > (_MOST_UPDATED_TEXT if is_update else _MOST_TEXT):
        refuse("msg_too_long")
    if blocks is None:
        return
    if not isinstance(blocks, list):
        refuse("invalid_blocks_format")
    problems = message_problems({"text": text if has_text else "-", "blocks": blocks})
    if problems and all(problem.endswith(_TOO_LONG) for problem in problems):
        refuse("msg_blocks_too_long")
    problems += [
        f"blocks[{index}].type: unsupported"
        for index, block in enumerate(blocks)
        if isinstance(block, dict) and block.get("type") in lacks
    ]
    if problems:
        refuse("invalid_blocks", messages=problems)


def _check_metadata(metadata: object) -> None:
    """An event type and a flat payload, as https://docs.slack.dev/messaging/message-metadata has it."""
    if metadata is None or metadata == {}:
        return
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        refuse("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        refuse("invalid_metadata_format")


def check_view(view: object, kind: str) -> Mapping[str, Any]:
    """The view, if Slack would take it as a view of this kind.

    Raises:
        Refusal: ``invalid_arguments`` with what is wrong.
    """
    if not isinstance(view, dict):
        refuse("invalid_arguments", messages=["missing required field: view"])
    problems = view_problems(view)
    if view.get("type") != kind:
        problems.append(f"view.type: must be {kind}")
    if problems:
        refuse("invalid_arguments", messages=problems)
    return view
