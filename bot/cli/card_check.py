"""Whether Slack takes every card: each sample of the gallery goes through ``blocks.validate``.

No document settles all of what Slack takes; the first connection to a real workspace does.
"""

from __future__ import annotations

from bot.cards.gallery.gallery import Sample, samples
from bot.cli.finding import Finding
from bot.domain.errors import SlackError
from bot.handlers.entry.registry import Dispatch
from bot.slack.web_api.validation import CardValidator

_NAME = "slack cards"
_CANNOT = "unknown_method"
_CHART = "data_visualization"
_MOST_NAMED = 10


async def check_cards(validator: CardValidator) -> Finding:
    """Ask about each card and window in turn; a chart may be refused, since little bars stand in for it."""
    refused: list[str] = []
    charts = tried = 0
    for sample in samples(Dispatch().help):
        try:
            reason = await _refused(validator, sample)
        except SlackError as error:
            return _cut_short(error, tried, refused)
        tried += 1
        if reason is not None and _has_chart(sample):
            charts += 1
        elif reason is not None:
            refused.append(f"{sample.name} ({reason})")
    if refused:
        return _not_taken(refused)
    without = f"; {charts} charts are not accepted here; sparklines are sent instead" if charts else ""
    return Finding(_NAME, note=f"{tried - charts} of {tried} accepted{without}")


async def _refused(validator: CardValidator, sample: Sample) -> str | None:
    body = {name: value for name, value in sample.body.items() if name != "plainer"}
    return await validator.refusal("message" if sample.kind == "message" else "view", body)


def _has_chart(sample: Sample) -> bool:
    return any(block.get("type") == _CHART for block in sample.body["blocks"])


def _cut_short(error: SlackError, tried: int, refused: list[str]) -> Finding:
    if refused:
        return _not_taken(refused)
    if error.slack_code == _CANNOT:
        return Finding(_NAME, note="Slack can't check them here (no blocks.validate)")
    return Finding(_NAME, note=f"{tried} accepted, then Slack answered {error.slack_code}")


def _not_taken(refused: list[str]) -> Finding:
    shown = "; ".join(refused[:_MOST_NAMED]) + ("; …" if len(refused) > _MOST_NAMED else "")
    return Finding(_NAME, f"Slack rejects {len(refused)}: {shown}. Report this to the bot's developers")
