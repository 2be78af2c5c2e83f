"""Time zones by the names people type."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

_MOST_NEAR: Final = 3
_LEAST_LIKE: Final = 0.75


def find_zone(typed: str) -> str | None:
    """The IANA name, whatever the case; the city alone will do. None where there is none, or several.

    It may read the disk.
    """
    known = _known()
    if (found := known.get(_folded(typed))) is not None:
        return found
    cities = [name for folded, name in known.items() if folded.rpartition("/")[2] == _folded(typed)]
    return cities[0] if len(cities) == 1 else None


def near_zones(typed: str) -> list[str]:
    """The names most like it."""
    known, wanted = _known(), _folded(typed)
    cities = {folded.rpartition("/")[2]: name for folded, name in known.items()}
    near = [known[each] for each in difflib.get_close_matches(wanted, known, _MOST_NEAR, _LEAST_LIKE)]
    city = wanted.rpartition("/")[2]
    near += [cities[each] for each in difflib.get_close_matches(city, cities, _MOST_NEAR, _LEAST_LIKE)]
    return list(dict.fromkeys(near))[:_MOST_NEAR]


def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name.

    Raises:
        KeyError: this machine does not know it.
    """
    return ZoneInfo(name)


def _folded(name: str) -> str:
    return name.strip().replace(" ", "_").casefold()


@cache
def _known() -> dict[str, str]:
    """All names by their folded ones; those by continent first, as people know them."""
    names = sorted(available_timezones(), key=lambda name: ("/" not in name, name))
    return {_folded(name): name for name in names}
