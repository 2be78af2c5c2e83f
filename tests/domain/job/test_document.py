"""One job document, as servers really send it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.job import JobStatus, TrainingJob
from tests.nesting import nested
from tests.tables import each_row

PRINTED = (Path(__file__).parent / "vendor_example.json").read_bytes()
MOMENT = datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC)

NAMES = st.sampled_from(
    [
        *TrainingJob.model_fields,
        *(
            "quantization",
            "hyperparameters",
            "adapter_config",
            "distributed",
            "gpu_count",
            "targets",
            "base_model",
        ),
        *(
            "secret_id",
            "num_epochs",
            "gradient_checkpointing",
            "node_count",
            "learning_rate",
            "r",
            "type",
            "extra",
        ),
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        [10**300, -(10**400), "NaN", "1e999", "45%", "\ud800", "2023-11-07", "9999-12-31T23:59:59-23:59"]
    ),
    st.sampled_from(
        ["0001-01-01T00:00:00+23:59", 1e18, -1e18, "1700000000", "[]", "\x00", "CANCELED", "running"]
    ),
)
VALUES = nested(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
)


def _read(**fields: Any) -> TrainingJob:
    return TrainingJob.from_json(json.dumps(fields).encode())


def test_the_vendors_example_is_read_literally() -> None:
    """As printed on the vendor's page: no status, no GPU type, ``<string>`` everywhere, 123 %."""
    job = TrainingJob.from_json(PRINTED)
    assert (job.request_id, job.experiment_name) == ("<string>", "<string>")
    assert (job.status, job.status_text) == (JobStatus.ENDED, None)
    assert job.created_at == job.updated_at == job.started_at == job.completed_at == MOMENT
    assert job.progress == 100
    assert job.model_details.quantization.quant_bits is None
    assert job.train_config.hyperparameters.learning_rate == 123
    assert job.train_config.adapter_config.targets == ("<string>",)
    assert (job.infra_config.gpu_type, job.infra_config.gpu_count, job.infra_config.node_count) == (
        None,
        2,
        2,
    )


def test_the_configuration_is_the_whole_document_without_the_secret() -> None:
    """Also what the model does not know, in the order sent."""
    expected = json.loads(PRINTED)
    del expected["dataset_details"]["secret_id"]
    shown = TrainingJob.from_json(PRINTED).configuration()
    assert shown == expected
    assert list(shown) == list(expected)


@pytest.mark.parametrize("key", ["secret_id", "secretId", "SECRET_ID", "secret-id", "SecretID"])
def test_no_secret_id_is_left_at_any_depth(key: str) -> None:
    """In objects, in lists, inside each other, however it is spelled."""
    job = _read(**{key: 1, "a": [{key: {"b": 2}, "c": [{key: 3, "d": 4}]}]})
    assert job.configuration() == {"a": [{"c": [{"d": 4}]}]}


def test_what_is_nested_too_deep_is_left_out_of_the_configuration() -> None:
    """A secret cannot hide below the depth that is searched."""
    body = b'{"a":' * 150 + b'{"secret_id":"abc"}' + b"}" * 150
    assert "abc" not in str(TrainingJob.from_json(body).configuration())


@settings(max_examples=100)
@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_any_json_object_is_read(document: dict[str, Any]) -> None:
    """Whatever stands in whatever field, through JSON or as a value; and it can be shown as UTF-8."""
    for job in (TrainingJob.from_json(json.dumps(document).encode()), TrainingJob.model_validate(document)):
        assert job.progress is None or 0 <= job.progress <= 100
        assert "secret_id" not in json.dumps(job.configuration())
        repr(job).encode()
        for moment in (job.created_at, job.updated_at, job.started_at, job.completed_at):
            assert moment is None or moment.tzinfo is UTC


@settings(max_examples=100)
@given(st.one_of(st.binary(max_size=60), VALUES.map(lambda value: json.dumps(value).encode())))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    """Only ValueError comes out of what is no document."""
    try:
        assert isinstance(TrainingJob.from_json(body), TrainingJob)
    except ValueError as error:
        assert not isinstance(error, RecursionError)  # noqa: PT017  (either outcome is fine)


@each_row(
    "body",
    [b"", b"null", b"[]", b'"text"', b"1", b"<html></html>", b'{"a":', b"[" * 100_000, b'{"a":' * 100_000],
)
def test_what_is_no_object_is_refused(body: bytes) -> None:
    """Not JSON, not an object, or nested deeper than can be read: always the same error."""
    with pytest.raises(ValueError, match=r".") as caught:
        TrainingJob.from_json(body)
    assert isinstance(caught.value, ValueError)


def test_one_odd_field_never_costs_the_others() -> None:
    """A list where an object belongs, an object where a text belongs, numbers as text."""
    job = _read(
        request_id="r-1",
        experiment_name={"a": 1},
        progress="45%",
        model_details=[1],
        train_config={
            "type": ["sft"],
            "hyperparameters": "x",
            "adapter_config": {"r": "8", "targets": "q_proj"},
        },
        dataset_details=None,
        infra_config={"gpu_count": "2", "node_count": True},
    )
    assert (job.request_id, job.experiment_name, job.progress) == ("r-1", None, 45)
    assert (job.train_config.type, job.train_config.adapter_config.r) == (None, 8)
    assert job.train_config.adapter_config.targets == ("q_proj",)
    assert (job.infra_config.gpu_count, job.infra_config.node_count) == (2, None)


@each_row(
    "word, status, is_finished",
    [
        ("QUEUED", JobStatus.QUEUED, False),
        ("running", JobStatus.RUNNING, False),
        (" Completed ", JobStatus.COMPLETED, True),
        ("FAILED", JobStatus.FAILED, True),
        ("CANCELED", JobStatus.CANCELLED, True),
        ("CANCELLED", JobStatus.CANCELLED, True),
        ("canceled", JobStatus.CANCELLED, True),
        ("PREEMPTED", JobStatus.UNKNOWN, False),
        (None, JobStatus.UNKNOWN, False),
        (["RUNNING"], JobStatus.UNKNOWN, False),
        (True, JobStatus.UNKNOWN, False),
    ],
)
def test_statuses(word: object, status: JobStatus, is_finished: bool) -> None:  # noqa: FBT001  (a table's column)
    """In any case, both spellings; one nobody documented is kept as it was sent and is not finished."""
    job = _read(status=word)
    assert (job.status, job.status.is_finished) == (status, is_finished)
    if isinstance(word, str):
        assert job.status_text == word


def test_bytes_that_are_no_utf8_do_not_stop_it() -> None:
    """Stray bytes, half surrogate pairs, a byte order mark, NaN and numbers without end."""
    body = (
        b'\xef\xbb\xbf{"experiment_name": "a \xff \\ud800 b", "progress": NaN, "step": '
        + b"9" * 5_000
        + b', "x\\udfff": 1}'
    )
    job = TrainingJob.from_json(body)
    assert (job.experiment_name, job.progress) == ("a \ufffd \ufffd b", None)
    assert job.configuration()["x\ufffd"] == 1


def test_a_document_is_a_value() -> None:
    """Equal bytes make equal jobs, and nobody changes one."""
    job = TrainingJob.from_json(PRINTED)
    assert job == TrainingJob.from_json(PRINTED)
    with pytest.raises(ValueError, match="frozen"):
        job.progress = 1
