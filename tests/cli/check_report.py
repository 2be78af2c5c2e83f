"""What is around a bot that `check` is asked about, and its report."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.playground.serving import running
from bot.playground.training_suite import DEFAULT_TOKEN, TrainingSuite
from bot.playground.workspace import Workspace
from tests.command_line import fresh_process, run


class Around:
    """What is around the bot, and its report."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.workspace, self.suite = Workspace(SystemClock()), TrainingSuite(SystemClock())
        self.set = monkeypatch.setenv
        self.unset = monkeypatch.delenv
        self._capsys = capsys

    async def check(self) -> tuple[int, dict[str, str]]:
        """The exit status, and what each line says by its name; every failure says what to do.

        Settings say it once, with the last of them: it is the same for each.
        """
        status = await asyncio.to_thread(run, "check")
        out, err = self._capsys.readouterr()
        assert err == ""
        secrets = (self.workspace.identity.bot_token, self.workspace.identity.app_token, DEFAULT_TOKEN)
        assert not [secret for secret in (*secrets, "hunter2") if secret in out]
        report = {}
        lines = out.splitlines()
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            verdict, name, text = re.fullmatch(r"(ok  |warn|FAIL)  ([a-z._ ]+)(?:: (.+))?", line).groups()  # type: ignore[union-attr]
            report[name] = f"{verdict.strip()} {text or ''}".strip()
            if verdict == "FAIL" and not (name == "settings" and following.startswith("FAIL  settings")):
                assert re.search(r"\. [A-Z]\w+ \w+", text), line
        return status, report


@asynccontextmanager
async def everything_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> AsyncIterator[Around]:
    """All is well, in Socket Mode."""
    made = Around(monkeypatch, capsys)
    identity = made.workspace.identity
    async with running(made.workspace, made.suite) as servers:
        environment = {
            "SLACK_BOT_TOKEN": identity.bot_token,
            "SLACK_APP_TOKEN": identity.app_token,
            "SLACK_API_URL": servers.slack_api_url,
            "SIMPLISMART_API_TOKEN": DEFAULT_TOKEN,
            "SIMPLISMART_ORG_ID": made.suite.org_id,
            "SIMPLISMART_API_URL": servers.training_api_url,
            "DATABASE_URL": f"sqlite:///{tmp_path}/jobbot.sqlite3",
            "PORT": "1",
        }
        with fresh_process(monkeypatch, tmp_path, environment):
            yield made
