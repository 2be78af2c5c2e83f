"""What the run doctor saw in a job's metrics, with the button that says it is of no use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.cards.kit import actions
from bot.cards.kit.card import Block, Card, button, can_ask_for, context, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.diagnosis import FINDINGS, WARNING, try_line
from bot.cards.kit.phrases import spoken
from bot.cards.kit.text import cut, label, plain
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.job.json_text import parse_json
from bot.domain.subscriptions.notifications.metrics_updates import MetricsFinding

SILENCED: Final = "Got it. I won't mention this again for this job."

_TEXT_CHARACTERS: Final = 290
_EVIDENCE_CHARACTERS: Final = 600
_FINDING_CHARACTERS: Final = 60


@dataclass(frozen=True, slots=True)
class Unhelpful:
    """What [Hide this warning] is about."""

    request_id: str
    finding: str

    def value(self) -> str:
        """As a button carries it."""
        return json.dumps([self.finding, self.request_id], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, value: str) -> Unhelpful | None:
        """From a button; None where it is not one of ours."""
        try:
            finding, request_id = parse_json(value)
        except (ValueError, TypeError):
            return None
        if not (isinstance(finding, str) and isinstance(request_id, str)):
            return None
        return cls(request_id, finding) if 0 < len(finding) <= _FINDING_CHARACTERS else None


def finding_card(notification: MetricsFinding, recipient: Recipient) -> Card:
    """The message for one finding: what it looks like, what that was seen in, what may help."""
    known = next((words for name, words in FINDINGS.items() if name == notification.finding), None)
    title = known.present if known else "Something looks odd in the metrics"
    evidence = cut(label(notification.evidence or ""), _EVIDENCE_CHARACTERS, note="…")
    lines = [f"{WARNING} *{title}*: {evidence}" if evidence else f"{WARNING} *{title}*"]
    lines += [try_line(notification.advice)] if notification.advice else []
    request_id = recipient.subscription.request_id
    said = ": ".join(filter(None, (title, plain(notification.evidence or "", _EVIDENCE_CHARACTERS))))
    return Card(
        cut(f"{spoken(notification.name, request_id)}: {said}.", _TEXT_CHARACTERS, note="…"),
        [section("\n".join(lines)), *_actions(notification.finding or "", request_id)],
    )


def _actions(finding: str, request_id: str) -> list[Block]:
    if not (finding and len(finding) <= _FINDING_CHARACTERS and can_ask_for(request_id)):
        return []
    value = Unhelpful(request_id, finding).value()
    return [row_of([button("Hide this warning", actions.NOT_HELPFUL, value)])]


def silenced_card(text: str, blocks: Sequence[Mapping[str, Any]]) -> Card:
    """The same message, as Slack has it, without its button: it says that it is not told again."""
    kept = [dict(block) for block in blocks if block.get("type") not in {"actions", "context"}]
    return Card(text or SILENCED, [*kept, context([SILENCED])])


def hidden_card() -> Card:
    """For who hid a finding on a line of a list."""
    return Card(SILENCED, [section(SILENCED)])


def unknown_finding_card() -> Card:
    """For [Hide this warning] on a message that is no longer known."""
    said = "I no longer have this finding on record, so there's nothing to silence."
    rest = "I keep findings for a week after updates on the job end."
    return Card(f"{said} {rest}", [section(f"*{said}* {rest}")])
