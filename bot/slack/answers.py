"""What Slack answered, as our errors. No I/O."""

from __future__ import annotations

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.domain.errors import SlackError
from bot.slack.errors import slack_error

OK, NOT_FOUND, TOO_MANY, SERVER_ERROR = 200, 404, 429, 500


def response_url_code(status: int, text: str) -> str:
    """The error code in what a ``response_url`` answered."""
    if status == TOO_MANY:
        return "ratelimited"
    if status >= SERVER_ERROR:
        return "http_error"
    known = next((code for code in ("used_url", "expired_url") if code in text), None)
    return known or ("expired_url" if status == NOT_FOUND else f"http_{status}")


def seconds(retry_after: object) -> float:
    """A ``Retry-After`` in seconds; 1 where it says nothing that can be understood."""
    try:
        return max(0.0, float(str(retry_after)))
    except ValueError:
        return 1.0


def from_api_error(method: str, error: SlackApiError) -> SlackError:
    """What slack_sdk raised for an answer, as ours."""
    response = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or OK)
    headers = {str(key).lower(): value for key, value in (getattr(response, "headers", None) or {}).items()}
    raw = getattr(response, "data", None)
    data: dict[str, Any] = raw if isinstance(raw, dict) else {}
    # No code of Slack's own: a proxy's page or an outage's, whatever the status says.
    code = "ratelimited" if status == TOO_MANY else str(data.get("error") or "http_error")
    needed = f", needs {data['needed']}" if "needed" in data else ""
    metadata = data.get("response_metadata")
    hints = metadata.get("messages", "") if isinstance(metadata, dict) else ""
    return slack_error(
        code,
        detail=f"{method}: {code} (HTTP {status}){needed} {hints}".rstrip(),
        retry_after_seconds=seconds(headers.get("retry-after", 1)),
    )


def from_transport_error(method: str, error: Exception) -> SlackError:
    """What happened below the API, as ours; the message of the cause is left out: it may quote a URL."""
    code = "timeout" if isinstance(error, TimeoutError) else "no_connection"
    return slack_error(code, detail=f"{method}: {type(error).__name__}")
