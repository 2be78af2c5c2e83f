"""The log: every line passes redaction, whoever wrote it and in whatever form."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import configure_logging
from bot.tasks import correlated

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
