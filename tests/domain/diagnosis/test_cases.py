"""Error texts as they really occur, and those that only look like them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from bot.domain.diagnosis import FailureClass, diagnose
from bot.domain.job import TrainingJob
from tests.tables import each_row

FOLDER = Path(__file__).parent / "cases"
FEWEST = 5
SOURCE = re.compile(r"[\w.-]+/[\w.-]+#\d+(?::|$)")
"""Where a text was seen: a public issue."""


def _texts(name: str) -> list[tuple[str, str]]:
    """The title and the text of every case in a file; nothing where there is no such file."""
    if not (FOLDER / name).exists():
        return []
    parts = ("\n" + (FOLDER / name).read_text("utf-8")).split("\n=== ")[1:]
    return [(part.partition("\n")[0], part.partition("\n")[2]) for part in parts]


def all_texts() -> list[str]:
    """Every text of every case, also of those that nothing may be said of."""
    files = sorted(each.name for each in FOLDER.glob("*.txt") if each.name != "README.txt")
    blocks = [text for name in files for _, text in _texts(name)]
    return [*blocks, *(error for _, error in _other_words()), *(error for _, _, error in _raised())]


def _cases() -> Iterator[tuple[str, str]]:
    for each in FailureClass:
        for _, text in (*_texts(f"{each}.txt"), *_texts(f"{each}.made.txt")):
            yield each.value, text


def _look_alikes() -> Iterator[tuple[str, str, str]]:
    for each in FailureClass:
        for title, text in _texts(f"{each}.not.txt"):
            _, _, expected = title.partition(" -> ")
            yield each.value, text, expected


def _found(error: str) -> str | None:
    body = json.dumps({"status": "FAILED", "error_message": error}).encode()
    diagnosis = diagnose(TrainingJob.from_json(body))
    return diagnosis.name.value if diagnosis else None


def _other_words() -> list[tuple[str, str]]:
    lines = (FOLDER / "in_other_words.txt").read_text("utf-8").splitlines()
    return [(line.partition(": ")[0], line.partition(": ")[2]) for line in lines]


def _raised() -> list[tuple[str, str, str]]:
    """The class, where the words are raised, and the message."""
    lines = (FOLDER / "as_raised.txt").read_text("utf-8").splitlines()
    parts = [line.split(" | ", 2) for line in lines]
    return [(name, source, error) for name, source, error in parts]


@each_row("name, error", [(name, error) for name, _, error in _raised()])
def test_what_a_library_raises_is_recognised(name: str, error: str) -> None:
    """The message alone, without any traceback."""
    assert _found(error) == name


@each_row("name, error", list(_cases()))
def test_a_real_error_is_recognised(name: str, error: str) -> None:
    """By its text alone, with nothing known of the configuration."""
    assert _found(error) == name


@each_row("name, error", _other_words())
def test_a_platforms_own_words_are_recognised(name: str, error: str) -> None:
    """The short messages that platforms make of errors, a line each."""
    assert _found(error) == name


@each_row("name, error, expected", list(_look_alikes()))
def test_a_look_alike_is_not_taken_for_it(name: str, error: str, expected: str) -> None:
    """It is something else, or nothing that could be told."""
    found = _found(error)
    assert found != name
    assert found == (None if expected == "null" else expected)


@each_row("text", [text for _, text in _texts("nothing.txt")])
def test_a_real_failure_of_no_class_is_left_alone(text: str) -> None:
    """Nothing is said where nothing is known."""
    assert _found(text) is None


@each_row("name", FailureClass)
def test_every_class_has_enough_cases(name: FailureClass) -> None:
    """At least five that were seen in public and five look-alikes: a new class comes with its proof."""
    titles = [title for title, _ in _texts(f"{name}.txt")]
    assert len(titles) >= FEWEST
    assert all(SOURCE.match(title) for title in titles)
    assert len(_texts(f"{name}.not.txt")) >= FEWEST
