"""What the operator set that cards show: where a job's page is, and what a GPU-hour costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from bot.cards.kit.text import cut, escape, label, line, words
from bot.domain.commands.request_id import is_uuid
from bot.domain.job.cost import Money, cost
from bot.domain.job.page import page_address

NAME_CHARACTERS: Final = 60
LABEL_CHARACTERS: Final = 29
"""Of a button: phones cut what is longer."""
_SHORT_ID_CHARACTERS: Final = 8
_ODD_ID_CHARACTERS: Final = 20
_WHOLE_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NAMELESS: Final = "a job without a name"


@dataclass(frozen=True, slots=True, eq=False)
class CardSettings:
    """The same for every card of an organization. Equal only to itself, so that cards can be cached by it."""

    job_page_url: str = ""
    """See `bot.domain.job.page.page_address`; empty where nobody said where the pages are."""
    gpu_hour_prices: Mapping[str, Money] = field(default_factory=dict)
    """What an hour of one GPU costs, by `bot.domain.job.cost.type_name`."""

    shows_cost: Callable[[str, str, str], bool] | None = None
    """Whether everybody in a channel of a workspace may see what an organization's jobs cost; None: in every
    one."""

    def in_channel(self, team_id: str, channel_id: str, org_id: str) -> CardSettings:
        """For what everybody there reads of this organization's jobs."""
        is_shown = self.shows_cost is None or self.shows_cost(team_id, channel_id, org_id)
        return self if is_shown else without_prices(self)

    def address(self, request_id: str) -> str:
        """The address of the job's page; empty where there is none, or the ID is not fit to be shown."""
        return page_address(self.job_page_url, request_id) if line(request_id) == request_id else ""

    def cost(self, gpu_type: str | None, gpu_hours: float | None) -> Money | None:
        """What so many GPU-hours cost; None where no price is set for that GPU."""
        return cost(gpu_type, gpu_hours, self.gpu_hour_prices)


@lru_cache(maxsize=64)
def without_prices(settings: CardSettings) -> CardSettings:
    """The same without what jobs cost; always the same one, so that cards can be cached by it."""
    return replace(settings, gpu_hour_prices={})


NOTHING_SET: Final = CardSettings()


def job_name(
    name: str | None,
    request_id: str,
    settings: CardSettings,
    *,
    is_bold: bool = False,
    most: int = NAME_CHARACTERS,
) -> str:
    """A job's name as ``mrkdwn``, linked to its page where that is known; never empty.

    A link's label takes no code font, so marks that Slack would read stand there as letters that look like
    them; without a link such a name is in code font. A job without a name is called by its `short_id`.
    ``most`` characters of a name are shown.
    """
    mark = "*" if is_bold else ""
    address = settings.address(request_id)
    if address:
        shown = cut(label(name or "") or label(short_id(request_id)), most, note="…")
        return f"{mark}<{escape(address)}|{shown}>{mark}"
    shown = words(name or "", most, note="…") or short_id_words(request_id) or _NAMELESS
    return shown if shown.startswith("`") else f"{mark}{shown}{mark}"


def short_id(request_id: str) -> str:
    """As much of a job's ID as people need to name it: it can be typed wherever an ID is taken."""
    if is_uuid(request_id):
        return request_id[:_SHORT_ID_CHARACTERS]
    return cut(line(request_id), _ODD_ID_CHARACTERS, note="")


def button_label(text: str) -> str:
    """Words for a button, as plain text: with short IDs, and not so long that a phone cuts them."""
    shown = short_ids(text)
    return cut(escape(line(shown[:1].upper() + shown[1:])), LABEL_CHARACTERS, note="…")


def short_ids(text: str) -> str:
    """A command line as people read it: each whole ID in it is short, and can be typed so."""
    return _WHOLE_ID.sub(lambda found: short_id(found[0]), text)


def short_id_words(request_id: str) -> str:
    """The same as ``mrkdwn``; empty for no ID."""
    return words(short_id(request_id), NAME_CHARACTERS)
