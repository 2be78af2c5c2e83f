"""Samples of digests, and of what is said about when they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.cards.channels.digest import digest_card
from bot.cards.channels.digest_plan import (
    digest_ended_card,
    digest_off_card,
    digest_on_card,
    digest_set_card,
    digest_state_card,
    no_digest_card,
)
from bot.cards.gallery import documents
from bot.cards.gallery.documents import SETTINGS
from bot.cards.gallery.updates import UpdateSample
from bot.domain.channels.digest import Digest, DigestPlan, FailureGroup, Period, Run

_NOW: Final = datetime(2025, 11, 3, 8, tzinfo=UTC)
_SLASH: Final = "/job"
_ZONE: Final = "Europe/Berlin"
_PLAN: Final = DigestPlan(
    team_id="T0123ABC",
    channel_id="C0123ABC",
    org_id="an-organisation",
    user_id="U0123ABC",
    period=Period.DAILY,
    at_minutes=540,
    time_zone=_ZONE,
    next_at=_NOW + timedelta(days=1),
    since=_NOW,
)


def _run(name: str | None, number: int = 0, progress: float | None = None) -> Run:
    return Run(request_id=f"{number:08x}-8b1f-4c5e-9a70-6d2f1e0b7a94", name=name, progress=progress)


_DAILY: Final = Digest(
    period=Period.DAILY,
    since=_NOW - timedelta(days=1),
    until=_NOW,
    completed=12,
    failed=5,
    cancelled=1,
    running=3,
    queued=2,
    gpu_hours=412.6,
    without_gpu_hours=2,
    completed_runs=(
        _run("reviews-full-1b", 13).model_copy(update={"finding": "diverging"}),
        *(_run(f"support-assistant-v{number}", number) for number in range(11, 0, -1)),
    ),
    failures=(
        FailureGroup(
            reason="CUDA out of memory",
            count=3,
            runs=(_run("catalogue-vision", 21), _run("tone-v3", 22), _run("tone-v3", 23)),
        ),
        FailureGroup(
            reason="RuntimeError: stack expects each tensor to be equal size, but got [512] at entry 0",
            count=1,
            runs=(_run("reranker-large", 24),),
        ),
        FailureGroup(count=1, runs=(_run(None, 25),)),
    ),
    running_runs=(_run("summaries-dpo", 31, 92.0), _run("router-small", 32, 41.0), _run("probe", 33)),
)
_MOST: Final = Digest(
    period=Period.WEEKLY,
    since=_NOW - timedelta(days=7),
    until=_NOW,
    completed=9_120,
    failed=641,
    running=239,
    knows_list=True,
    gpu_hours=120_553.2,
    completed_runs=tuple(
        _run(f"{number} " + "a-very-long-name-of-an-experiment-" * 4) for number in range(12)
    ),
    failures=tuple(
        FailureGroup(
            reason=f"Reason {number}: " + "A reason that takes many words to tell, one after the other. " * 4,
            count=60,
            runs=tuple(_run(f"{each} " + "a-very-long-name-" * 8) for each in range(12)),
        )
        for number in range(8)
    ),
    running_runs=tuple(_run(f"{number} " + "a-very-long-name-" * 8, progress=50.0) for number in range(12)),
)
_HOSTILE: Final = Digest(
    period=Period.DAILY,
    since=_NOW - timedelta(days=1),
    until=_NOW,
    failed=1,
    knows_list=False,
    failures=(
        FailureGroup(
            reason=str(documents.HOSTILE["error_message"]),
            count=1,
            runs=(_run(str(documents.HOSTILE["experiment_name"])),),
        ),
    ),
)


def digest_samples() -> tuple[UpdateSample, ...]:
    """Every sample, in the order of the gallery."""

    def state(plan: DigestPlan | None, preview: Digest | None) -> UpdateSample:
        name = f"digest-state{'' if plan else '-none'}{'' if preview else '-nothing'}"
        card = digest_state_card(plan, Period.DAILY, preview, slash_command=_SLASH, time_zone=_ZONE)
        return UpdateSample(name, "Asked about the digest", card)

    return (
        UpdateSample(
            "digest-daily", "A day's digest", digest_card(_DAILY, slash_command=_SLASH, settings=SETTINGS)
        ),
        UpdateSample("digest-weekly", "A large week's digest", digest_card(_MOST, slash_command=_SLASH)),
        UpdateSample("digest-hostile", "Markup everywhere", digest_card(_HOSTILE, slash_command=_SLASH)),
        UpdateSample("digest-on", "Switched on", digest_set_card(_PLAN, is_new=True, slash_command=_SLASH)),
        UpdateSample("digest-changed", "Changed", digest_set_card(_PLAN, is_new=False, slash_command=_SLASH)),
        UpdateSample("digest-off", "Switched off", digest_off_card(_PLAN, "U0123ABC")),
        UpdateSample(
            "digest-on-answer", "Switched on, the answer", digest_on_card(_PLAN, slash_command=_SLASH)
        ),
        UpdateSample("digest-off-answer", "Switched off, the answer", digest_ended_card()),
        UpdateSample("digest-off-none", "None to switch off", no_digest_card(_SLASH)),
        state(_PLAN, _DAILY),
        state(None, _DAILY),
        state(None, None),
    )
