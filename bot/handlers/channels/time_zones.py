"""Time zones by the names people type."""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.channels.schedule import fixed_offset, offset_name
from bot.domain.commands.typed import folded

_MOST_NEAR: Final = 3
_LEAST_LIKE: Final = 0.75
_TIME: Final = " time"
"""As in ``Berlin time``; no zone is called so."""
_SIGNED: Final = re.compile(r"(?:etc/)?gmt[+-]?\d{1,2}")
"""As POSIX has them: ``Etc/GMT+2`` is two hours *behind* UTC, which nobody means who leaves out ``Etc/``."""
_ABBREVIATIONS: Final = {
    "adt": "America/Halifax",
    "acdt": "Australia/Adelaide",
    "acst": "Australia/Adelaide Australia/Darwin",
    "aedt": "Australia/Sydney",
    "aest": "Australia/Sydney Australia/Brisbane",
    "akdt": "America/Anchorage",
    "akst": "America/Anchorage",
    "amt": "America/Manaus Asia/Yerevan",
    "art": "America/Argentina/Buenos_Aires",
    "ast": "America/Halifax America/Puerto_Rico Asia/Riyadh",
    "awst": "Australia/Perth",
    "brt": "America/Sao_Paulo",
    "bst": "Europe/London Asia/Dhaka",
    "cat": "Africa/Harare",
    "cdt": "America/Chicago America/Havana",
    "cest": "Europe/Berlin Europe/Paris Europe/Madrid",
    "cst": "America/Chicago Asia/Shanghai America/Havana",
    "ct": "America/Chicago",
    "eat": "Africa/Nairobi",
    "ect": "America/Guayaquil Europe/Paris",
    "edt": "America/New_York",
    "eest": "Europe/Athens Europe/Helsinki Africa/Cairo",
    "et": "America/New_York",
    "gst": "Asia/Dubai Atlantic/South_Georgia",
    "hkt": "Asia/Hong_Kong",
    "ict": "Asia/Bangkok",
    "ist": "Asia/Kolkata Europe/Dublin Asia/Jerusalem",
    "jst": "Asia/Tokyo",
    "kst": "Asia/Seoul",
    "mdt": "America/Denver",
    "mez": "Europe/Berlin",
    "msk": "Europe/Moscow",
    "mt": "America/Denver",
    "npt": "Asia/Kathmandu",
    "nzdt": "Pacific/Auckland",
    "nzst": "Pacific/Auckland",
    "pdt": "America/Los_Angeles",
    "pht": "Asia/Manila",
    "pkt": "Asia/Karachi",
    "pst": "America/Los_Angeles Asia/Manila",
    "pt": "America/Los_Angeles",
    "sast": "Africa/Johannesburg",
    "sgt": "Asia/Singapore",
    "sst": "Pacific/Pago_Pago Asia/Singapore",
    "trt": "Europe/Istanbul",
    "wat": "Africa/Lagos",
    "west": "Europe/Lisbon Africa/Casablanca",
    "wib": "Asia/Jakarta",
    "wst": "Pacific/Apia Australia/Perth",
}
"""What is no zone's name, and where it is said; who says one of several has to be asked."""


def find_zone(typed: str) -> str | None:
    """The IANA name, whatever the case; a city alone, an abbreviation and ``UTC+2`` will do.

    None where there is none, or several. It may read the disk.
    """
    if (found := _known().get(_folded(typed))) is not None:
        return found
    offset = offset_name(typed)
    if offset is not None:
        return offset
    candidates = meanings(typed)
    return candidates[0] if len(candidates) == 1 else None


def meanings(typed: str) -> list[str]:
    """The zones that a city, or an abbreviation, may mean; the likeliest first."""
    wanted, known = _folded(typed), _known()
    cities = [name for folded_name, name in known.items() if wanted and _city(folded_name) == wanted]
    abbreviated = [name for name in _ABBREVIATIONS.get(wanted, "").split() if _folded(name) in known]
    return abbreviated or cities


def near_zones(typed: str) -> list[str]:
    """The names most like it; a slip spares the first letter."""
    known, wanted = _known(), _folded(typed)
    cities = {city: name for folded_name, name in known.items() if (city := _city(folded_name))}
    names = [each for each in known if _city(each) and each[:1] == wanted[:1]]
    near = [known[each] for each in difflib.get_close_matches(wanted, names, _MOST_NEAR, _LEAST_LIKE)]
    city = wanted.rpartition("/")[2]
    alike = [each for each in cities if each[:1] == city[:1]]
    near += [cities[each] for each in difflib.get_close_matches(city, alike, _MOST_NEAR, _LEAST_LIKE)]
    return list(dict.fromkeys(near))[:_MOST_NEAR]


def zone(name: str) -> tzinfo:
    """The time zone that `find_zone` gave this name.

    Raises:
        KeyError: this machine does not know it.
    """
    return fixed_offset(name) or ZoneInfo(name)


def _city(folded_name: str) -> str:
    """The last part of a name; nothing of those with POSIX's signs."""
    return "" if _SIGNED.fullmatch(folded_name) else folded_name.rpartition("/")[2]


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", folded(name))
    plain = "".join(each for each in letters if not unicodedata.combining(each)).strip("()")
    return plain.removesuffix(_TIME).replace(" ", "_")


@cache
def _known() -> dict[str, str]:
    """All names by their folded ones; those by continent first, as people know them."""
    names = sorted(available_timezones(), key=lambda name: ("/" not in name, name))
    return {_folded(name): name for name in names}
