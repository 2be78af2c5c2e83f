"""For whoever wants no measures."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Final

from bot.domain.ports.monitoring.measures import (
    CommandOutcome,
    DeliveryOutcome,
    Endpoint,
    Measures,
    SettlementOutcome,
)

_NOTHING: Final = nullcontext()


class NotMeasured:
    """Does nothing; see `Measures`."""

    def acknowledging(self) -> AbstractContextManager[object]:
        """Nothing."""
        return _NOTHING

    def commanded(self, command: str, outcome: CommandOutcome, seconds: float) -> None:
        """Nothing."""

    def end_told(self, team_id: str, org_id: str, seconds: float) -> None:
        """Nothing."""

    def delivered(self, team_id: str, org_id: str, outcome: DeliveryOutcome) -> None:
        """Nothing."""

    def settled(self, outcome: SettlementOutcome) -> None:
        """Nothing."""

    def asked(self, endpoint: Endpoint, outcome: str, seconds: float) -> None:
        """Nothing."""

    def cached(self, endpoint: Endpoint, *, is_hit: bool) -> None:
        """Nothing."""

    def slack_limited(self, team_id: str, org_id: str, method: str) -> None:
        """Nothing."""

    def lease_lost(self) -> None:
        """Nothing."""

    def span(self, name: str, **facts: str) -> AbstractContextManager[object]:  # noqa: ARG002  (the port's)
        """No span."""
        return _NOTHING


NOT_MEASURED: Final[Measures] = NotMeasured()
