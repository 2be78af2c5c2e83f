"""What every card of the gallery keeps to: short IDs, and buttons that a phone doesn't cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.cards.gallery.gallery import samples
from bot.cards.kit.card_settings import LABEL_CHARACTERS, button_label, short_ids
from bot.handlers.entry.registry import Dispatch
from tests.tables import each_row

BODIES = {sample.name: sample.body for sample in samples(Dispatch().help)}
WHOLE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ADDRESS = re.compile(r"<[^<>|]+\|")
HAVE_THE_WHOLE_ID = {"details", "details-hostile"}
NEVER_SEEN = {"value", "action_id", "block_id", "url", "private_metadata"}
FEWEST = 150
"""Samples, so that a walk that finds nothing fails."""


def _seen(part: Any) -> Iterator[str]:
    """Every text that people see, also in questions before a button's work; of a link its words alone."""
    if isinstance(part, dict):
        for name, inside in part.items():
            yield from () if name in NEVER_SEEN else _seen(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from _seen(inside)
    elif isinstance(part, str):
        yield ADDRESS.sub("<", part)


def _labels(part: Any) -> Iterator[str]:
    """Of every button and every option of a menu."""
    if isinstance(part, dict):
        if part.get("type") == "button":
            yield part["text"]["text"]
        elif part.get("type") == "overflow":
            yield from (option["text"]["text"] for option in part["options"])
        for inside in part.values():
            yield from _labels(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from _labels(inside)


@each_row("name", BODIES)
def test_nobody_has_to_read_a_whole_id(name: str) -> None:
    """But in the window that shows everything of a job; ``text`` has it for those who hear the card."""
    assert len(BODIES) > FEWEST
    found = [text for text in _seen(BODIES[name]["blocks"]) if WHOLE_ID.search(text)]
    assert bool(found) is (name in HAVE_THE_WHOLE_ID), found


@each_row("name", BODIES)
def test_a_phone_cuts_no_button(name: str) -> None:
    """Under 30 characters."""
    assert [label for label in _labels(BODIES[name]["blocks"]) if len(label) > LABEL_CHARACTERS] == []


@each_row(
    "typed, shown",
    [
        ("unsubscribe 3FE92C25-8b1f-4c5e-9a70-6d2f1e0b7a94", "unsubscribe 3FE92C25"),
        ("compare run-17 run-18", "compare run-17 run-18"),
        ("3fe92c25-8b1f-4c5e-9a70", "3fe92c25-8b1f-4c5e-9a70"),
        ("", ""),
    ],
)
def test_a_command_has_short_ids(typed: str, shown: str) -> None:
    """What is no ID, or one of another kind, stays as it is."""
    assert short_ids(typed) == shown


@each_row(
    "words, shown",
    [
        ("unsubscribe support-assistant-v3", "Unsubscribe support-assistan…"),
        ("status 3fe92c25-8b1f-4c5e-9a70-6d2f1e0b7a94", "Status 3fe92c25"),
        ("a <b>\n& c", "A &lt;b&gt; &amp; c"),
    ],
)
def test_a_button_is_short(words: str, shown: str) -> None:
    """And begins with a capital letter."""
    assert button_label(words) == shown
