"""Text objects and block elements, as Slack takes them.

Source: https://docs.slack.dev/reference/block-kit/composition-objects and …/block-elements.
"""

from __future__ import annotations

from typing import Final

from bot.playground.block_kit.shapes import (
    Check,
    flag,
    items,
    needs_one,
    one_of,
    record,
    string,
    typed,
    whole,
)

ID: Final = string(255)
"""An ``action_id``, ``block_id`` or ``callback_id``."""
URL: Final = string(3000)


def plain(most: int) -> Check:
    """A ``plain_text`` object."""
    return typed(
        {"plain_text": record({"type": one_of("plain_text"), "text": string(most)}, {"emoji": flag})}
    )


def text(most: int) -> Check:
    """A ``plain_text`` or ``mrkdwn`` object."""
    content = {"type": one_of("plain_text", "mrkdwn"), "text": string(most)}
    return typed(
        {
            "plain_text": record(content, {"emoji": flag}),
            "mrkdwn": record(content, {"verbatim": flag}),
        }
    )


def _element(kind: str, required: dict[str, Check], optional: dict[str, Check]) -> Check:
    return record({"type": one_of(kind), **required}, {"action_id": ID, **optional})


CONFIRM: Final = record(
    {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)

_OPTION: Final = record({"text": plain(75), "value": string(150)}, {"description": plain(75)})
_OVERFLOW_OPTION: Final = record(
    {"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL}
)
OPTIONS: Final = items(_OPTION, 100, least=0)
"""What a menu is filled with."""
_OPTION_GROUP: Final = record({"label": plain(75), "options": items(_OPTION, 100)})
_SELECT: Final = {"placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": flag}

BUTTON: Final = _element(
    "button",
    {"text": plain(75), "action_id": ID},
    {
        "url": URL,
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
STATIC_SELECT: Final = needs_one(
    _element(
        "static_select",
        {},
        {
            **_SELECT,
            "options": items(_OPTION, 100),
            "option_groups": items(_OPTION_GROUP, 100),
            "initial_option": _OPTION,
        },
    ),
    "options",
    "option_groups",
)
MULTI_USERS_SELECT: Final = _element(
    "multi_users_select",
    {},
    {**_SELECT, "initial_users": items(ID, 100), "max_selected_items": whole(1, 100)},
)
EXTERNAL_SELECT: Final = _element(
    "external_select", {}, {**_SELECT, "initial_option": _OPTION, "min_query_length": whole(0, 3000)}
)
OVERFLOW: Final = _element("overflow", {"options": items(_OVERFLOW_OPTION, 5)}, {"confirm": CONFIRM})
_RADIO_OPTION: Final = record({"text": text(75), "value": string(150)}, {"description": text(75)})
RADIO_BUTTONS: Final = _element(
    "radio_buttons",
    {"options": items(_RADIO_OPTION, 10)},
    {"initial_option": _RADIO_OPTION, "confirm": CONFIRM, "focus_on_load": flag},
)
IMAGE: Final = record({"type": one_of("image"), "image_url": URL, "alt_text": string(2000)})
PLAIN_TEXT_INPUT: Final = _element(
    "plain_text_input",
    {},
    {
        "initial_value": string(3000, least=0),
        "multiline": flag,
        "min_length": whole(0, 3000),
        "max_length": whole(1, 3000),
        "focus_on_load": flag,
        "placeholder": plain(150),
        "dispatch_action_config": record(
            {}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)}
        ),
    },
)

ACTIONS: Final = {
    "button": BUTTON,
    "static_select": STATIC_SELECT,
    "external_select": EXTERNAL_SELECT,
    "overflow": OVERFLOW,
}
"""What may stand in an actions block."""
INPUTS: Final = {
    "plain_text_input": PLAIN_TEXT_INPUT,
    "static_select": STATIC_SELECT,
    "external_select": EXTERNAL_SELECT,
    "multi_users_select": MULTI_USERS_SELECT,
    "radio_buttons": RADIO_BUTTONS,
}
"""What may stand in an input block."""
