"""No text that users, operators or readers of the code meet has a retired word, see `tests.retired_words`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.cards.gallery.gallery import samples
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.settings import Settings
from bot.store.tables import metadata
from tests.architecture import parsed
from tests.command_line import run
from tests.documents import DOCUMENTS, ROOT
from tests.retired_words import RETIRED, RETIRED_IN_CODE, retired_in
from tests.tables import each_row

STATIC = ROOT / "bot" / "playground" / "static"
SAYING = (
    "cards",
    "cli",
    "settings",
    "domain/commands",
    "domain/channels",
    "domain/diagnosis",
    "domain/curves",
)
"""Rooms of which every text is for people: also what no sample of the gallery happens to show."""
TYPED = "vocabulary"
"""The folder of what people may say to the bot, as data: it says nothing of it itself."""
FILES = [
    *(ROOT / name for name in (".env.example", "manifest.yml")),
    *DOCUMENTS,
    STATIC / "index.html",
]
VERBS = ("serve", "demo", "worker", "check", "manifest", "render", "diagnose", "migrate", "outbox", "forget")
FEWEST_SAID = 100
"""Fewer log events than this, and the test reads past them."""
_LEVELS = ("debug", "info", "warning", "error", "exception", "critical")
_NAME_OF_CODE = re.compile(r"`+[^`\n]{1,100}`+|^ {4,20}\w{1,60}:", re.MULTILINE)
_JS_COMMENT = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_JS_TEXT = re.compile(r"\"[^\"\n]*\"|`[^`]*`")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from _texts(child)


@each_row("sample", samples(Dispatch().help), lambda sample: sample.name)
def test_no_card_says_one(sample: Any) -> None:
    """Messages, windows, Home, errors and help, as they are sent."""
    body = json.loads(json.dumps(sample.body))
    assert [found for text in _texts(body) for found in retired_in(text)] == []


def test_no_command_says_one() -> None:
    """Usage and summary."""
    assert [found for each in COMMANDS for found in retired_in(f"{each.usage} {each.summary}")] == []


@each_row("verb", ["", *VERBS])
def test_no_help_of_the_command_line_says_one(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Of each verb."""
    assert run(*filter(None, (verb, "--help"))) == 0
    assert retired_in(capsys.readouterr().out) == []


def test_no_setting_says_one() -> None:
    """In its description."""
    told = [str(field.description) for field in Settings.model_fields.values()]
    assert [found for text in told for found in retired_in(text)] == []


@each_row("file", FILES, lambda file: file.name)
def test_no_document_says_one(file: Path) -> None:
    """The README and the documents, the example settings, the manifest, the playground's page.

    A table that was released keeps its name, which is code.
    """
    text = file.read_text("utf-8")
    for table in metadata.tables:
        text = text.replace(f"`{table}`", "")
    assert retired_in(text) == []


@each_row("file", sorted(STATIC.glob("*.js")), lambda file: file.name)
def test_no_script_of_the_page_says_one(file: Path) -> None:
    """In its texts: names in code are code."""
    code = _JS_COMMENT.sub("", file.read_text("utf-8"))
    texts = [text for text in _JS_TEXT.findall(code) if " " in text]
    assert [found for text in texts for found in retired_in(text)] == []


def _spoken(path: Path) -> Iterator[str]:
    """The texts in a module's code, without docstrings and patterns."""
    tree = parsed(path.read_text("utf-8"))
    silent = {
        id(each.value)
        for node in ast.walk(tree)
        if isinstance(body := getattr(node, "body", None), list)
        for each in body
        if isinstance(each, ast.Expr)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in silent else None
        if isinstance(text, str) and " " in text and not any(sign in text for sign in ("\\b", "(?:")):
            yield text


@pytest.mark.parametrize("room", SAYING)
def test_no_text_in_the_code_says_one(room: str) -> None:
    """Where every text is for people."""
    files = sorted(path for path in (ROOT / "bot" / room).rglob("*.py") if path.parent.name != TYPED)
    assert files
    found = [
        f"{path.relative_to(ROOT)}: {each}"
        for path in files
        for text in _spoken(path)
        for each in retired_in(text)
    ]
    assert found == []


def _docstrings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Of modules, classes, functions and names, each with its line; names of code in them are code."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for each in body if isinstance(body, list) else ():
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
                yield each.lineno, _NAME_OF_CODE.sub("", str(each.value.value))


def _log_events(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """What a module writes into the log, without the values."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            logger = ast.unparse(node.func.value).lower()
            if node.func.attr in _LEVELS and logger.rpartition(".")[2].strip("_") == "log":
                texts = (each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant))
                yield from ((node.lineno, text) for text in texts if isinstance(text, str))


@pytest.mark.parametrize("read", [_docstrings, _log_events])
def test_no_docstring_and_no_log_event_says_one(read: Callable[[ast.AST], Iterator[tuple[int, str]]]) -> None:
    """In all of the bot."""
    said = [
        (path, line, text)
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for line, text in read(parsed(path.read_text("utf-8")))
    ]
    assert len(said) > FEWEST_SAID
    found = [
        f"{path.relative_to(ROOT)}:{line}: {each}"
        for path, line, text in said
        for each in retired_in(text, RETIRED_IN_CODE)
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        '_log.info("the job is followed")',
        'self._log.warning("examined" if late else "late")',
        'log.error(f"the training suite: {error}")',
        '"""The training suite."""',
        'class Wish:\n    """A wish."""',
        'def f():\n    """Args:\n        wish: what is wished.\n    """',
        'x = 1\n"""What ``wish`` tells of."""',
        'x = 1\n"""So many lines count."""',
        '_log.warning("what became of it is unknown")',
    ],
)
def test_they_are_found_in_code(source: str) -> None:
    """Wherever a text may stand."""
    tree = ast.parse(source)
    assert [
        each
        for _, text in (*_docstrings(tree), *_log_events(tree))
        for each in retired_in(text, RETIRED_IN_CODE)
    ]


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n    """Args:\n        wish: what to subscribe to.\n    """',
        '"""A `SubscribeRequest`, and ``followed`` of ``wishes``."""',
        'log = text("the training suite")',
    ],
)
def test_names_of_code_are_code(source: str) -> None:
    """Arguments, and what stands in back-ticks."""
    tree = ast.parse(source)
    assert [each for _, text in (*_docstrings(tree), *_log_events(tree)) for each in retired_in(text)] == []


@each_row(
    "text",
    [
        "Mend it in .env",
        "send whoever runs this bot the reference",
        "The training suite does not answer",
        "3 people follow it here",
        "jobs that begin to follow",
        "Nobody will hear of it",
        "a line each",
        "The bot may not post here",
        "52 %",
    ],
)
def test_they_are_found(text: str) -> None:
    """Each with what to say instead."""
    assert retired_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "`watch` and `follow` work as aliases of `subscribe`",
        "how long the run took, at step 1,200",
        "the node had condition MemoryPressure",
        "It may have expired. The following 3 jobs, here and there",
        "WATCH_LEASE_SECONDS, bot/playground/training_suite, 100%",
    ],
)
def test_other_words_are_not(text: str) -> None:
    """Aliases, names of files and settings, and the same letters in another sense."""
    assert retired_in(text) == []
    assert RETIRED
