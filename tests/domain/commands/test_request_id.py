"""Request ids in what people type and paste."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.commands.request_id import find_request_ids, is_request_id, words_in
from bot.domain.commands.typed import bare_word
from tests.tables import each_row
from tests.timing import is_linear

ID = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"
OTHER = "11111111-2222-3333-4444-555555555555"
FULLWIDTH_COMMA, EN_DASH, NO_BREAK_HYPHEN, EM_DASH = "\uff0c", "\u2013", "\u2011", "\u2014"
ZERO_WIDTH_SPACE, NO_BREAK_SPACE, WORD_JOINER = "\u200b", "\u00a0", "\u2060"


@each_row(
    "text",
    [
        ID,
        ID.upper(),
        f"  {ID}\n",
        *(f"{ID}{mark}" for mark in ",.!?:;)\u2026"),
        f"{ID}...",
        *(
            f"{left}{ID}{right}"
            for left, right in ("``", "''", '""', "()", "[]", "{}", "<>", "**", "__", "~~")
        ),
        f"```{ID}```",
        f"```\n{ID}\n```",
        f"\u201c{ID}\u201d,",
        f"\u2018{ID}\u2019",
        f"\u00ab{ID}\u00bb",
        f"&lt;{ID}&gt;",
        f"how is {ID} doing?",
        f"what's {ID}'s loss?",
        f"({ID}), please",
        f"job:{ID}",
        f"job={ID}",
        f"train-{ID}-worker-0",
        *(ID.replace("-", dash) for dash in (EN_DASH, NO_BREAK_HYPHEN, EM_DASH, "\u2010", "\u2212")),
        f"{ZERO_WIDTH_SPACE}{ID[:9]}{WORD_JOINER}{ID[9:]}{ZERO_WIDTH_SPACE}",
        f"job{NO_BREAK_SPACE}{ID}{NO_BREAK_SPACE}now",
        f"job{FULLWIDTH_COMMA}{ID}{FULLWIDTH_COMMA}now",
        f"<@U0123ABC> <#C0123|{OTHER}> {ID}",
        f"<@U0123|{OTHER}> {ID} <!here> <!subteam^S1|{OTHER}>",
        f'{{"org_id": "{OTHER}", "request_id": "{ID}"}}',
        f"organization_id: {OTHER}\nrequest_id: {ID}",
    ],
)
def test_a_uuid_is_found_among_free_words(text: str) -> None:
    """In quotes, brackets and punctuation, in any case, with the dashes that phones make."""
    assert find_request_ids(text) == (ID,)


@each_row(
    "url",
    [
        f"https://app.example.com/jobs/{ID}",
        f"https://app.example.com/jobs/{ID.upper()}/logs?tab=1#end",
        f"https://app.example.com/orgs/{OTHER}/jobs/{ID}/artifacts/{OTHER}",
        f"https://app.example.com/{OTHER}/{ID}",
        f"https://app.example.com/#/jobs/{ID}",
        f"https://app.example.com/job/get/?org_id={OTHER}&request_id={ID}",
        f"https://app.example.com/job/get/?org_id={OTHER}&amp;request_id={ID}&amp;x=1",
        f"https://app.example.com/{OTHER}?requestId={ID}",
        f"https://app.example.com/go?to=https%3A%2F%2Fx.io%2Fjobs%2F{ID}%3Ftab%3D1",
        f"https://app.example.com/go?to=%2F%3Frequest_id%3D{ID}",
        f"app.example.com/jobs/{ID}",
        f"curl -H x 'https://app.example.com/job/get/?request_id={ID}'",
    ],
)
def test_an_id_is_found_in_a_url(url: str) -> None:
    """By its name in the query, else as a segment of the path; other ids in it are not the job's."""
    for form in ("{}", "<{}>", "<{}|label>", "<{}|{}>", "see {}.", "`{}`", "({})", "{},"):
        assert find_request_ids(form.replace("{}", url)) == (ID,)


@each_row(
    "text, found",
    [
        ("https://x.io/?request_id=my-run-7", "my-run-7"),
        ("<https://x.io/?request_id=my-run-7&amp;a=1|x>", "my-run-7"),
        ("https://x.io/?request_id=my%2Drun%2D7.", "my-run-7"),
        ("request_id=my-run-7", "my-run-7"),
        ('"request_id": "My.Run:7",', "My.Run:7"),
        ("request_id : my-run-7", "my-run-7"),
        (f"<https://x.io/|job {ID}>", ID),
        (f"<mailto:a@x.io|a@x.io> {ID}", ID),
    ],
)
def test_an_id_that_is_named_may_be_of_any_form(text: str, found: str) -> None:
    """Behind ``request_id`` anything of the right shape is one; ids that are no UUIDs keep their case."""
    assert find_request_ids(text) == (found,)


@each_row(
    "text",
    [
        "",
        "how is my-run-7 doing?",
        "https://x.io/jobs/my-run-7",
        f"https://x.io/?org_id={OTHER}",
        f"<https://x.io/?org_id={OTHER}|dashboard>",
        f"<@U0123|{ID}>",
        f"<#C0123|{ID}>",
        f"{ID}0",
        f"a{ID}",
        ID.replace("-", ""),
        "request_id=",
        "request_id=ab",
        "request_id",
        "<>",
        "< > <",
    ],
)
def test_among_free_words_nothing_else_counts(text: str) -> None:
    """Words that only look like ids, people, channels, organisations."""
    assert find_request_ids(text) == ()


@each_row(
    "text, found",
    [
        ("my-run-7", ("my-run-7",)),
        ("`my-run_7`,", ("my-run_7",)),
        ("*Run.7*", ("Run.7",)),
        ("_run-7_", ("run-7",)),
        ("run-7.", ("run-7",)),
        ("abc", ("abc",)),
        ("ab", ()),
        ("a" * 128, ("a" * 128,)),
        ("a" * 129, ()),
        (ID.replace("-", ""), (ID.replace("-", ""),)),
        (ID.upper(), (ID,)),
        (f"{ID}-copy", (f"{ID}-copy",)),
        ("a-1, b-2;c-3\nd-4", ("a-1", "b-2", "c-3", "d-4")),
        (f"{ID} {ID.upper()} {OTHER} {ID}", (ID, OTHER)),
        ("Run-1 run-1", ("Run-1", "run-1")),
        ("<http://my.run|my.run>", ("my.run",)),
        ("<tel:2025110712|2025110712>", ("2025110712",)),
        ("<https://x.io/a|run-7>", ()),
        (f"please {ID}", (ID,)),
        ("alpha and beta", ("alpha",)),
        ("of the job", ()),
        ("request_id=my-run", ("my-run",)),
        ("<@U0123ABC> run-7 <#C0123ABC>", ("run-7",)),
        ("what's-up", ()),
        ("café-7", ()),
    ],
)
def test_where_ids_belong_any_form_counts(text: str, found: tuple[str, ...]) -> None:
    """Each word with a digit or an inner mark; with none of these, the first word. Order kept, each once."""
    assert find_request_ids(text, standing=True) == found


@pytest.mark.parametrize(
    ("word", "is_id"), [("abc", True), ("a.b:c_d-e", True), ("-abc", False), ("ab", False), ("a b", False)]
)
def test_the_shape_of_an_id(word: str, is_id: bool) -> None:  # noqa: FBT001  (a table's column)
    """3 to 128 letters, digits and ``._:-``, a letter or digit first."""
    assert is_request_id(word) is is_id


def test_words_keep_what_is_around_them_until_asked() -> None:
    """People and channels are left out; a link is its URL."""
    assert words_in("<@U1> `status`, <https://x.io/a|b> &lt;x&gt; <#C1|c>") == (
        "`status`",
        "https://x.io/a",
        "x",
    )
    assert bare_word("`status`:") == "status"


def test_a_link_without_an_id_falls_back_to_its_label() -> None:
    """Dashboards put the id into the label only; a URL that has one wins."""
    assert find_request_ids(f"<https://x.io/|{ID}>") == (ID,)
    assert find_request_ids(f"<https://x.io/jobs/{ID}|{OTHER}>") == (ID,)


@settings(max_examples=100)
@given(st.text(max_size=200), st.booleans())
def test_any_text_is_searched_without_failing(text: str, standing: bool) -> None:  # noqa: FBT001  (hypothesis passes it)
    """What comes back has the shape of an id, each once."""
    found = find_request_ids(text, standing=standing)
    assert len(set(found)) == len(found)
    assert all(is_request_id(each) for each in found)


@settings(max_examples=100)
@given(
    st.uuids(),
    st.text("abc <>|@#!.,;:-_/?&=%'\"`\\\n", max_size=20),
    st.text("abc <>.,;:'\"`\n", max_size=20),
)
def test_found_ids_are_found_again(uuid: object, before: str, after: str) -> None:
    """An id that was found is found in itself, whatever it was dug out of."""
    for each in find_request_ids(f"{before} {uuid} {after}", standing=True):
        assert find_request_ids(each, standing=True) == (each,)


@pytest.mark.parametrize(
    "piece", ["<", "a", "-", "0", "%", "request_id=", "/", "<a|", "`", "0-", "a/", " ", "request_id ", "_"]
)
def test_hostile_text_costs_no_more_than_long_text(piece: str) -> None:
    """Eight times the length costs about eight times the work (quadratic would be 64), by the CPU's clock."""
    small, large = piece * (8_000 // len(piece)), piece * (64_000 // len(piece))
    assert is_linear(
        lambda: find_request_ids(small, standing=True), lambda: find_request_ids(large, standing=True)
    )
