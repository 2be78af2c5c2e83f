"""Signs of a dataset's rows: they cannot be read, or are not what they should be."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.datasets import DATA_FILE
from bot.domain.diagnosis.signs.sign import sign

_KEYS: Final = "conversations?|messages|instruction|chosen|rejected|completion"
_COMMON_KEYS: Final = "text|prompt|response|query|question|answer|image|images"
_ABOUT_DATA: Final = (
    "/dataset",
    "/data_",
    "_data",
    "preprocess",
    "collat",
    "prompt",
    "/data/loader",
    "/trl/trainer/",
)
_IN_ROWS: Final = (
    "/swift/llm/dataset/",
    "/swift/llm/utils/preprocess",
    "/swift/dataset/",
    "/swift/llm/template/template_inputs",
    "/swift/template/template_inputs",
    "/llamafactory/data/",
    "/llmtuner/data/",
    "/axolotl/prompt_strategies/",
    "/axolotl/prompt_tokenizers",
    "/trl/data_utils",
    "/trl/extras/dataset_formatting",
)
"""Where a row is read before anything is trained: what fails there fails on the row."""

DATASET_INVALID: Final = (
    # datasets, builder.py, table.py, arrow_dataset.py, arrow_reader.py, arrow_writer.py, packaged_modules
    sign("datasetgenerationcasterror"),
    sign("all the data files must have the same columns"),
    sign("couldn't cast", r"couldn't cast .{1,80}"),
    sign("because column names don't match"),
    sign("corresponds to no data", r"instruction ['\"][\w\[\]:%+ ]{1,60}['\"] corresponds to no data"),
    sign("split", r"unknown split ['\"]\w{1,40}['\"]\. should be one of|bad split: .{1,60}available splits"),
    sign("nonmatchingsplitssizeserror"),
    sign("schemainferenceerror"),
    sign("resulting train set", r"n_samples=\d{1,9}, test_size=.{1,60} resulting train set"),
    sign(
        "smaller than the number of samples",
        r"(?:test|train)_size=\S{1,20} should be either positive and smaller than the number of samples",
    ),
    sign("not in the dataset", r"not in the dataset\. (?:current columns|columns in the dataset)"),
    sign("not in table columns", r"column \(.{1,120}\) not in table columns"),
    sign("should have the same features but features for"),
    sign("the features can't be aligned because"),
    sign("couldn't infer the same data file format for all splits"),
    sign("out of bounds for size 0", r"invalid key: \d{1,9} is out of bounds for size 0"),
    sign("keyerror", r"^keyerror: ['\"][^'\"]{1,80}['\"]", raised_in=("/datasets/formatting/",)),
    sign("saved using `save_to_disk`", r"trying to load a dataset that was saved using `save_to_disk`"),
    sign(
        "features",
        r"(?:the columns and features argument must match"
        r"|parquet data with columns .{1,300}mismatching features)",
    ),
    sign("all the data_files are invalid"),
    sign("couldn't embed array of type"),
    sign(
        "try to reduce writer_batch_size",
        r"there was an overflow with type .{1,200}try to reduce writer_batch_size",
    ),
    sign("must be present as dictionary key in metadata files"),
    sign("should be in webdataset format"),
    sign("class label", r"\b(?:invalid string class label|class label \S{1,60} greater than configured)"),
    sign("to arrow table from file", r"failed to convert pandas dataframe to arrow table from file"),
    sign("failed to ", r"failed to (?:load json|read file|read json) from (?:the )?file", in_notices=True),
    sign("decodeerror", r"^(?:unicode|json)decodeerror", raised_in=("/packaged_modules/",)),
    sign("datasetgenerationerror", is_symptom=True),
    sign("' or 'bytes' but ", r"should have one of 'path' or 'bytes' but (?:both|they) are (?:none|missing)"),
    sign("column mismatch between batch"),
    sign("data files don't belong to"),
    sign("invalid integer class label"),
    # Arrow, cpp/src/arrow/json/chunker.cc and reader.cc, csv/converter.cc, parser.cc and reader.cc
    sign("straddling object straddles two block boundaries"),
    sign("json chunk error: "),
    sign("csv conversion error to "),
    sign("arrowinvalid: ", r"arrowinvalid: (?:empty (?:csv|json) (?:file|stream)|no columns in csv file)"),
    # pandas, Pillow, and Arrow
    sign("parse error:", r"\b(?:arrowinvalid: )?(?:json|csv) parse error:"),
    sign(
        "cannot mix ",
        r"cannot mix (?:list and non-list|struct and non-struct), non-null values",
    ),
    sign("expected bytes, got a", r"expected bytes, got an? '\w{1,20}' object"),
    sign("tried to convert to ", r"could not convert .{1,80} with type \w{1,30}: tried to convert to "),
    sign("magic bytes", r"parquet magic bytes not found"),
    sign("error tokenizing data. c error"),
    sign("cannot identify image file"),
    sign("incorrect format used for image"),
    sign("incorrect image source. must be a valid url"),
    sign("image file is truncated", r"image file is truncated \(\d{1,12} bytes not processed\)"),
    sign("broken data stream when reading image file"),
    # PyTorch, utils/data/sampler.py; transformers, trainer.py and tokenization_utils_base.py; tokenizers
    sign("num_samples=0", r"num_samples should be a positive integer value, but got num_samples=0"),
    sign("no columns in the dataset match the model's forward method signature"),
    sign("the batch received was empty", r"the batch received was empty, your model won't be able to train"),
    sign("have excessive nesting", r"perhaps your features \(.{1,80}have excessive nesting"),
    sign("textinputsequence must be str"),
    sign("textencodeinput must be union"),
    sign("text input must be of type `str`"),
    # ms-swift, template/base.py and dataset/utils.py; LLaMA-Factory, data; axolotl, prompt_strategies; trl
    sign("is larger than the max_length", r"current length of row\(\d{1,9}\) is larger than the max_length"),
    sign("failed to retrieve the dataset. you can avoid this issue by"),
    sign("there are errors in the dataset, the data will be deleted", in_notices=True),
    sign("cannot find ", r"cannot find (?:valid|sufficient) samples"),
    sign("the dataset is not applicable in the current training stage"),
    sign("keys are required for ", r"keys are required for (?:dpo|orpo|kto)\S{0,12} datasets"),
    sign("please check `field_messages`"),
    sign("please convert it into a list[dict]"),
    sign("sample exceeds configured sequence_len"),
    sign("split found for dataset", r"\bno \S{1,40} split found for dataset"),
    sign("invalid role in ", r"invalid role in (?:the last )?message: "),
    sign("invalid keys in the example"),
    sign("input examples must contain either 'messages'"),
    sign("but the dataset is not conversational"),
    sign("required_keys_mapping: {", r"dataset\.features\.keys\(\): .{1,400}required_keys_mapping: \{"),
    # sd-scripts, train_network.py
    sign("no data found. please verify arguments"),
    # trl, trainer and experimental/*/*_trainer.py
    sign("the dataset contains non-conversational inputs"),
    sign(
        " should be an ",
        r"error: (?:prompt|chosen|rejected|completion) should be an (?:str|list|dict) but got",
    ),
    sign("has mask columns but no 'labels'"),
    sign("error", r"^(?:key|type|index|assertion)error\b", raised_in=_IN_ROWS),
    sign("video", r"could not open video file|video file \S{1,300} has invalid or zero frame count"),
    sign("file types should be identical"),
    sign("keyerror", rf"^keyerror: ['\"](?:{_KEYS})['\"]"),
    sign("keyerror", rf"^keyerror: ['\"](?:{_COMMON_KEYS})['\"]", raised_in=_ABOUT_DATA),
    # in other words
    sign(
        "is empty",
        r"\b(?:train(?:ing)?|eval(?:uation)?|validation|test)[ _-]?(?:data ?set|split|set|data) is empty",
    ),
    sign("no ", r"\bno (?:valid )?(?:samples|examples|rows) (?:are |were )?(?:left|remain(?:ing)?) after\b"),
    sign(" have no ", r"\brows have no ['\"]\w{1,40}['\"] (?:field|column|key)"),
    sign("unicodedecodeerror: ", r"unicodedecodeerror: .{0,160}" + DATA_FILE),
    sign("is empty", r"error: .{0,20}\b(?:the )?(?:data ?set|split) (?:\S{1,60} )?is empty"),
    sign("dataset format", r"unsupported dataset format|dataset format \S{1,40} is not supported"),
    sign("jsondecodeerror", r"jsondecodeerror: .{0,160}(?:\.jsonl|data ?set)\b"),
    sign("format", r"\binvalid (?:data ?set|data) format\b"),
    sign("column", r"\bcolumns? \S{1,80} (?:was |is )?not (?:found )?in (?:the )?data ?set\b"),
    sign(
        "missing",
        r"\bmissing (?:required )?(?:field|column|key)s? .{1,60}\b(?:in|at) (?:line|row|the data ?set)",
    ),
)
