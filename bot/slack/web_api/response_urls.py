"""Which addresses a ``response_url`` may have: a payload names it, and job data is posted there."""

from __future__ import annotations

from yarl import URL

from bot.domain.errors import FOREIGN_RESPONSE_URL, SlackPermanentError

_SLACKS = ("slack.com", "slack-gov.com")


def slacks_own(response_url: str, api_url: str) -> URL:
    """The address, read as it will be used, if it is one of Slack's.

    Slack's own are https at its hosts; the host of ``api_url`` counts too, whatever its scheme and port, for
    test servers and proxies.

    Raises:
        SlackPermanentError: it is anything else. The address is not quoted: it is a secret.
    """
    try:
        url = URL(response_url)
        port = url.explicit_port
    except ValueError:
        raise _foreign() from None
    host = url.host or ""
    if url.user is not None or url.password is not None or url.scheme not in {"http", "https"}:
        raise _foreign()
    if host and host == URL(api_url).host:
        return url
    if url.scheme == "https" and port in {None, 443} and _is_slacks(host):
        return url
    raise _foreign()


def _is_slacks(host: str) -> bool:
    return any(host == own or host.endswith(f".{own}") for own in _SLACKS)


def _foreign() -> SlackPermanentError:
    return SlackPermanentError("response_url: not an address of Slack's", slack_code=FOREIGN_RESPONSE_URL)
