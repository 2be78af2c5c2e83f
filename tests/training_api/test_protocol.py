"""What is asked, and what an answer means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from bot.training_api.documents import Document, read_document
from bot.training_api.protocol import (
    Account,
    Answer,
    checked_base_url,
    job_request,
    list_request,
    metrics_request,
    read_response,
    request_headers,
)
from tests.nesting import nested
from tests.tables import each_row

BASE = "https://training.example"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ONE = job_request(BASE, "org", "job-1")
ALL = list_request(BASE, "org")


def answer(status: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer; ``retry_after`` becomes ``retry-after``."""
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, body, NOW)


def error_of(given_answer: Answer, *, about_job: bool = True) -> TrainingApiError:
    """The error that an answer is read as."""
    with pytest.raises(TrainingApiError) as caught:
        read_response(given_answer, ONE if about_job else ALL, read_document)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


def test_the_addresses_are_as_documented() -> None:
    """Each has its trailing slash, and the organisation and the job in the query."""
    assert (ONE.url, ONE.params) == (f"{BASE}/job/get/", {"org_id": "org", "request_id": "job-1"})
    assert (ALL.url, ALL.params) == (f"{BASE}/job/list/", {"org_id": "org"})
    metrics = metrics_request(BASE, "org", "job-1")
    assert (metrics.url, metrics.params) == (f"{BASE}/job/metrics/", {"org_id": "org", "request_id": "job-1"})


@pytest.mark.parametrize("request_id", ["", "a\nb", "\ud800", "x" * 300, "\x00"])
def test_what_can_be_no_id_is_not_sent(request_id: str) -> None:
    """An empty, endless or unprintable id is refused before any request."""
    with pytest.raises(InvalidIdError):
        job_request(BASE, "org", request_id)


def test_the_headers_carry_the_key_and_ask_for_plain_json() -> None:
    """The key is a bearer token; compression is not wanted; the bot names itself."""
    headers = request_headers(" key ")
    assert headers["Authorization"] == "Bearer key"
    assert headers["Accept"] == "application/json"
    assert headers["Accept-Encoding"] == "identity"
    assert headers["User-Agent"] == f"jobbot/{__version__}"


@pytest.mark.parametrize("token", ["", "  ", "kéy-secret", "key-secret\r\nX: y", "key-secret\x00"])
def test_a_key_that_fits_no_header_is_a_setting_to_mend(token: str) -> None:
    """It is told by the setting's name, without the key."""
    with pytest.raises(SettingsError) as caught:
        request_headers(token)
    assert "SIMPLISMART_API_TOKEN" in str(caught.value)
    assert "secret" not in repr(caught.value)


def test_the_key_is_in_no_repr() -> None:
    """An account may be logged."""
    assert "secret" not in repr(Account(BASE, "org", "secret"))


@pytest.mark.parametrize("url", [BASE, f"{BASE}/", f" {BASE}// ", "http://127.0.0.1:8000/prefix/"])
def test_a_base_url_loses_its_last_slash(url: str) -> None:
    """With or without a slash at the end, with a port and a path before it."""
    assert checked_base_url(url) == url.strip().rstrip("/")


@each_row(
    "url",
    [
        "",
        "training.example",
        "ftp://x",
        "https://",
        "https://u:secret@x",
        "https://x?a=1",
        "https://x#a",
        "https://[::1",
    ],
)
def test_an_address_that_cannot_work_is_a_setting_to_mend(url: str) -> None:
    """Told by the setting's name; a password in it is not repeated."""
    with pytest.raises(SettingsError) as caught:
        checked_base_url(url)
    assert "SIMPLISMART_API_URL" in str(caught.value)
    assert "secret" not in repr(caught.value)


@each_row(
    "status, kind",
    [
        (400, InvalidIdError),
        (401, KeyRejectedError),
        (403, KeyRejectedError),
        (404, JobNotFoundError),
        (410, JobNotFoundError),
        (422, InvalidIdError),
        (429, RateLimitedError),
        *((status, UpstreamFailedError) for status in (100, 402, 405, 418, 500, 502, 503, 504, 599, 999)),
        *((status, UnreadableError) for status in (200, 204, 206, 301, 302, 304, 307, 308)),
    ],
)
def test_every_status_has_its_error(status: int, kind: type[TrainingApiError]) -> None:
    """What the API documents, what any server may send, and what nobody does; the status is kept."""
    error = error_of(answer(status))
    assert type(error) is kind
    assert error.status == status


@pytest.mark.parametrize("status", [404, 410])
def test_no_list_is_no_unknown_job(status: int) -> None:
    """A 404 for the list says that the address is wrong, not the job."""
    assert type(error_of(answer(status), about_job=False)) is UpstreamFailedError


def test_a_429_tells_how_long_to_wait() -> None:
    """``Retry-After`` is in the error; without it nothing is made up."""
    limited = error_of(answer(429, retry_after="30"))
    assert isinstance(limited, RateLimitedError)
    assert limited.retry_after_seconds == 30
    unlimited = error_of(answer(429))
    assert isinstance(unlimited, RateLimitedError)
    assert unlimited.retry_after_seconds is None


@pytest.mark.parametrize("name", ["detail", "error"])
def test_the_reason_is_kept_for_the_log(name: str) -> None:
    """Both documented forms of an error are read, secrets taken out, and cut to a line."""
    body = f'{{"{name}": "org_id is wrong for Bearer abcdefghijklmnop0123456789 {"x" * 900}"}}'
    detail = error_of(answer(400, body.encode())).detail
    assert detail.startswith("org_id is wrong")
    assert "abcdefghijklmnop" not in detail
    assert len(detail) <= 300


@pytest.mark.parametrize(
    "body",
    [
        b'{"detail": {"msg": "no"}}',
        b'{"detail": ["no"]}',
        b'{"detail": 7}',
        b"{}",
        b"[]",
        b'{"detail": "\\ud800"}',
    ],
)
def test_a_reason_of_any_shape_is_survived(body: bytes) -> None:
    """What stands under ``detail`` need not be text."""
    assert error_of(answer(400, body)).detail.isprintable()


def test_html_is_told_by_its_kind_and_size() -> None:
    """A proxy's page is not copied into the log."""
    page = b"<html>sorry, secret</html>"
    assert error_of(answer(502, page, content_type="text/html")).detail == f"html, {len(page)} bytes"
    assert "secret" not in error_of(answer(200, page, content_type="text/html")).detail


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://elsewhere.example/login?token=secret", "https://elsewhere.example"),
        ("https://user:secret@elsewhere.example/", "https://elsewhere.example"),
        ("/job/get?secret", "the same host"),
        ("https://[::1", "the same host"),
        ("", "the same host"),
    ],
)
def test_a_redirect_is_told_without_its_path(location: str, told: str) -> None:
    """It is not followed, and only the host it points to is in the log."""
    error = error_of(answer(302, location=location))
    assert told in error.detail
    assert "secret" not in error.detail


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000])
def test_a_success_that_is_no_object_is_unreadable(body: bytes) -> None:
    """Empty, cut, another type, another encoding, nested without end."""
    assert type(error_of(answer(200, body))) is UnreadableError


def test_a_cut_or_compressed_success_is_unreadable() -> None:
    """Even where what is there could be read."""
    assert "bytes" in error_of(Answer(200, {}, b"{}", NOW, is_cut=True)).detail
    assert "compressed" in error_of(answer(200, b"{}", content_encoding="br")).detail


@given(
    status=st.integers(0, 1000),
    headers=st.dictionaries(
        st.sampled_from(["content-type", "content-encoding", "location", "retry-after"]), st.text(max_size=60)
    ),
    body=st.binary(max_size=200)
    | nested(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["detail", "error", "status", "progress"]), inner, max_size=3)
        ),
    ).map(lambda value: repr(value).replace("'", '"').replace("None", "null").encode("utf-8", "replace")),
)
@settings(max_examples=100)
def test_any_answer_is_a_value_or_a_typed_error(status: int, headers: dict[str, str], body: bytes) -> None:
    """Nothing a server can send raises anything else, and no reason grows beyond a line."""
    read: Document | TrainingApiError
    try:
        read = read_response(Answer(status, headers, body, NOW), ONE, read_document)
    except TrainingApiError as exc:
        read = exc
    if isinstance(read, TrainingApiError):
        assert read.status == status
        assert len(read.detail) <= 300
    else:
        assert 200 <= status < 300
