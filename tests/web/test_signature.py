"""The gate: it says yes to what Slack signed just now, and no to everything else, whatever that is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.playground.workspace.dispatch.http_link import sign
from bot.web.signature import MAX_SKEW_SECONDS, Refusal, refusal

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_760_000_000.5
BODY = b"command=%2Fjob&text=help"


def _headers(
    timestamp: bytes = b"1760000000", signature: bytes | None = None, body: bytes = BODY
) -> list[tuple[bytes, bytes]]:
    if signature is None:
        signature = sign(SECRET, body, timestamp.decode()).encode()
    return [(b"X-Slack-Request-Timestamp", timestamp), (b"X-Slack-Signature", signature)]


def _refusal(headers: list[tuple[bytes, bytes]], body: bytes = BODY) -> Refusal | None:
    return refusal(SECRET.encode(), headers, body, NOW)


def test_what_slack_signed_passes() -> None:
    """Also bytes that are no text, and header names in any case."""
    assert _refusal(_headers()) is None
    assert _refusal(_headers(body=b"\xff\x00"), b"\xff\x00") is None
    assert _refusal([(name.lower(), value) for name, value in _headers()]) is None


def test_the_example_of_slacks_page_passes() -> None:
    """The signature in Slack's own documentation, made with this secret."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    headers = _headers(b"1531420618", signature)
    assert refusal(SECRET.encode(), headers, body, 1531420618) is None


def test_a_time_that_is_off_is_told_with_how_far() -> None:
    """Only of what Slack did sign: a stranger's time says nothing of our clock."""
    late = str(1_760_000_000 - 900).encode()
    assert _refusal(_headers(late)) == Refusal("clock", 900)
    early = str(1_760_000_000 + 900).encode()
    assert _refusal(_headers(early)) == Refusal("clock", -900)
    assert _refusal(_headers(late, b"v0=" + b"0" * 64)) == Refusal("signature")
    edge = str(1_760_000_000 - MAX_SKEW_SECONDS).encode()
    assert _refusal(_headers(edge)) is None


def test_repeated_headers_are_no_signature() -> None:
    """Which of two would count is nobody's guess."""
    assert _refusal([*_headers(), *_headers()]) == Refusal("unsigned")


@given(
    timestamp=st.one_of(st.binary(max_size=40), st.from_regex(rb"[0-9]{1,20}", fullmatch=True)),
    signature=st.one_of(st.binary(max_size=90), st.from_regex(rb"v0=[0-9a-f]{64}", fullmatch=True)),
    body=st.binary(max_size=200),
)
def test_anything_else_is_refused(timestamp: bytes, signature: bytes, body: bytes) -> None:
    """Whatever the headers are, the answer is a refusal and never an error."""
    assert _refusal(_headers(timestamp, signature), body) is not None


@given(st.integers(0, len(BODY) * 8 - 1))
def test_one_bit_of_the_body_is_enough(bit: int) -> None:
    """A body that was changed on the way is not what Slack signed."""
    changed = bytearray(BODY)
    changed[bit // 8] ^= 1 << bit % 8
    assert _refusal(_headers(), bytes(changed)) == Refusal("signature")
