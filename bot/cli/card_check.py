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
_STOOD_IN_FOR = frozenset({"data_visualization", "table"})
"""Blocks that not every workspace takes: the same card has words or little bars in their place."""
_MOST_NAMED = 10


async def check_cards(validator: CardValidator) -> Finding:
    """Ask about each card and window in turn; a chart or a table may be refused: others stand in for them."""
    refused: list[str] = []
    plainer = tried = 0
    for sample in samples(Dispatch().help):
        try:
            reason = await _refused(validator, sample)
        except SlackError as error:
            return _cut_short(error, tried, refused)
        tried += 1
        if reason is not None and _is_stood_in_for(sample):
            plainer += 1
        elif reason is not None:
            refused.append(f"{sample.name} ({reason})")
    if refused:
        return _not_taken(refused)
    instead = "charts and tables are not accepted here; sparklines and lines are sent instead"
    without = f"; {plainer} {instead}" if plainer else ""
    return Finding(_NAME, note=f"{tried - plainer} of {tried} accepted{without}")


async def _refused(validator: CardValidator, sample: Sample) -> str | None:
    body = {name: value for name, value in sample.body.items() if name != "plainer"}
    return await validator.refusal("message" if sample.kind == "message" else "view", body)


def _is_stood_in_for(sample: Sample) -> bool:
    return any(block.get("type") in _STOOD_IN_FOR for block in sample.body["blocks"])


def _cut_short(error: SlackError, tried: int, refused: list[str]) -> Finding:
    if refused:
        return _not_taken(refused)
    if error.slack_code == _CANNOT:
        return Finding(_NAME, note="Slack can't check them here (no blocks.validate)")
    return Finding(_NAME, note=f"{tried} accepted, then Slack answered {error.slack_code}")


def _not_taken(refused: list[str]) -> Finding:
    shown = "; ".join(refused[:_MOST_NAMED]) + ("; …" if len(refused) > _MOST_NAMED else "")
    return Finding(_NAME, f"Slack rejects {len(refused)}: {shown}. Report this to the bot's developers")
