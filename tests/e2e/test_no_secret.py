"""A secret in every field and every key of what the training suite sends, and nowhere in what the bot does.

Not on a card, in a window, picker, list, digest, notification, chart, Home or unfurl; not in the database's
file; not in the log at debug, exceptions included.
"""

from __future__ import annotations

import json
import logging
import random
import string
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cards.gallery.documents import COMPLETED, FAILED, RUNNING
from bot.cards.kit import actions
from bot.logs import configure_logging
from bot.playground.workspace import ME, TRAINING, Message
from bot.playground.workspace.people.surfaces import options_of
from tests.e2e.messages import has_button
from tests.e2e.world import World, empty_database, world

_LENGTH = 34
_WINDOW = 10
PAGE = "https://training.app.simplismart.ai/jobs/odd-1"
METRICS = ("loss", "eval_loss", "grad_norm")


class Secrets:
    """Makes secrets, each another, in every way in which one may come; and finds them again."""

    def __init__(self) -> None:
        self._chance = random.Random(9)  # noqa: S311  (nothing here is a secret)
        self.made: list[str] = []
        self._forms: tuple[Callable[[str], str], ...] = (
            lambda drawn: f"hf_{drawn}",
            lambda drawn: f"password={drawn}",
            lambda drawn: f"hf_{drawn[:9]}\u200b{drawn[9:]}",
            lambda drawn: f"\x1b[31mhf_{drawn}\x1b[0m",
            lambda drawn: f"https://u:{drawn}@host/x",
            lambda drawn: f"api\u2060_key: {drawn}",
        )

    def another(self) -> str:
        """The next, in the next form."""
        drawn = "".join(self._chance.choice(string.ascii_letters + string.digits) for _ in range(_LENGTH))
        self.made.append(drawn)
        return self._forms[len(self.made) % len(self._forms)](drawn)

    def token(self) -> str:
        """One that is a token by itself, fit for a key."""
        drawn = "".join(self._chance.choice(string.ascii_letters + string.digits) for _ in range(_LENGTH))
        self.made.append(drawn)
        return f"hf_{drawn}"

    def shown_in(self, text: str) -> list[str]:
        """The parts of secrets that can be read in ``text``, with what stands around them."""
        found = []
        for secret in self.made:
            for start in range(0, _LENGTH - _WINDOW, 4):
                at = text.find(secret[start : start + _WINDOW])
                if at >= 0:
                    found.append(text[max(0, at - 120) : at + 40])
                    break
        return found


def _filled(value: Any, secrets: Secrets, path: str = "") -> Any:
    """``value`` with a secret in every text, and under and in further keys of every object."""
    if isinstance(value, dict):
        filled = {key: _filled(each, secrets, f"{path}.{key}") for key, each in value.items()}
        return filled | {
            secrets.token(): 12,
            f"note {secrets.another()}": "words",
            "api_key": secrets.another(),
            "worker_note": f"see {secrets.another()}",
            "deep": {secrets.token(): {"count": 3}, "env": [{"name": "DB_PASS", "value": secrets.another()}]},
        }
    if isinstance(value, list):
        return [_filled(each, secrets, path) for each in value]
    if isinstance(value, str) and not path.endswith(("_at", ".request_id", ".status")):
        return f"{value[:60]} {secrets.another()}\n{value[60:]}"
    if value is None and path.endswith((".template", ".error_message")):
        return secrets.another()
    return value


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Everything that is logged at debug, from the first line on."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logging("debug", "json")
    yield lambda: capsys.readouterr().err
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def _log(here: World, secrets: Secrets, request_id: str) -> None:
    names = [*METRICS, f"loss {secrets.another()}", secrets.token(), f"eval_loss {secrets.another()}"]
    here.suite.log(
        request_id,
        *(
            {"key": name, "value": 3 / step, "step": step, "timestamp": here.clock.now().isoformat()}
            for step in range(1, 9)
            for name in names
        ),
    )


ASKED = (
    "odd-1", "odd-2", "odd-3", "odd-4", "odd-5", "odd", "odd-1 odd-3", "metrics odd-1",
    "metrics odd-1 nonsense", "report odd-3", "report odd-4", "compare odd-1 odd-4", "list", "digest",
    "watching", "help",
)  # fmt: skip
PRESSED = (
    actions.DETAILS,
    actions.FULL_ERROR,
    actions.METRICS,
    actions.REFRESH,
    actions.CHOOSE,
    actions.OPEN,
)


async def _rest(here: World, steps: int = 10) -> None:
    """Let everything happen that happens within so many times two seconds."""
    await here.let_pass(2 * steps, steps)


async def _asked_for(here: World) -> str:
    """Everything that can be asked of one job and of several; what windows and suggestions showed."""
    for words in ASKED:
        await here.slash(words)
        await _rest(here, 3)
    seen = []
    for message in here.workspace.messages(TRAINING):
        for action in PRESSED:
            if has_button(message, action):
                await here.choose(message, action)
                await _rest(here, 3)
                seen += [view.content for view in here.workspace.views_of(ME)]
                here.workspace.board.views.clear()
    await here.workspace.open_home(ME)
    await here.slash("")
    views = await here.soon(lambda: here.workspace.views_of(ME))
    options = await here.workspace.suggest(ME, views[-1], actions.PICK, "")
    for words in (f"<@{here.workspace.identity.bot_user_id}> odd-3", PAGE):
        await here.workspace.say(TRAINING, ME, words)
        await _rest(here)
    seen += [view.content for view in here.workspace.board.homes.values()]
    return json.dumps([seen, options_of(options)], default=str)


async def _told(here: World, secrets: Secrets) -> None:
    """Everything that is told by itself: cards, threads, feeds, findings, alerts, ends of all kinds."""
    for words in (
        "watch odd-1 when loss < 0.01",
        "watch odd-2",
        "watch odd-1",
        "feed on",
        "digest daily 09:00 utc",
    ):
        await here.slash(words)
        await _rest(here)
    for round_ in range(3):
        await _rest(here, 150)
        if round_ == 0:
            here.suite.set("odd-1", status=f"WEIRD {secrets.another()}", progress=60)
        if round_ == 1:
            here.suite.set("odd-1", **_failed(secrets))
            here.suite.set(
                "odd-2", status=f"GONE {secrets.another()}", completed_at=here.clock.now().isoformat()
            )
            here.suite.set("odd-9", **_failed(secrets))


def _failed(secrets: Secrets) -> dict[str, Any]:
    """What a document says once its job has failed; its times are set by the suite."""
    filled = _filled(FAILED, secrets)
    return {key: each for key, each in filled.items() if key != "request_id" and not key.endswith("_at")}


async def test_no_secret_of_a_document_is_shown_stored_or_logged(
    tmp_path: Path, log: Callable[[], str]
) -> None:
    """Every surface, the bytes of the database, and the log at debug."""
    secrets = Secrets()
    address = await empty_database(tmp_path)
    async with world("http", database_url=address) as here:
        now = here.clock.now()
        times = {"created_at": now.isoformat(), "started_at": now.isoformat(), "updated_at": now.isoformat()}
        for request_id, document in (
            ("odd-1", RUNNING), ("odd-2", {**RUNNING, "status": f"ODD {secrets.another()}"}),
            ("odd-3", {**FAILED, "completed_at": (now + timedelta(minutes=1)).isoformat()}),
            ("odd-4", COMPLETED),
        ):  # fmt: skip
            here.suite.add_job(_filled({**document, **times, "request_id": request_id}, secrets))
            _log(here, secrets, request_id)
        here.suite.add_job({**RUNNING, "request_id": secrets.token()})
        here.suite.raw("odd-5", json.dumps({"detail": f"no route: {secrets.another()}"}), status=500)
        shown = await _asked_for(here)
        await _told(here, secrets)
        shown += await _asked_for(here)
        shown += json.dumps([call.arguments for call in here.workspace.calls], default=str)
        shown += json.dumps(
            [
                _of(each)
                for channel in here.workspace.board.channels
                for each in here.workspace.messages(channel)
            ]
        )
    assert all(words in shown for words in ("WEIRD", "GONE", "ODD", "Job details", "odd-9", "data_visual"))
    assert secrets.shown_in(shown) == []
    stored = _stored(tmp_path)
    assert "odd-1" in stored
    assert secrets.shown_in(stored) == []
    logged = log()
    assert "question failed" in logged
    assert secrets.shown_in(logged) == []


def _stored(folder: Path) -> str:
    """The bytes of the database's files."""
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir())).decode("utf-8", "replace")


def _of(message: Message) -> Any:
    return [message.text, message.blocks, message.unfurls]
