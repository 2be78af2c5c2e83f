"""The validator that plays Slack: what it takes and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.block_kit import message_problems, view_problems
from tests.nesting import nested
from tests.tables import each_row


def _plain(text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, **more}


def _mrkdwn(text: str = "*Hello*", **more: Any) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, **more}


def _button(action_id: str = "go", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": _plain("Go"), "action_id": action_id, **more}


def _option(**more: Any) -> dict[str, Any]:
    return {"text": _plain("One"), "value": "1", **more}


def _actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def _rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def _rich_line(*elements: dict[str, Any], kind: str = "rich_text_section", **more: Any) -> dict[str, Any]:
    return {"type": kind, "elements": list(elements), **more}


CONFIRM = {"title": _plain(), "text": _plain(), "confirm": _plain("Yes"), "deny": _plain("No")}
WORD = {"type": "text", "text": "word", "style": {"bold": True}}
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A cat"}

ACCEPTED = {
    "section with text": {"type": "section", "text": _mrkdwn(verbatim=True), "block_id": "b"},
    "section with fields": {"type": "section", "fields": [_mrkdwn()] * 10, "expand": True},
    "section with a button": {"type": "section", "text": _plain(), "accessory": _button()},
    "section with a picture": {"type": "section", "text": _plain(), "accessory": IMAGE},
    "header": {"type": "header", "text": _plain("x" * 150, emoji=True)},
    "context": {"type": "context", "elements": [_mrkdwn(), _plain(), IMAGE]},
    "actions": _actions(
        _button(value="v" * 2000, style="danger", confirm=CONFIRM),
        {"type": "static_select", "action_id": "s", "options": [_option()], "initial_option": _option()},
        {"type": "external_select", "action_id": "e", "min_query_length": 2, "placeholder": _plain()},
        {"type": "overflow", "action_id": "o", "options": [_option(url="https://example.com")] * 5},
    ),
    "divider": {"type": "divider"},
    "image": {**IMAGE, "title": _plain()},
    "rich text": _rich(
        _rich_line(WORD, {"type": "date", "timestamp": 1, "format": "{time}"}),
        _rich_line({"type": "text", "text": " "}, kind="rich_text_preformatted", border=0),
        _rich_line(_rich_line(WORD), kind="rich_text_list", style="bullet", indent=1),
        _rich_line({"type": "link", "url": "https://example.com"}, kind="rich_text_quote"),
    ),
    "input": {
        "type": "input",
        "label": _plain(),
        "element": {"type": "plain_text_input", "action_id": "i", "multiline": True, "max_length": 10},
        "optional": True,
    },
    "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, _rich(_rich_line(WORD))]]},
}

REFUSED = {
    "a type nobody knows": {"type": "hologram"},
    "no type": {"text": _plain()},
    "not an object": "section",
    "section without text or fields": {"type": "section"},
    "section over 3,000": {"type": "section", "text": _mrkdwn("x" * 3001)},
    "section with empty fields": {"type": "section", "fields": []},
    "eleven fields": {"type": "section", "fields": [_mrkdwn()] * 11},
    "field over 2,000": {"type": "section", "fields": [_mrkdwn("x" * 2001)]},
    "bare string for text": {"type": "section", "text": "hello"},
    "empty text": {"type": "section", "text": _mrkdwn("")},
    "blank text": {"type": "section", "text": _mrkdwn(" \n")},
    "unknown key": {"type": "section", "text": _mrkdwn(), "colour": "red"},
    "unknown key in a text object": {"type": "section", "text": _mrkdwn(emoji=True)},
    "mrkdwn in a header": {"type": "header", "text": _mrkdwn()},
    "header over 150": {"type": "header", "text": _plain("x" * 151)},
    "header over 150 in emoji": {"type": "header", "text": _plain("😀" * 76)},
    "half a surrogate pair": {"type": "header", "text": _plain("\ud83d")},
    "eleven in context": {"type": "context", "elements": [_mrkdwn()] * 11},
    "button in context": {"type": "context", "elements": [_button()]},
    "no actions": _actions(),
    "twenty-six actions": _actions(*(_button(f"b{n}") for n in range(26))),
    "the same action twice": _actions(_button(), _button()),
    "button text over 75": _actions({**_button(), "text": _plain("x" * 76)}),
    "button with an empty value": _actions(_button(value="")),
    "button value over 2,000": _actions(_button(value="x" * 2001)),
    "button without action_id": _actions({"type": "button", "text": _plain()}),
    "button in an invented style": _actions(_button(style="warning")),
    "confirm over its limits": _actions(_button(confirm={**CONFIRM, "title": _plain("x" * 101)})),
    "confirm without deny": _actions(
        _button(confirm={"title": _plain(), "text": _plain(), "confirm": _plain()})
    ),
    "six overflow options": _actions({"type": "overflow", "action_id": "o", "options": [_option()] * 6}),
    "option value over 150": _actions({"type": "static_select", "options": [_option(value="x" * 151)]}),
    "select without options": _actions({"type": "static_select", "action_id": "s"}),
    "101 options": _actions({"type": "static_select", "options": [_option()] * 101}),
    "input in actions": _actions({"type": "plain_text_input", "action_id": "i"}),
    "action_id over 255": _actions(_button("x" * 256)),
    "block_id over 255": {"type": "divider", "block_id": "x" * 256},
    "picture without words": {"type": "image", "image_url": "https://example.com/a.png"},
    "empty rich text": _rich(),
    "empty preformatted": _rich(_rich_line(kind="rich_text_preformatted")),
    "empty text in rich text": _rich(_rich_line({"type": "text", "text": ""})),
    "mention in preformatted": _rich(
        _rich_line({"type": "user", "user_id": "U1"}, kind="rich_text_preformatted")
    ),
    "rich list of words": _rich(_rich_line(WORD, kind="rich_text_list", style="bullet")),
    "invented style in rich text": _rich(_rich_line({**WORD, "style": {"blink": True}})),
    "table with an empty cell": {"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]},
    "flag that is no flag": {"type": "section", "text": _mrkdwn(), "expand": "yes"},
}


@pytest.mark.parametrize("block", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_takes_what_slack_takes(block: dict[str, Any]) -> None:
    """Each documented shape passes."""
    assert message_problems({"text": "t", "blocks": [block]}) == []


@pytest.mark.parametrize("block", REFUSED.values(), ids=REFUSED.keys())
def test_refuses_what_slack_refuses(block: Any) -> None:
    """Each shape beyond the limits or unknown gives at least one line, saying where."""
    problems = message_problems({"text": "t", "blocks": [block]})
    assert problems
    assert all(problem.startswith("blocks") for problem in problems)


def test_text_is_required_and_limited() -> None:
    """Screen readers and notifications need the text."""
    assert message_problems({"blocks": [{"type": "divider"}]})
    assert message_problems({"text": ""})
    assert message_problems({"text": "x" * 40_001})
    assert message_problems({"text": "x" * 40_000}) == []


def test_the_whole_message_has_limits() -> None:
    """50 blocks, 13,000 characters, one table, block ids once, no attachments."""
    divider = {"type": "divider"}
    long = {"type": "section", "text": _mrkdwn("x" * 2700)}
    assert message_problems({"text": "t", "blocks": [divider] * 50}) == []
    assert message_problems({"text": "t", "blocks": [divider] * 51})
    assert message_problems({"text": "t", "blocks": [long] * 4}) == []
    assert message_problems({"text": "t", "blocks": [long] * 5})
    assert message_problems({"text": "t", "blocks": [{**divider, "block_id": "a"}] * 2})
    assert message_problems({"text": "t", "blocks": [ACCEPTED["table"]] * 2})
    assert message_problems({"text": "t", "attachments": []})


def test_the_same_action_may_stand_in_two_blocks() -> None:
    """Slack wants an action_id once per block, not once per message."""
    assert message_problems({"text": "t", "blocks": [_actions(_button()), _actions(_button())]}) == []


def _modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": _plain("Job"), "blocks": [{"type": "divider"}], **more}


@pytest.mark.parametrize(
    "view",
    [
        _modal(close=_plain("Close"), private_metadata="m" * 3000, callback_id="c", notify_on_close=True),
        _modal(blocks=[ACCEPTED["input"]], submit=_plain("Save")),
        {"type": "home", "blocks": [{"type": "divider"}] * 100},
    ],
)
def test_takes_views(view: dict[str, Any]) -> None:
    """Modals and Home tabs within the limits pass."""
    assert view_problems(view) == []


@each_row(
    "view",
    [
        {},
        {"type": "modal", "blocks": []},
        _modal(title=_plain("x" * 25)),
        _modal(title=_mrkdwn("Job")),
        _modal(private_metadata="m" * 3001),
        _modal(blocks=[{"type": "divider"}] * 101),
        _modal(blocks=[ACCEPTED["table"]]),
        _modal(blocks=[ACCEPTED["input"]]),
        _modal(blocks=[{"type": "section", "text": _mrkdwn("é" * 3000)}] * 45),
        _modal(colour="red"),
        {"type": "home", "title": _plain(), "blocks": []},
    ],
)
def test_refuses_views(view: dict[str, Any]) -> None:
    """Titles over 24, over 100 blocks, over 250 kB, unknown keys, input without submit."""
    assert view_problems(view)


JSON = nested(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "fields", "blocks"]), inner, max_size=4
        )
    ),
)


@settings(max_examples=60)
@given(JSON)
def test_says_something_about_anything(document: Any) -> None:
    """No document breaks the validator itself."""
    message_problems({"text": "t", "blocks": document})
    view_problems({"type": "modal", "blocks": document})
