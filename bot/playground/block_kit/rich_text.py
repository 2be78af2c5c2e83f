"""The rich text block, as Slack takes it.

Source: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from typing import Final

from bot.playground.block_kit.elements import ID, URL
from bot.playground.block_kit.shapes import Check, flag, items, one_of, record, string, typed, whole

_ANY_LENGTH: Final = 40_000
_MOST_ELEMENTS: Final = 1_000
_STYLE: Final = record(
    {}, {"bold": flag, "italic": flag, "strike": flag, "code": flag, "underline": flag, "highlight": flag}
)


def _kind(name: str, required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return record({"type": one_of(name), **required}, {"style": _STYLE, **(optional or {})})


_TEXT: Final = _kind("text", {"text": string(_ANY_LENGTH, blank=True)})
_LINK: Final = _kind("link", {"url": URL}, {"text": string(_ANY_LENGTH, blank=True), "unsafe": flag})
_INLINE: Final = typed(
    {
        "text": _TEXT,
        "link": _LINK,
        "emoji": _kind("emoji", {"name": string(255)}, {"unicode": string(255), "skin_tone": whole(1, 6)}),
        "user": _kind("user", {"user_id": string(255)}),
        "channel": _kind("channel", {"channel_id": string(255)}),
        "usergroup": _kind("usergroup", {"usergroup_id": string(255)}),
        "broadcast": _kind("broadcast", {"range": one_of("here", "channel", "everyone")}),
        "color": _kind("color", {"value": string(7)}),
        "date": _kind(
            "date",
            {"timestamp": whole(0, 2**53), "format": string(255)},
            {"url": URL, "fallback": string(255)},
        ),
    }
)
_SECTION: Final = record({"type": one_of("rich_text_section"), "elements": items(_INLINE, _MOST_ELEMENTS)})
_PREFORMATTED: Final = record(
    {
        "type": one_of("rich_text_preformatted"),
        "elements": items(typed({"text": _TEXT, "link": _LINK}), _MOST_ELEMENTS),
    },
    {"border": whole(0, 1), "language": string(255)},
)
_QUOTE: Final = record(
    {"type": one_of("rich_text_quote"), "elements": items(_INLINE, _MOST_ELEMENTS)}, {"border": whole(0, 1)}
)
_LIST: Final = record(
    {
        "type": one_of("rich_text_list"),
        "style": one_of("bullet", "ordered"),
        "elements": items(_SECTION, _MOST_ELEMENTS),
    },
    {"indent": whole(0, 8), "offset": whole(0, 2**31), "border": whole(0, 1)},
)

RICH_TEXT: Final = record(
    {
        "type": one_of("rich_text"),
        "elements": items(
            typed(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_preformatted": _PREFORMATTED,
                    "rich_text_quote": _QUOTE,
                    "rich_text_list": _LIST,
                }
            ),
            _MOST_ELEMENTS,
        ),
    },
    {"block_id": ID},
)
"""A whole rich text block."""
