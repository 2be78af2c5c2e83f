"""What the run doctor saw in a job's metrics, with the button that says it is of no use."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.cards.kit import actions
from bot.cards.kit.card import Block, Card, button, can_ask_for, context, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.phrases import spoken
from bot.cards.kit.text import cut, plain, words
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.subscriptions.notifications.metrics_updates import MetricsFinding

SILENCED: Final = "Got it. I won't mention this again for this job."

_TEXT_CHARACTERS: Final = 290
_EVIDENCE_CHARACTERS: Final = 600
_FINDING_CHARACTERS: Final = 60
_TITLES: Final = {
    "diverging": "The loss is getting worse.",
    "nan_metric": "The loss is NaN or infinite.",
    "plateau": "The loss has stopped falling.",
    "overfitting": "Possible overfitting.",
    "suspiciously_low_loss": "The loss is suspiciously low.",
}


@dataclass(frozen=True, slots=True)
class Unhelpful:
    """What [Not helpful] is about."""

    request_id: str
    finding: str

    def value(self) -> str:
        """As a button carries it."""
        return json.dumps([self.finding, self.request_id], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, value: str) -> Unhelpful | None:
        """From a button; None where it is not one of ours."""
        try:
            finding, request_id = json.loads(value)
        except (ValueError, TypeError):
            return None
        if not (isinstance(finding, str) and isinstance(request_id, str)):
            return None
        return cls(request_id, finding) if 0 < len(finding) <= _FINDING_CHARACTERS else None


def finding_card(notification: MetricsFinding, recipient: Recipient) -> Card:
    """The message for one finding: what it looks like, what that was seen in, what may help."""
    title = _TITLES.get(notification.finding or "", "Something looks odd in the metrics.")
    evidence, advice = notification.evidence or "", notification.advice or ""
    request_id = recipient.subscription.request_id
    shown = (
        f"🩺 *{title}*",
        words(evidence, _EVIDENCE_CHARACTERS),
        plain(advice, _EVIDENCE_CHARACTERS),
    )
    said = " ".join(filter(None, (title, plain(evidence, _EVIDENCE_CHARACTERS))))
    subject = spoken(notification.name, request_id)
    return Card(
        cut(f"{subject}: {said}", _TEXT_CHARACTERS, note="…"),
        [section("\n".join(filter(None, shown))), *_actions(notification.finding or "", request_id)],
    )


def _actions(finding: str, request_id: str) -> list[Block]:
    if not (finding and len(finding) <= _FINDING_CHARACTERS and can_ask_for(request_id)):
        return []
    value = Unhelpful(request_id, finding).value()
    return [row_of([button("Not helpful", actions.NOT_HELPFUL, value)])]


def silenced_card(text: str, blocks: Sequence[Mapping[str, Any]]) -> Card:
    """The same message, as Slack has it, without its button: it says that it is not told again."""
    kept = [dict(block) for block in blocks if block.get("type") not in {"actions", "context"}]
    return Card(text or SILENCED, [*kept, context([SILENCED])])


def unknown_finding_card() -> Card:
    """For [Not helpful] on a message that is no longer known."""
    said = "I no longer have this finding on record, so there's nothing to silence."
    rest = "I keep findings for a week after updates on the job end."
    return Card(f"{said} {rest}", [section(f"*{said}* {rest}")])
