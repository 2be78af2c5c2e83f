"""Simplismart's HTTP, without any I/O: what to ask, and what an answer means.

Source: ``GET /job/get/``, ``/job/list/`` and ``/job/metrics/`` of Simplismart (OpenAPI 2.0.0 and the
vendor's page). Anything may stand in front of it, so every status and every body is given a meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from bot import __version__
from bot.domain.errors import (
    InvalidIdError,
    JobNotFoundError,
    KeyRejectedError,
    RateLimitedError,
    SettingsError,
    TrainingApiError,
    UnreadableError,
    UpstreamFailedError,
)
from bot.domain.job import parse_json
from bot.domain.ports.monitoring import Endpoint
from bot.domain.redaction import cleaned
from bot.training_api.decoding import is_readable
from bot.training_api.documents import OtherJsonError
from bot.training_api.retrying import retry_after_seconds

MAX_BODY_BYTES = 2 * 1024 * 1024
"""Larger answers are refused while they are read."""
MAX_LIST_BYTES = 32 * 1024 * 1024
"""For what is read row by row: the list of jobs, and metrics."""
SILENCE_SECONDS = 5.0
"""The longest silence within an answer; the whole is bounded by the client's budget."""
LIST_SILENCE_SECONDS = 20.0  # a long list takes a while to be made
MAX_ERROR_BODY_BYTES = 64 * 1024
"""As much as is read of an answer that is no success: enough to find its reason."""

_MAX_ID_CHARACTERS = 256
_MAX_DETAIL_CHARACTERS = 300
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Account:
    """Where to ask, for which organisation, with which key (in plain text; not in its ``repr``)."""

    base_url: str
    org_id: str
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """One GET: where, and with which query. It never holds the key."""

    url: str
    params: Mapping[str, str]
    about_job: bool = True
    """It names one job: a 404 says the job is unknown."""
    max_body_bytes: int = MAX_BODY_BYTES
    silence_seconds: float = SILENCE_SECONDS
    endpoint: Endpoint = Endpoint.JOB


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: ``headers`` with lower-case names, ``received_at`` aware."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    received_at: datetime
    is_cut: bool = False
    """Whether the body was over its limit and the rest was refused."""
    sink_bytes: int = 0
    """How much of a success was read piece by piece instead of into ``body``."""

    @property
    def is_success(self) -> bool:
        """The class of success, as HTTP numbers it."""
        return self.status // 100 == 2  # noqa: PLR2004  (2xx)


def job_request(base_url: str, org_id: str, request_id: str) -> Request:
    """``GET /job/get/``: one job.

    Raises:
        InvalidIdError: the id cannot be one: empty, too long, or with unprintable characters.
    """
    return Request(f"{base_url}/job/get/", _job_params(org_id, request_id))


def metrics_request(base_url: str, org_id: str, request_id: str) -> Request:
    """``GET /job/metrics/``: the metric series of one job.

    Raises:
        InvalidIdError: the id cannot be one.
    """
    params = _job_params(org_id, request_id)
    return Request(
        f"{base_url}/job/metrics/", params, max_body_bytes=MAX_LIST_BYTES, endpoint=Endpoint.METRICS
    )


def list_request(base_url: str, org_id: str) -> Request:
    """``GET /job/list/``: a summary of every job of the organisation."""
    return Request(f"{base_url}/job/list/", {"org_id": org_id}, about_job=False, endpoint=Endpoint.LIST)


def long_list_request(base_url: str, org_id: str) -> Request:
    """The same, of up to `MAX_LIST_BYTES`: for whoever reads it piece by piece."""
    request = list_request(base_url, org_id)
    return replace(request, max_body_bytes=MAX_LIST_BYTES, silence_seconds=LIST_SILENCE_SECONDS)


def _job_params(org_id: str, request_id: str) -> Mapping[str, str]:
    if not (request_id and len(request_id) <= _MAX_ID_CHARACTERS and request_id.isprintable()):
        raise InvalidIdError(detail="not sent: empty, too long or unprintable")
    return {"org_id": org_id, "request_id": request_id}


def checked_base_url(base_url: str) -> str:
    """The address without its last slash.

    Raises:
        SettingsError: it is no http(s) address, or it carries a name, a password, a query or a fragment.
    """
    parts = _split(base_url)
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not parts.hostname
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
    ):
        raise SettingsError(["SIMPLISMART_API_URL: an address like https://host is needed"])
    return base_url.strip().rstrip("/")


def request_headers(token: str) -> Mapping[str, str]:
    """The headers of every request; the only place where the key is put on one.

    An uncompressed answer is asked for: documents are small, and unpacking costs more than it saves.

    Raises:
        SettingsError: the key is empty or cannot stand in a header.
    """
    if not (token.isascii() and token.isprintable() and token.strip()):
        raise SettingsError(["SIMPLISMART_API_TOKEN: empty, or with characters no key has"])
    return {
        "Authorization": f"Bearer {token.strip()}",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": f"jobbot/{__version__}",
    }


def read_response(answer: Answer, request: Request, read: Callable[[bytes], _Value]) -> _Value:
    """The value of a successful answer, by ``read``, which raises `ValueError` for what it cannot read.

    No redirect is taken, not even to the same host: the documented addresses need none, so one means that
    the base URL is wrong, and the key goes nowhere it was not meant for.

    Raises:
        TrainingApiError: every other answer, each status with its own error.
    """
    if not answer.is_success:
        raise error_of(answer, request)
    if answer.is_cut:
        problem = f"over {request.max_body_bytes} bytes"
    elif not is_readable(answer.headers):
        problem = "compressed in a way that was not asked for"
    else:
        try:
            return read(answer.body)
        except OtherJsonError as error:
            problem = str(error)
        except ValueError:
            # The parser's own message quotes the document; what it was is told without it.
            problem = f"no JSON object: {_kind(answer)}"
    raise UnreadableError(problem, status=answer.status)


def error_of(answer: Answer, request: Request) -> TrainingApiError:
    """What a status that is no success means."""
    status = answer.status
    if 300 <= status < 400:  # noqa: PLR2004  (the class of redirects, as HTTP numbers it)
        return UnreadableError(_redirect(answer.headers), status=status)
    detail = _reason(answer)
    if status == 429:  # noqa: PLR2004  (Too Many Requests)
        wait = retry_after_seconds(answer.headers, answer.received_at)
        return RateLimitedError(detail, status=status, retry_after_seconds=wait)
    if status in _ABOUT_THE_JOB and not request.about_job:
        return UpstreamFailedError(detail, status=status)
    return _ERRORS.get(status, UpstreamFailedError)(detail, status=status)


_ERRORS: Mapping[int, type[TrainingApiError]] = {
    400: InvalidIdError,
    401: KeyRejectedError,
    403: KeyRejectedError,
    404: JobNotFoundError,
    410: JobNotFoundError,
    422: InvalidIdError,
}
"""410 (Gone) and 422 (Unprocessable Content) are what other frameworks say for 404 and 400."""
_ABOUT_THE_JOB = frozenset({404, 410})


def _reason(answer: Answer) -> str:
    """What the answer says of the failure, redacted and short: for the log only."""
    try:
        document = parse_json(answer.body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        return _kind(answer)
    said = document.get("detail") or document.get("error") or ""
    text = said if isinstance(said, str) else repr(said)
    return cleaned(text, _MAX_DETAIL_CHARACTERS)


def _kind(answer: Answer) -> str:
    """The type and size of a body, in our own words: what was sent is not repeated."""
    content_type = answer.headers.get("content-type", "").lower()
    name = next((name for name in ("html", "json", "xml", "text") if name in content_type), "unknown type")
    return f"{name}, {len(answer.body) or answer.sink_bytes} bytes"


def _redirect(headers: Mapping[str, str]) -> str:
    """Where a redirect points, without its path and query: they may hold secrets."""
    parts = _split(headers.get("location", ""))
    netloc = parts.netloc.rpartition("@")[2] if parts else ""
    target = f"{parts.scheme}://{netloc}" if parts and netloc else "the same host"
    return cleaned(f"redirect to {target}, not followed", _MAX_DETAIL_CHARACTERS)


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url.strip())
    except ValueError:
        return None
