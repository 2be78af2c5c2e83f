"""Failures of the dataset: it cannot be had, or cannot be read."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass
from bot.domain.diagnosis.setup import Setup
from bot.domain.diagnosis.signs import datasets as datasets_signs

_STORAGE: Final = re.compile(r"when calling the|storage\.googleapis|storage\.objects")
_OBJECT_STORES: Final = ("s3", "gcs", "gs", "azure", "r2")


def _dataset_unavailable(setup: Setup, said: str) -> Explanation:
    dataset = f"The dataset {setup.dataset}" if setup.dataset else "The dataset"
    denied = (
        "accessdenied",
        "denied",
        "403",
        "401",
        "forbidden",
        "a gated dataset",
        "gated repo",
        "restricted",
        "signature",
        "expiredtoken",
    )
    if any(word in said for word in (*denied, "invalidaccesskeyid")):
        region = setup.text("region")
        where = f" in {region}" if region else ""
        return Explanation(
            f"The credentials can't read {dataset[0].lower()}{dataset[1:]}.",
            f"Check that the secret has read access to this path{where}, and that no signed URL has expired.",
        )
    path = setup.text("dataset_path")
    look = f"Check the path ({path})" if path and path != setup.dataset else "Check its name or path"
    return Explanation(
        f"{dataset} was not found.", f"{look}; if it is private, give credentials that can read it."
    )


def _dataset_invalid(setup: Setup, said: str) -> Explanation:
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
    kinds = [kind for kind in (setup.text("dataset_format"), setup.text("dataset_type")) if kind]
    expected = f" as {' in '.join(kinds)}" if kinds else ""
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


def _is_surely_the_dataset(setup: Setup, said: str) -> bool:
    """Object storage may also hold the model: then only the dataset's own name tells."""
    if not _STORAGE.search(said):
        return True
    model = setup.job.model_details
    stored = (model.source_type or "").lower() in _OBJECT_STORES or "://" in (model.base_model or "")
    name = (setup.job.dataset_details.dataset_path or setup.dataset).partition("?")[0].lower()
    return not stored or (bool(name) and name.rpartition("/")[2] in said)


_DATA_FILE: Final = (
    r"(?:\.(?:jsonl|csv|tsv|parquet|arrow)"
    r"|(?:train(?!er|ing_args)|valid|eval(?!_results)|test(?!_results)|data)"
    r"[\w-]{0,40}\.json)(?:\.gz|\.zst)?\b"
)
_KEYS: Final = "conversations?|messages|instruction|chosen|rejected|completion"


FAILURES: Final = (
    Failure(
        FailureClass.DATASET_UNAVAILABLE,
        datasets_signs.DATASET_UNAVAILABLE,
        _dataset_unavailable,
        _is_surely_the_dataset,
    ),
    Failure(FailureClass.DATASET_INVALID, datasets_signs.DATASET_INVALID, _dataset_invalid),
)
