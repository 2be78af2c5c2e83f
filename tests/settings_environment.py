"""The environment that settings are read from, for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings

ENOUGH = {
    "SLACK_BOT_TOKEN": "xoxb-1-secret",
    "SLACK_SIGNING_SECRET": "signing-secret",
    "SIMPLISMART_API_TOKEN": "jwt-secret",
    "SIMPLISMART_ORG_ID": "0bf00b43-430a-4ca3-a8b3-b13cc8dc6d4f",
}
KEY = "aHVudGVyMi1odW50ZXIyLWh1bnRlcjItaHVudGVyMjI="


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without any setting, in a folder without a .env."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    return monkeypatch
