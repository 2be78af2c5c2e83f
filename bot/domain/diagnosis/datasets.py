"""Failures of the dataset: it cannot be had, or cannot be read."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.diagnosis.failures import Explanation, Failure, FailureClass, sign
from bot.domain.diagnosis.setup import Setup

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
        (
            sign("datasetnotfounderror"),
            sign("on the hub", r"dataset '?[^' ]{1,120}'? (?:doesn't|does not) exist on the hub"),
            sign("couldn't find", r"couldn't find (?:a dataset script|any data file) at"),
            sign(
                "repository not found for url",
                r"repository not found for url: https?://[\w.]{1,60}/(?:api/)?datasets/",
            ),
            sign("/datasets/", r"cannot access gated repo for url https?://[\w.]{1,60}/(?:api/)?datasets/"),
            sign("dataset", r"access to dataset \S{1,120} is restricted|is a gated dataset on the hub"),
            sign(
                "an error occurred (",
                r"an error occurred \((?:accessdenied|invalidaccesskeyid|signaturedoesnotmatch|"
                r"expiredtoken|nosuchkey|nosuchbucket|403|404)\) when calling the "
                r"(?:get|head|list)\w{4,20} operation",
            ),
            sign("storage.objects", r"does not have storage\.objects\.(?:get|list) access"),
            sign("no such object:", r"no such object: \S{1,200}"),
            sign(
                "client error",
                r"40[134] client error: .{0,60}for url: https?://(?!huggingface\.co/(?!datasets/))"
                r"[^\s?]{1,300}" + _DATA_FILE,
            ),
            sign(
                "no such file or directory", r"\bno such file or directory: ['\"][^'\"]{0,300}" + _DATA_FILE
            ),
            sign(
                "not found",
                r"\bdata ?set (?:file |path )?(?:['\"\w]{0,40}[/.:-]\S{0,160} )?"
                r"(?:was |is |could )?not (?:be )?found\b",
                unless=r"in (?:the )?cache|locally|downloading|using",
            ),
            sign(
                "dataset",
                r"failed to (?:download|load|fetch|read) (?:the )?dataset.{0,80}\b"
                r"(?:40[134]|forbidden|denied|not found|unauthori[sz]ed)\b",
            ),
            sign("datafilesnotfounderror"),
            sign("not found", r"^valueerror: file \S{1,300} not found", raised_in="/data/loader"),
            sign("denied", r"\b(?:access|permission) denied:? ?['\"]?[^\s'\"]{0,300}" + _DATA_FILE),
            sign("unable to find", r"filenotfounderror: unable to find ['\"][^'\"]{0,300}" + _DATA_FILE),
        ),
        _dataset_unavailable,
        _is_surely_the_dataset,
    ),
    Failure(
        FailureClass.DATASET_INVALID,
        (
            sign("datasetgenerationcasterror"),
            sign("all the data files must have", r"all the data files must have the same columns"),
            sign("parse error", r"\b(?:arrowinvalid: )?(?:json|csv) parse error:"),
            sign("couldn't cast", r"couldn't cast .{1,80}"),
            sign("column", r"because column names don't match"),
            sign("magic bytes", r"parquet magic bytes not found"),
            sign("tokenizing data", r"error tokenizing data\. c error"),
            sign("num_samples=0", r"num_samples should be a positive integer value, but got num_samples=0"),
            sign(
                "corresponds to no data", r"instruction ['\"][\w\[\]:%+ ]{1,60}['\"] corresponds to no data"
            ),
            sign("cannot find valid samples"),
            sign(
                "is empty",
                r"\b(?:train(?:ing)?|eval(?:uation)?|validation|test)[ _-]?(?:data ?set|split|set|data)"
                r" is empty",
            ),
            sign("is empty", r"error: .{0,20}\b(?:the )?(?:data ?set|split) (?:\S{1,60} )?is empty"),
            sign("will be empty", r"n_samples=\d{1,9}, test_size=.{1,60} resulting train set"),
            sign("unknown split", r"unknown split ['\"]\w{1,40}['\"]\. should be one of"),
            sign("keyerror", rf"^keyerror: ['\"](?:{_KEYS})['\"]"),
            sign("keyerror", r"^keyerror: ['\"][^'\"]{1,80}['\"]", raised_in="/datasets/formatting/"),
            sign("nonmatchingsplitssizeserror"),
            sign("not in the dataset", r"not in the dataset\. current columns"),
            sign("cannot identify image file"),
            sign("dataset format", r"unsupported dataset format|dataset format \S{1,40} is not supported"),
            sign("jsondecodeerror", r"jsondecodeerror: .{0,160}(?:\.jsonl|data ?set)\b"),
            sign("format", r"\binvalid (?:data ?set|data) format\b"),
            sign("out of bounds for size 0", r"invalid key: \d{1,9} is out of bounds for size 0"),
            sign("column", r"\bcolumns? \S{1,80} (?:was |is )?not (?:found )?in (?:the )?data ?set\b"),
            sign(
                "missing",
                r"\bmissing (?:required )?(?:field|column|key)s? .{1,60}"
                r"\b(?:in|at) (?:line|row|the data ?set)",
            ),
            sign("datasetgenerationerror", is_symptom=True),
        ),
        _dataset_invalid,
    ),
)
