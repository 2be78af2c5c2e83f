"""The house keeps its shape; and each rule is shown to fail on a few lines that break it."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

from tests import architecture as rules
from tests.tables import each_row

ROOT = Path(__file__).resolve().parent.parent
BOT = rules.read_tree(ROOT / "bot")
TESTS = rules.read_tree(ROOT / "tests")


def test_arrows_point_one_way() -> None:
    """Every import inside the bot is one the drawing has."""
    assert rules.wrong_arrows(BOT) == []


@each_row(
    "module, source",
    [
        ("bot.domain.job", "import bot.cards.jobs.job"),
        ("bot.domain.job", "def late():\n    from bot.cards import card"),
        ("bot.domain.job", "if TYPE_CHECKING:\n    from bot.slack.gateway import Gateway"),
        ("bot.domain.job", "from bot import app"),
        ("bot.domain.job", "from . import errors"),
        ("bot.cards.jobs.job", "from bot.handlers.entry.registry import COMMANDS"),
        ("bot.cards.jobs.job", "from bot.settings import Settings"),
        ("bot.slack.gateway", "from bot.store.store import SqliteStore"),
        ("bot.training_api.client", "from bot.slack import errors"),
        ("bot.training_api.client", "from bot.clock import SystemClock"),
        ("bot.handlers.jobs.status", "from bot.training_api.client import Client"),
        ("bot.handlers.jobs.status", "from bot.app import build"),
        ("bot.settings", "from bot.app import build"),
        ("bot.app", "from bot.playground import server"),
        ("bot.playground.server", "from bot import __main__"),
        ("bot.playground.server", "from bot.cli import demo"),
        ("bot.__main__", "from bot.playground import server"),
        ("bot.attic", "pass"),
        ("bot.domain.subscriptions.rules", "import bot.tasks"),
        ("bot.tasks.supervisor", "from bot.clock import SystemClock"),
    ],
)
def test_an_arrow_the_other_way_is_found(module: str, source: str) -> None:
    """Also inside functions, under TYPE_CHECKING, relative, or from a room nobody drew."""
    tree = {
        "bot.app": "",
        "bot.__main__": "",
        "bot.playground.server": "",
        "bot.cli.demo": "",
        module: source,
    }
    (problem,) = rules.wrong_arrows(tree)
    assert problem.startswith(module)


@each_row(
    "module, source",
    [
        ("bot.cards.jobs.job", "from bot.domain.job import TrainingJob"),
        ("bot.handlers.jobs.status", "from bot.cards import job"),
        ("bot.slack.gateway", "from bot.slack.web_api.errors import sort"),
        ("bot.logs", "from bot.domain.redaction import redact"),
        ("bot.app", "from bot.store.store import Store"),
        ("bot.playground.server", "from bot.app import build"),
        ("bot.cli.demo", "from bot.playground import server"),
        ("bot.__main__", "from bot.cli import demo"),
        ("bot.domain.job", "import json, bottle"),
        ("bot.store.database.sqlite", "from bot.tasks import Errands"),
        ("bot.slack.gateway", "from bot import __version__"),
    ],
)
def test_an_arrow_of_the_drawing_is_left_alone(module: str, source: str) -> None:
    """What the drawing allows is no complaint."""
    assert rules.wrong_arrows({module: source}) == []


def test_no_cycles() -> None:
    """No module imports itself by any way round."""
    assert rules.cycles(BOT) == []


def test_a_cycle_is_found_wherever_it_hides() -> None:
    """Through a third module, inside a function, through a package's front door."""
    assert rules.cycles({"bot.a": "import bot.b", "bot.b": "import bot.c", "bot.c": "x = 1"}) == []
    round_trip = {"bot.a": "import bot.b", "bot.b": "import bot.c", "bot.c": "def f():\n import bot.a"}
    assert len(rules.cycles(round_trip)) == 3
    front_door = {"bot.x": "from bot.x import y", "bot.x.y": "from bot.x import thing"}
    assert len(rules.cycles(front_door)) == 2


def test_the_middle_is_pure() -> None:
    """Domain and cards know no clock, no chance, no network, no Slack; handlers use ports."""
    assert rules.impurities(BOT) == []


@each_row(
    "module, source",
    [
        *(
            ("bot.domain.subscriptions.rules", f"import {name}")
            for name in (
                "asyncio",
                "httpx",
                "aiohttp",
                "slack_bolt",
                "slack_sdk.models",
                "time",
                "os.path",
                "socket",
                "random",
                "urllib.request",
                "structlog",
            )
        ),
        ("bot.cards.jobs.job", "from slack_sdk.models.blocks import SectionBlock"),
        ("bot.cards.jobs.job", "from datetime import datetime\nx = datetime.now()"),
        ("bot.cards.jobs.job", "import datetime\nx = datetime.date.today()"),
        ("bot.domain.subscriptions.rules", "import uuid\nx = uuid.uuid4()"),
        ("bot.handlers.jobs.status", "import httpx"),
        ("bot.handlers.jobs.status", "from slack_sdk.web.async_client import AsyncWebClient"),
    ],
)
def test_an_impurity_is_found(module: str, source: str) -> None:
    """Each forbidden import and call, by itself."""
    (problem,) = rules.impurities({module: source})
    assert problem.startswith(module)


def test_the_environment_and_the_exit_have_one_place() -> None:
    """Only settings reads the environment, only __main__ ends the process."""
    assert rules.out_of_place(BOT) == []
    assert rules.out_of_place({"bot.settings": "os.environ['X']", "bot.__main__": "sys.exit(1)"}) == []
    elsewhere = {"bot.app": "os.environ['X']", "bot.web": "sys.exit(1)", "bot.logs": "raise SystemExit(1)"}
    assert len(rules.out_of_place(elsewhere)) == 3


def test_json_is_read_in_one_place() -> None:
    """What is nested too deep is no JSON, wherever it comes from; the playground is somebody else."""
    readers = [module for module, source in BOT.items() if re.search(r"(?<!or)json\.loads\(", source)]
    assert {each for each in readers if rules.room(each) != "playground"} == {"bot.domain.job.json_text"}


def test_modules_are_named_after_something() -> None:
    """No utils, helpers, common and the like, as module or folder."""
    assert rules.bad_names({**BOT, **TESTS}) == []
    assert rules.bad_names({"bot.utils": "", "bot.core.x": "", "bot.score": ""}) == [
        "bot.utils",
        "bot.core.x",
    ]


def test_nothing_is_too_long() -> None:
    """Modules and functions stay within their limits, the tests' too."""
    assert rules.too_long({**BOT, **TESTS}) == []


def test_too_long_is_found() -> None:
    """One line over is over, one under is not."""
    fits, over = "\n" * rules.LONGEST_MODULE, "\n" * (rules.LONGEST_MODULE + 1)
    assert rules.too_long({"bot.a": fits, "bot.b": over}) == ["bot.b: 251 lines"]
    fits, over = ("async def f():\n" + " x = 1\n" * n for n in (49, 50))
    assert rules.too_long({"bot.a": fits, "bot.b": over}) == ["bot.b:1 f: 51 lines"]


def test_functions_are_short_as_a_habit() -> None:
    """Half of the bot's functions are under 10 lines, nineteen of twenty under 30."""
    lengths = sorted(lines for _, lines in rules.function_lengths(BOT))
    assert statistics.median(lengths) < 10
    assert lengths[int(0.95 * (len(lengths) - 1))] < 30


def test_public_names_are_documented() -> None:
    """Every public module, class, function and method of the bot says what it does."""
    assert rules.undocumented(BOT) == []


def test_a_missing_docstring_is_found() -> None:
    """In modules, classes, methods and functions; private ones may go without."""
    source = "class A:\n  def m(self): ...\n  def _p(self): ...\nasync def f(): ...\ndef _g(): ..."
    assert rules.undocumented({"bot.a": source}) == ["bot.a", "bot.a:1 A", "bot.a:2 m", "bot.a:4 f"]
    assert rules.undocumented({"bot.a": '"""Says what."""\n\ndef f():\n    """Says what."""\n'}) == []
