"""What a message or view shows, for tests to look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.jobs.job import job_card
from bot.domain.curves.metrics_facts import Best, Loss, LossFacts, Trend
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.errors import TrainingApiError
from bot.domain.job import TrainingJob
from bot.domain.ports import Snapshot

NOW = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_DATE = re.compile(r"<!date\^\d+\^[^|<>]+\|[^|<>]+>")
_OURS = re.compile(
    r"<!subteam\^S[A-Z0-9]+>|"
    r"<@[UW][A-Z0-9]+>|<#[CG][A-Z0-9]+>|<https://example\.slack\.com/archives/[\w/]+\|[\w ]+>"
    r"|<https://console\.example/jobs/[\w%.~-]+\|[^<>|*`~\n]+>"
)
"""People and their groups, conversations, messages, a job's page: what cards name on purpose."""

LOSSES = LossFacts(
    Loss(0.9814, Best(0.95, 1200, has_steps=True), Trend.FALLING, None),
    Loss(1.1172, Best(1.0931, 2085, has_steps=True), Trend.LEVEL, None),
)
FINDING = Finding(
    FindingClass.DIVERGING, "loss rose from 0.91 (step 226) to 7.4", "Try a lower rate. Or stop."
)


def snapshot(
    document: Mapping[str, Any] | bytes,
    *,
    seconds_ago: float = 0,
    from_cache: bool = False,
    failure: TrainingApiError | None = None,
) -> Snapshot:
    """A job as it was seen some time ago."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    fetched_at = NOW - timedelta(seconds=seconds_ago)
    return Snapshot(TrainingJob.from_json(body), fetched_at, from_cache=from_cache, failure=failure)


def card_of(document: Mapping[str, Any] | bytes, **more: Any) -> dict[str, Any]:
    """The message for a document that was just fetched."""
    return job_card(snapshot(document), request_id=REQUEST_ID, now=NOW, **more).message()


def texts(value: Any, kind: str = "mrkdwn") -> Iterator[tuple[str, str]]:
    """Every text with its kind: ``mrkdwn``, ``plain_text`` or ``text`` (rich or raw); buttons' values not."""
    if isinstance(value, Mapping):
        inner = "text" if value.get("type") in {"raw_text", "link"} else value.get("type", kind)
        for key, item in value.items():
            if key == "text" and isinstance(item, str):
                yield inner if inner in {"mrkdwn", "plain_text", "text"} else kind, item
            else:
                yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def words(body: Mapping[str, Any]) -> str:
    """Everything the blocks show, a text a line, escapes decoded, times as in UTC, plain spaces only."""
    shown = "\n".join(text for _, text in texts(list(body["blocks"])))
    shown = re.sub(r"<!date\^\d+\^[^|<>]+\|([^|<>]+)>", r"\1", shown)
    return shown.replace("\u00a0", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def live_markup(body: Mapping[str, Any]) -> list[str]:
    """What Slack would take for a mention, a link or a broken escape; what we name on purpose is none."""
    found = []
    for kind, text in texts(dict(body)):
        if kind == "text":
            found += re.findall(r"<[!@#][^>]*>", text)
            continue
        rest = _OURS.sub("", _DATE.sub("", text))
        found += re.findall(r"[<>][^<>]{0,40}", rest)
        found += re.findall(r"&(?!amp;|lt;|gt;).{0,8}", rest)
    return found


def labels(body: Mapping[str, Any]) -> list[str]:
    """The words on the buttons; not those in menus."""
    rows = (block["elements"] for block in body["blocks"] if block["type"] == "actions")
    return [button["text"]["text"] for row in rows for button in row if button["type"] == "button"]


def menu(body: Mapping[str, Any]) -> dict[str, str]:
    """The words of the card's menu, and what each sends."""
    rows = (block["elements"] for block in body["blocks"] if block["type"] == "actions")
    found = [element for row in rows for element in row if element["type"] == "overflow"]
    return {option["text"]["text"]: option["value"] for each in found for option in each["options"]}
