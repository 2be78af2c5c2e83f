"""What the documents name exists: files, headings, settings, targets, command lines, jobs."""

from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.commands.sentences.intents import Intent
from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.reading import read_sentence
from bot.domain.job import JobSummary
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.handlers.kit.command import Place
from bot.playground.training_suite.catalogue import demo_jobs
from bot.settings import Settings
from bot.settings.families import FAMILIES
from tests.command_line import run
from tests.documents import (
    DOCUMENTS,
    HOW_IT_WORKS,
    README,
    ROOT,
    anchors,
    code,
    links,
    part,
    rows,
    typed,
)

OTHERS_SETTINGS = {
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "HTTPS_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "UPDATE_GOLDEN",
    "RECORD_STATEMENTS",
    "FUZZ_EXAMPLES",
}
"""What libraries and tests read from the environment."""
PLACE = Place("T1", "C1", "U1")

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)


@each_document
def test_every_example_is_understood(document: Path) -> None:
    """What stands there as typed can be typed, and names a job of the playground's."""
    usages = {f"/job {each.usage}" for each in COMMANDS}
    examples = [
        each for each in code(document) if each.startswith(("/job ", "@jobbot ")) and each not in usages
    ]
    plans = demo_jobs(datetime.now(UTC))
    known = {plan.experiment_name for plan in plans} | {plan.request_id for plan in plans} | {"all"}
    names = Names(JobSummary(plan.request_id, plan.experiment_name) for plan in plans)
    for example in examples:
        question = Dispatch().ask(typed(example), PLACE, is_private=True)
        if question.doubt is None:
            assert known.issuperset(question.request_ids), example
            continue
        reading = read_sentence(typed(example), names)  # it is in people's own words
        assert reading.intent is not Intent.UNCLEAR, example
        assert all(len(named.found) == 1 for named in reading.jobs), example


@each_document
def test_every_setting_named_exists(document: Path) -> None:
    """Nobody is told to set what is read by nothing."""
    settings = {name.upper() for name in Settings.model_fields} | OTHERS_SETTINGS
    families = tuple(f"{name.upper()}_" for name in FAMILIES)
    assigned = [each.split("=")[0] for each in code(document)]
    named = {each for each in assigned if re.fullmatch(r"[A-Z]+(?:_[A-Z0-9]+)+", each)}
    constants = {"POST_SENT"} if document == HOW_IT_WORKS else set()
    assert {each for each in named - settings - constants if not each.startswith(families)} == set()


@each_document
def test_every_command_line_is_understood(document: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each verb and option that is shown is one there is."""
    for line in code(document):
        if not (found := re.search(r"python -m bot (.+)", line)):
            continue
        verb, *arguments = shlex.split(found[1])
        assert run(*([verb, "--help"] if verb.isalpha() else [verb])) == 0, line
        offered = capsys.readouterr().out
        assert all(each in offered for each in arguments if each.startswith("--")), line


@each_document
def test_every_make_target_named_exists(document: Path) -> None:
    """No document names a target that the Makefile lacks."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in [each.split()[1] for each in code(document) if each.startswith("make ")]:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@each_document
def test_every_link_leads_somewhere(document: Path) -> None:
    """To a file of the tree, and there to a heading."""
    for target, anchor in links(document):
        assert target.exists(), target
        assert not anchor or anchor in anchors(target), anchor


def test_every_document_and_picture_is_linked() -> None:
    """The README leads to each document; each picture is shown, and each file for operators linked."""
    assert {target for target, _ in links(README)}.issuperset(DOCUMENTS[1:])
    shown = {target for document in DOCUMENTS for target, _ in links(document)}
    assert {path for path in (ROOT / "docs").rglob("*") if path.is_file()} - shown == set()


@each_document
def test_every_path_named_exists(document: Path) -> None:
    """A file that moves takes the documents with it."""
    for path in code(document):
        if re.fullmatch(r"(?:bot|tests|docs|\.ci)/[\w./-]+", path):
            assert (ROOT / path).exists(), path


def test_the_map_is_the_tree() -> None:
    """Each file and folder at the top of the bot, once, with what it is for."""
    listed = re.findall(r"^  ([\w.]+/?) +\w", part(HOW_IT_WORKS, "The source tree"), re.MULTILINE)
    files = {path.name for path in (ROOT / "bot").glob("*.py")} - {"__init__.py"}
    folders = {f"{path.parent.name}/" for path in (ROOT / "bot").glob("*/__init__.py")}
    assert sorted(listed) == sorted(files | folders)


def test_the_rooms_of_the_layers_are_named() -> None:
    """Each folder of a layer that has several subjects."""
    for layer, named in rows(HOW_IT_WORKS, "The source tree"):
        folder = ROOT / "bot" / layer.strip("`/")
        rooms = {f"{path.parent.name}/" for path in folder.glob("*/__init__.py")}
        assert set(re.findall(r"`(\w+/)`", named)) == rooms, layer


def _questions() -> list[str]:
    return re.findall(r"^### (.+\?)$", part(HOW_IT_WORKS, "Five questions a newcomer asks"), re.MULTILINE)


def test_a_newcomer_has_five_questions() -> None:
    """Each has its own heading, grep and answer."""
    assert len(_questions()) == 5


@pytest.mark.parametrize("question", _questions())
def test_one_grep_answers_it(question: str) -> None:
    """What it looks for stands in a file that the answer names."""
    answer = part(HOW_IT_WORKS, question)
    (grep,) = re.findall(r"^grep -rn (.+)$", answer, re.MULTILINE)
    wanted, *places = shlex.split(grep)
    named = [ROOT / path for path in re.findall(r"`((?:bot|tests)/[\w./-]+\.py)`", answer)]
    found = [path for path in named if wanted in path.read_text("utf-8")]
    assert any(path.is_relative_to(ROOT / place) for path in found for place in places)
