"""The log: every line passes redaction, whoever wrote it and in whatever form."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import structlog

from bot.logs import configure_logging
from bot.tasks import correlated, goes_on_for, working_for
from tests import architecture as rules

SECRET = "xoxb-1234567890-abcdefghijkl"
PLAIN = "swordfish"
"""A secret that only the name it stands under gives away."""


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize("style", ["console", "json"])
def test_no_secret_gets_through(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Fields, nested fields, objects, library lines and tracebacks are all redacted."""
    configure_logging("info", style)  # type: ignore[arg-type]
    log = structlog.stdlib.get_logger("test")
    log.info("field", token=SECRET, nested={"a": [SECRET]}, thing=ValueError(SECRET))
    log.info("told by its name", secret_id=PLAIN, nested={"password": PLAIN}, reference="ab12")
    logging.getLogger("library").warning("said %s", SECRET)
    try:
        int(SECRET)
    except ValueError:
        log.exception("failed")
        logging.getLogger("library").exception("failed too")
    written = capsys.readouterr().err
    assert "failed too" in written
    assert "said" in written
    assert "ab12" in written
    assert SECRET not in written
    assert PLAIN not in written


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is JSON with level, logger, time and event, from structlog and logging alike."""
    configure_logging("info", "json")
    structlog.stdlib.get_logger("ours").info("hello", reference="ab12")
    logging.getLogger("theirs").warning("said %s", "something")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["event"], first["level"], first["logger"]) == ("hello", "info", "ours")
    assert first["reference"] == "ab12"
    assert (second["event"], second["logger"]) == ("said something", "theirs")
    assert first["timestamp"] <= second["timestamp"]


def test_the_level_holds_for_libraries_too(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing below the level is written; chatty libraries say only what is wrong."""
    configure_logging("info")
    structlog.stdlib.get_logger("ours").debug("too fine")
    logging.getLogger("aiohttp.access").info("GET /")
    assert capsys.readouterr().err == ""


async def test_each_line_has_the_reference_of_what_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    """Also of libraries, and of a task begun meanwhile; a line that says one itself keeps it."""
    configure_logging("info", "json")
    log = structlog.stdlib.get_logger("ours")

    async def later() -> None:
        log.info("later")

    with correlated(lambda: "ab12cd34"):
        log.info("first")
        task = asyncio.create_task(later())
        logging.getLogger("theirs").warning("theirs")
        log.info("its own", reference="ef56")
        with correlated() as inner:
            log.info("inner")
    await task
    log.info("after")
    lines = {
        line["event"]: line.get("reference") for line in map(json.loads, capsys.readouterr().err.splitlines())
    }
    assert lines == {
        "first": "ab12cd34",
        "theirs": "ab12cd34",
        "its own": "ef56",
        "inner": str(inner),
        "later": "ab12cd34",
        "after": None,
    }


WITHIN = frozenset({"handlers", "delivery", "watcher", "slack", "training_api", "store", "playground", "cli"})
"""Rooms whose work a delivery or a loop begins, which says whose it is; or that do what an operator types."""
BESIDE: Mapping[str, str] = {
    "bot.app": "the process",
    "bot.background": "the process",
    "bot.by_click": "the process: the database does not answer",
    "bot.services": "the process: the database does not answer",
    "bot.observability.incidents": "each report is bound; counts are everybody's",
    "bot.observability.monitoring": "the outbox of everybody",
    "bot.observability.tracing": "traces go to one collector, whoever they are about",
    "bot.registry.organizations": "the line names the organization",
    "bot.registry.rate_share": "the number of processes",
    "bot.registry.registry": "everybody's tenants",
    "bot.settings.wrapping": "the settings",
    "bot.tasks.errands": "whoever began it",
    "bot.tasks.supervisor": "the process's own tasks",
    "bot.tenants.connecting": "a delivery",
    "bot.tenants.install_flow": "bound once Slack has said who installs",
    "bot.tenants.installations": "bound by the flow",
    "bot.tenants.rotation": "each token is bound",
    "bot.tenants.stored_tenants": "each installation is bound",
    "bot.web.accept_errors": "whose a connection is, is not known before Slack's door",
    "bot.web.connections": "whose a connection is, is not known before Slack's door",
    "bot.web.door": "whose a delivery is, is not known before it is verified",
    "bot.web.limited_log": "whose a connection is, is not known before Slack's door",
    "bot.web.refusals": "whose a delivery is, is not known before it is verified",
    "bot.web.server": "whose a request is, is not known before Slack's door",
}
"""Everything else that logs, and whose its lines are."""


def test_of_everything_that_logs_it_is_known_whose_its_lines_are() -> None:
    """What is added later begins its work with `working_for`, or says here why it need not."""
    tree = rules.read_tree(Path(__file__).resolve().parent.parent / "bot")
    logging_ones = {
        module for module, source in tree.items() if "get_logger(" in source or "LimitedLog" in source
    }
    assert {each for each in logging_ones if rules.room(each) not in WITHIN} == set(BESIDE)


def test_a_line_says_for_whom_it_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    """Unless it names somebody itself; and of what several share, nobody."""
    configure_logging(style="json")
    log = structlog.stdlib.get_logger("test")
    with working_for("T1", "org-1"):
        log.info("one")
        log.info("two", org_id="org-2")
        with working_for(org_id="org-3"):
            log.info("three")
            goes_on_for("T2")
            log.info("four")
        log.info("five")
    log.info("six")
    said = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line.get("team_id"), line.get("org_id")) for line in said] == [
        ("T1", "org-1"),
        ("T1", "org-2"),
        (None, "org-3"),
        ("T2", None),
        ("T1", "org-1"),
        (None, None),
    ]
