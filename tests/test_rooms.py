"""The rooms of the house: few files in each, and an order among them."""

from __future__ import annotations

from pathlib import Path

from tests.architecture import read_tree
from tests.rooms import MOST_FILES, crowded, room_cycles

BOT = read_tree(Path(__file__).parent.parent / "bot")


def test_no_folder_is_crowded() -> None:
    """About a dozen files, one subject."""
    assert crowded(BOT) == []
    many = {f"bot.cards.kit.m{n}": "" for n in range(MOST_FILES + 1)}
    assert crowded({"bot.cards.kit": "", **many}) == [f"bot.cards.kit: {MOST_FILES + 1} files"]


def test_rooms_have_an_order() -> None:
    """Inside a layer no two rooms import each other, also by way of a third."""
    assert room_cycles(BOT) == []
    circle = {
        "bot.cards.kit.card": "from bot.cards.jobs.job import x",
        "bot.cards.jobs.job": "from bot.cards.home import home",
        "bot.cards.home.home": "from bot.cards.kit import card",
        "bot.cards.gallery.all": "from bot.cards.kit import card",
    }
    assert room_cycles({**circle, "bot.cards.kit": "", "bot.cards.home": "", "bot.cards.jobs": ""}) == [
        "bot.cards: gallery, home, jobs, kit"
    ]
