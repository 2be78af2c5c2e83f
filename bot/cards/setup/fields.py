"""The kinds of fields in `setup`'s window, and what was chosen in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.cards.kit.card import OPTION_CHARACTERS, Block, plain_text
from bot.domain.job.reading import read_object

_HINT_CHARACTERS: Final = 150
_TEXT_CHARACTERS: Final = 100
_UNSET: Final = "-"


def choice(  # noqa: PLR0913  (a menu, and what it stands at)
    name: str,
    label: str,
    options: Mapping[Any, str],
    chosen: str,
    unset: str = "",
    *,
    tells: bool = False,
) -> Block:
    """A menu; ``unset`` is what it says where nothing is set, empty where its first option is that.

    Where it ``tells``, the window can change with what is chosen.
    """
    every = [_option(unset, _UNSET)] if unset else []
    every += [_option(words, str(value)) for value, words in options.items()]
    initial = next((each for each in every if each["value"] == str(chosen)), every[0])
    element = {"type": "static_select", "options": every, "initial_option": initial}
    block = labeled(name, label, element, is_optional=False)
    return block | ({"dispatch_action": True} if tells else {})


def one_of(name: str, label: str, options: Mapping[str, str], chosen: str) -> Block:
    """A menu in which nothing is chosen at first, and something has to be."""
    every = [_option(words, value) for value, words in options.items()]
    element: dict[str, Any] = {"type": "static_select", "options": every}
    initial = next((each for each in every if each["value"] == chosen), None)
    element |= {} if initial is None else {"initial_option": initial}
    return labeled(name, label, element, is_optional=False)


def text(name: str, label: str, hint: str, value: str, *, is_optional: bool = True) -> Block:
    """A line to type into."""
    element: dict[str, Any] = {"type": "plain_text_input", "max_length": _TEXT_CHARACTERS}
    if value:
        element["initial_value"] = value
    return labeled(name, label, element, is_optional=is_optional) | {
        "hint": plain_text(hint, _HINT_CHARACTERS)
    }


def persons(name: str, label: str, chosen: Sequence[str], most: int) -> Block:
    """People of the workspace, at least one."""
    element: dict[str, Any] = {"type": "multi_users_select", "max_selected_items": most}
    if chosen:
        element["initial_users"] = list(chosen)
    return labeled(name, label, element, is_optional=False)


def labeled(name: str, label: str, element: dict[str, Any], *, is_optional: bool) -> Block:
    """A field; Slack sends no window in which one that isn't optional is empty."""
    return {
        "type": "input",
        "block_id": name,
        "optional": is_optional,
        "label": plain_text(label, OPTION_CHARACTERS),
        "element": element | {"action_id": name},
    }


def field_of(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """What stands in a field; ``values`` is the view's ``state.values``."""
    return read_object(read_object(values.get(name)).get(name))


def chosen_in(values: Mapping[str, Any], name: str, options: Mapping[Any, str]) -> str:
    """Which option of a menu."""
    said = _selected(values, name)
    return said if said in {str(each) for each in options} else ""


def typed_in(values: Mapping[str, Any], name: str) -> str:
    """What was typed, or which option was chosen, whatever options there were."""
    return (str(field_of(values, name).get("value") or "") or _selected(values, name)).strip()


def _selected(values: Mapping[str, Any], name: str) -> str:
    return str(read_object(field_of(values, name).get("selected_option")).get("value") or "")


def _option(words: str, value: str) -> dict[str, Any]:
    return {"text": plain_text(words, OPTION_CHARACTERS), "value": value}
