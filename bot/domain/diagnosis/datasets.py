"""Failures of the dataset: it cannot be had, or cannot be read."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.evidence import REFUSED, Evidence
from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs import datasets as datasets_signs
from bot.domain.diagnosis.signs import in_other_words
from bot.domain.diagnosis.signs import rows as rows_signs

_STORAGE: Final = re.compile(
    r"when calling the|storage\.googleapis|storage\.objects|s3://|s3 operation|oss2\.|gs://|endpoint url"
    r"|nosuchkey"
)
_OBJECT_STORES: Final = ("s3", "gcs", "gs", "azure", "r2")


_DENIED: Final = (
    "accessdenied",
    "denied",
    "403",
    "401",
    "forbidden",
    "gated",
    "restricted",
    "signature",
    "expiredtoken",
    "invalidaccesskeyid",
)
_LIMIT: Final = re.compile(r"max_length ?\((\d{1,9})\)|sequence_len \((\d{1,9})\)")
_NAMED: Final = re.compile(
    r"datasets/([\w.-]{1,60}/[\w.-]{1,100}?)(?:[/?\s]|\.?$)"
    r"|[Dd]ataset ['\"]?([\w.-]{1,60}/[\w.-]{1,100})['\"]? (?:doesn't|is (?:a gated|restricted))"
    r"|[Cc]ouldn't reach ['\"]([\w.-]{1,60}/[\w.-]{1,100})['\"]"
    r"|[Dd]ataset ['\"]([\w.-]{1,60})['\"] doesn't exist"
    r"|[Nn]o such file or directory: ['\"]([^'\"]{1,300})['\"]|[Nn]o files matching ['\"]([^'\"]{1,300})['\"]"
    r"|[Oo]bject (\w{1,12}://[^\s']{1,300}) not found"
    r"|(?:dataset script|any data file) at (/\S{1,300}?)(?:\.py)?\.?(?: or any|$)"
)
"""A dataset that the error itself names: it may be another than the job's."""


_HUB_NAME: Final = re.compile(r"[\w.-]{1,60}(?:/[\w.-]{1,100})?")


def _dataset_named(setup: Setup, evidence: Evidence) -> str:
    named, path = evidence.found(_NAMED), setup.text("dataset_path")
    is_ours = not named or any(
        named.casefold() in known.casefold() for known in (setup.dataset, path) if known
    )
    if not is_ours:
        return f"{'The dataset' if _HUB_NAME.fullmatch(named) else 'The path'} {named}"
    return f"The dataset {setup.dataset}" if setup.dataset else "The dataset"


def _dataset_unavailable(setup: Setup, evidence: Evidence) -> Explanation:
    said, dataset = evidence.said, _dataset_named(setup, evidence)
    is_hub = any(word in said for word in ("huggingface", "on the hub", "gated"))
    if REFUSED.search(said):
        return Explanation(
            f"{dataset} could not be downloaded: the Hub refused the request, or had an error of its own.",
            "Start the job again later; with a token the Hub allows more requests.",
        )
    if "couldn't reach" in said or "max retries exceeded" in said:
        return Explanation(
            f"{dataset} could not be downloaded: the Hub was not reached.",
            "Start the job again. If it keeps happening, check the machine's connection to huggingface.co.",
        )
    if any(word in said for word in _DENIED) and is_hub:
        return Explanation(
            f"The Hugging Face token in use can't read {dataset[0].lower()}{dataset[1:]}.",
            "Check that the token is valid and belongs to an account with access; accept the dataset's terms"
            " on its page where it has some.",
        )
    if any(word in said for word in _DENIED):
        region = setup.text("region")
        where = f" in {region}" if region else ""
        return Explanation(
            f"The credentials can't read {dataset[0].lower()}{dataset[1:]}.",
            f"Check that the secret has read access to this path{where}, and that no signed URL has expired.",
        )
    path = setup.text("dataset_path")
    is_ours = setup.dataset in dataset and path not in {"", setup.dataset}
    look = f"Check the path ({path})" if is_ours else "Check its name or path"
    return Explanation(
        f"{dataset} was not found.", f"{look}; if it is private, give credentials that can read it."
    )


def _dataset_invalid(setup: Setup, evidence: Evidence) -> Explanation:
    said = evidence.said
    dataset = f"the dataset {setup.dataset}" if setup.dataset else "the dataset"
    empty = (
        "num_samples=0",
        "no data",
        "empty",
        "n_samples=0",
        "no valid",
        "cannot find valid",
        "unknown split",
    )
    if any(word in said for word in empty):
        ratios = setup.texts("ratios", "split_ratios")
        split = f" (split {ratios})" if ratios else ""
        return Explanation(
            f"A part of {dataset} is empty{split}: no sample was left to train or evaluate on.",
            "Check that the file has rows in the expected format, that filters and the length limit leave"
            " some, and that the split gives each part at least one.",
        )
    if any(
        word in said
        for word in ("larger than the max_length", "configured sequence_len", "increasing `max_length`")
    ):
        limit = evidence.found_in_lower(_LIMIT)
        return Explanation(
            f"Rows of {dataset} are longer than the limit{f' of {limit} tokens' if limit else ''}.",
            "Raise the limit, or have longer rows cut or dropped (truncation_strategy).",
        )
    kinds = [kind for kind in (setup.text("dataset_format"), setup.text("dataset_type")) if kind]
    expected = f" as {' in '.join(kinds)}" if kinds else ""
    return _unreadable(said, dataset, expected)


def _unreadable(said: str, dataset: str, expected: str) -> Explanation:
    """What is wrong with the rows, where they are neither too few nor too long."""
    if " should be an " in said:
        return Explanation(
            f"Rows of {dataset} have something other than text in a field that needs one.",
            "Fill or drop the rows in which the field that the evidence names is empty or a list.",
        )
    if "keyerror" in said:
        return Explanation(
            f"Rows of {dataset} lack a column that is needed to read them{expected}.",
            "Add the column that the evidence names, or choose the format that the dataset really has.",
        )
    if "nonmatchingsplitssizes" in said:
        return Explanation(
            f"The parts of {dataset} are not as large as its own description says.",
            "Download it anew, or have its description made anew: a file may be missing or have changed.",
        )
    what = "the images" if "image" in said else "every row"
    return Explanation(
        f"A file of {dataset} could not be read{expected}.",
        f"Check that {what} can be read{expected}, with the same columns and types throughout.",
    )


def _is_surely_the_dataset(setup: Setup, evidence: Evidence) -> bool:
    """Object storage may also hold the model: then only the dataset's own name tells."""
    said = evidence.said
    if not _STORAGE.search(said):
        return True
    model = setup.job.model_details
    stored = (model.source_type or "").lower() in _OBJECT_STORES or "://" in (model.base_model or "")
    name = (setup.job.dataset_details.dataset_path or setup.dataset).partition("?")[0].lower()
    return not stored or (bool(name) and name.rpartition("/")[2] in said)


FAILURES: Final = (
    Failure(
        FailureClass.DATASET_UNAVAILABLE,
        (*datasets_signs.DATASET_UNAVAILABLE, *in_other_words.DATASET_UNAVAILABLE),
        _dataset_unavailable,
        _is_surely_the_dataset,
    ),
    Failure(
        FailureClass.DATASET_INVALID,
        (*rows_signs.DATASET_INVALID, *in_other_words.DATASET_INVALID),
        _dataset_invalid,
    ),
)
