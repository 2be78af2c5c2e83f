"""A digest, and the same error before, from the typed word to what people see of it."""

from __future__ import annotations

from datetime import timedelta

from bot.cards.kit import actions
from bot.playground.workspace import ME, TRAINING, Message
from tests.e2e.messages import text_of
from tests.e2e.world import World

ERROR = "RuntimeError: stack expects each tensor to be equal size, but got [{}] at entry 0"


def _posted(here: World, words: str) -> list[Message]:
    """What everybody in the channel sees with these words."""
    said = here.workspace.messages(TRAINING)
    return [one for one in said if words in text_of(one) and one.ephemeral_to is None]


async def test_a_digest_comes_at_its_time_until_it_is_off(over_http: World) -> None:
    """Told to all when it is set; then once, in the channel itself, with what failed and why."""
    at = over_http.clock.now() + timedelta(minutes=20)
    await over_http.slash("digest")
    preview = await over_http.told("Preview for you: the last 24 hours")
    assert "No digest in this channel yet" in text_of(preview)
    await over_http.slash(f"digest daily {at:%H:%M} utc")
    await over_http.told(f"The digest is posted here every day at {at:%H:%M}")
    await over_http.soon(lambda: _posted(over_http, "turned on the digest") or None)
    for number in (17, 4096):
        over_http.suite.set(
            f"new-{number}", status="FAILED", error_message=ERROR.format(number), experiment_name="tone"
        )
    await over_http.let_pass((at - over_http.clock.now()).total_seconds() - 5)
    # From here on slowly: a jump of the clock would be too long for a question under way.
    await over_http.pass_until(lambda: bool(_posted(over_http, "Daily digest")))
    (digest,) = _posted(over_http, "Daily digest")
    assert digest.thread_ts is None
    assert "tone and 1 more · failed, stack expects each tensor" in text_of(digest).replace("\xa0", " ")
    await over_http.workspace.click(ME, digest, actions.SINCE[0])
    listed = await over_http.told("status:failed since:")
    assert listed.ephemeral_to == ME
    assert _posted(over_http, "Daily digest") == [digest]
    assert over_http.clock.now() >= at
    await over_http.slash("digest off")
    await over_http.soon(lambda: _posted(over_http, "turned off the daily digest") or None)
    await over_http.slash("digest off")
    await over_http.told("No digest in this channel yet")


async def test_a_failed_job_names_the_last_one_like_it(over_http: World) -> None:
    """Once somebody has looked at both."""
    for number in (17, 4096):
        request_id = f"2b1f0c9e-0000-4000-8000-00000000{number:04}"
        over_http.suite.set(
            request_id,
            status="FAILED",
            error_message=ERROR.format(number),
            experiment_name=f"tone-{number}",
        )
        card = await over_http.ask(request_id)
        await over_http.let_pass(7_500)
    assert "Same cause in tone-17 (2b1f0c9e), 2 hours ago" in text_of(card)
