"""Every error code that a call of ours can meet: in one class, and told as what it is.

The codes are walked over, those that Slack lists for the methods that are called and those that the made-up
workspace answers with: a method or a code that is added fails here until it is sorted.

Source of the list, as of August 2026: the "Errors" table of each method at https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from structlog.testing import capture_logs

import bot
from bot.cards.kit.error import internal_error_card
from bot.domain.errors import (
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
    SlackPermissionError,
    SlackPersonError,
    SlackRevokedError,
)
from bot.handlers.kit.failures import failure_card
from bot.playground.workspace.methods.table import METHODS
from bot.slack.web_api import errors
from bot.slack.web_api.answers import _RESPONSE_CODES
from bot.slack.web_api.errors import slack_error
from bot.slack.web_api.mistakes import MISTAKEN
from tests.architecture import parsed
from tests.handlers.neighbours import Neighbourhood
from tests.tables import each_row

CLASSES: dict[type[SlackError], frozenset[str]] = {
    SlackRevokedError: errors.REVOKED,
    SlackPermissionError: errors.PERMISSION,
    SlackPersonError: errors.PERSON,
    SlackConversationError: errors.CLOSED,
    SlackGoneError: errors.GONE,
    SlackLimitedError: errors.LIMITED,
    SlackPassingError: errors.PASSING,
    SlackPermanentError: MISTAKEN,
}
_METHOD = re.compile(
    r"(?:apps|auth|blocks|chat|conversations|oauth|reactions|usergroups|users|views)\.[a-zA-Z0-9.]+"
)
_SAYS_NO = frozenset({"refuse", "Refusal"})
_ROOT = Path(bot.__file__).parent
_TABLES = json.loads((Path(__file__).parents[1] / "data/slack-error-codes.json").read_text("utf-8"))
LISTED = {method: {*_TABLES["every method"], *codes} for method, codes in _TABLES["methods"].items()}


def _trees(folder: str) -> Iterator[ast.AST]:
    for path in sorted((_ROOT / folder).rglob("*.py")):
        yield from ast.walk(parsed(path.read_text("utf-8")))


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _called() -> set[str]:
    """Every Web API method that is named where Slack is called."""
    return {_text(node) for node in _trees("slack") if _METHOD.fullmatch(_text(node))}


def _of_the_playground() -> set[str]:
    """Every code that the made-up workspace says no with."""
    found = set()
    for node in _trees("playground/workspace"):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _SAYS_NO:
            found |= {_text(each) for each in node.args[:1]}
        if isinstance(node, ast.keyword) and node.arg in {"unknown", "expired", "used", "archived"}:
            found.add(_text(node.value))
    # Of a ticket for a websocket, which is no method's.
    return found - {"", "unknown", "expired", "used"}


KNOWN = sorted(set().union(*LISTED.values()) | _of_the_playground() | set(_RESPONSE_CODES))


def test_the_errors_of_every_method_that_is_called_are_listed() -> None:
    """Also those that the made-up workspace knows; a method that is called has its list."""
    assert _called() == set(LISTED)
    assert set(LISTED) <= set(METHODS)


def test_no_code_is_of_two_kinds() -> None:
    """What is done about it is one thing."""
    for one, other in combinations(CLASSES.values(), 2):
        assert one.isdisjoint(other)


@each_row("code", KNOWN)
def test_every_code_is_told_as_what_it_is(code: str) -> None:
    """Only a fault of ours is unexpected; a refusal is one line of the log, and says what to do."""
    (kind,) = [kind for kind, codes in CLASSES.items() if code in codes]
    error = slack_error(code, detail=f"some.method: {code}", needed="im:write")
    assert type(error) is kind
    with capture_logs() as logs:
        card = failure_card(Neighbourhood().context, error)
    (line,) = logs
    is_ours = kind is SlackPermanentError
    assert (line["event"] == "unexpected failure") == ("exc_info" in line) == is_ours
    assert (card.text == internal_error_card(reference="ab12cd34").text) == is_ours


def test_a_code_that_nobody_listed_is_looked_into() -> None:
    """It may be a fault of ours: the log has all of it."""
    with capture_logs() as logs:
        failure_card(Neighbourhood().context, slack_error("nobody_has_heard_of_it"))
    assert [line["event"] for line in logs] == ["unexpected failure"]


@pytest.mark.parametrize("needed", ["im:write", ""])
def test_a_missing_permission_is_named(needed: str) -> None:
    """By the scope that Slack asks for, else by its code."""
    card = failure_card(Neighbourhood().context, slack_error("missing_scope", needed=needed))
    assert (needed or "missing_scope") in card.text
