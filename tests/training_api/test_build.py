"""Putting the training suite's client together."""

from __future__ import annotations

import pytest

from bot.domain.errors import SettingsError
from bot.playground.clock import InstantClock
from bot.training_api.build import build_training_api
from tests.training_api.upstream import BASE_URL, TOKEN


@pytest.mark.parametrize(
    ("base_url", "token"), [("training.example", TOKEN), (BASE_URL, f"{TOKEN}\n{TOKEN}")]
)
async def test_what_can_never_work_is_refused_at_once(base_url: str, token: str) -> None:
    """As settings to mend, with no secret printed."""
    with pytest.raises(SettingsError) as caught:
        build_training_api(base_url=base_url, org_id="org-1", token=token, clock=InstantClock())
    assert TOKEN not in repr(caught.value)
