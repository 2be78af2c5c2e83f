"""Signs of the dataset: it cannot be had, or its rows are not what they should be."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign

_DATA_FILE: Final = (
    r"(?:\.(?:jsonl|csv|tsv|parquet|arrow|idx)"
    r"|(?:train(?!er|ing_args)|valid|eval(?!_results)|test(?!_results)|data)"
    r"[\w-]{0,40}\.json)(?:\.gz|\.zst)?\b"
)
_MEDIA_FILE: Final = r"\.(?:jpe?g|png|webp|bmp|gif|mp4|wav|flac|mp3)\b"
_KEYS: Final = "conversations?|messages|instruction|chosen|rejected|completion"
_COMMON_KEYS: Final = "text|prompt|response|query|question|answer|image|images"
_ABOUT_DATA: Final = ("/dataset", "/data_", "_data", "preprocess", "collat", "prompt", "/data/loader")
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

DATASET_UNAVAILABLE: Final = (
    # datasets, load.py, data_files.py, builder.py and arrow_dataset.py
    sign("datasetnotfounderror"),
    sign("datafilesnotfounderror"),
    sign("emptydataseterror"),
    sign("on the hub", r"dataset '?[^' ]{1,120}'? (?:doesn't|does not) exist on the hub"),
    sign("couldn't ", r"couldn't find (?:a dataset script|any data file) at"),
    sign("couldn't reach ", r"couldn't reach (?:\S{1,200} on the hub|https?://\S{1,300})"),
    sign("filenotfounderror: unable to find '"),
    sign("couldn't resolve pattern ", r"filenotfounderror: couldn't resolve pattern \S"),
    sign("could not find data in", r"filenotfounderror: dataset \S{1,120}: could not find data in"),
    sign("cannot find data file. original error"),
    sign("is not cached in", r"filenotfounderror: dataset \S{1,120} is not cached in"),
    sign("couldn't find cache for"),
    sign("filenotfounderror: directory ", r"filenotfounderror: directory \S{1,300} not found"),
    sign("couldn't reach the hugging face hub for dataset"),
    sign("doesn't contain any data files"),
    sign("unable to resolve any data file that matches"),
    sign("builderconfig", r"builderconfig ['\"]?\S{1,80} not found\. available"),
    sign("config name is missing", r"config name is missing\. please pick one among the available configs"),
    sign(
        "neither a `dataset` directory nor a `dataset",
        r"neither a `dataset` directory nor a `dataset ?dict` directory",
    ),
    sign("expected to load a `dataset", r"no such files?: .{1,300}expected to load a `dataset"),
    sign("dataset", r"access to dataset \S{1,120} is restricted|is a gated dataset on the hub"),
    # huggingface_hub, utils/_http.py
    sign("not found for url: http", r"repository not found for url: https?://[\w.]{1,60}/(?:api/)?datasets/"),
    sign("/datasets/", r"cannot access gated repo for url https?://[\w.]{1,60}/(?:api/)?datasets/"),
    sign("datasets/", r"max retries exceeded with url: /(?:api/)?datasets/"),
    # S3 (botocore), Google Cloud Storage, Azure
    sign(
        "an error occurred (",
        r"an error occurred \((?:accessdenied|invalidaccesskeyid|signaturedoesnotmatch|"
        r"expiredtoken|nosuchkey|nosuchbucket|403|404)\) when calling the "
        r"(?:get|head|list)\w{4,20} operation",
    ),
    sign("could not download s3://", r"data download failed: ?could not download s3://"),
    sign("no s3 objects found under s3 url"),
    sign(
        "s3 operation failed; code: ", r"s3 operation failed; code: (?:nosuchkey|nosuchbucket|accessdenied)"
    ),
    sign("oss2.exceptions.", r"oss2\.exceptions\.(?:nosuchkey|nosuchbucket|accessdenied)"),
    sign("no urls matched: gs://"),
    sign("://", r"\b(?:forbidden|access denied|permission denied):? ['\"]?(?:s3|gs|gcs|abfss?)://"),
    sign("nosuchkey: the specified key does not exist"),
    sign("error(", r"\b(?:dataaccess|stream)error\((?:notfound|permissiondenied)"),
    sign("storage.objects", r"does not have storage\.objects\.(?:get|list) access"),
    sign("no such object:", r"no such object: \S{1,200}"),
    sign("404 get https://storage.googleapis.com/"),
    sign(
        "could not connect to the endpoint url",
        r"could not connect to the endpoint url: .{0,200}" + _DATA_FILE,
    ),
    sign("scriptexecution.streamaccess"),
    sign("the specified ", r"the specified (?:blob|container|bucket) does not exist"),
    sign(
        "filenotfounderror: ", r"filenotfounderror: (?:\[errno 2\] )?['\"]?(?:s3|gs|gcs|az|abfss?|hf|hdfs)://"
    ),
    sign(
        "client error",
        r"40[134] client error: .{0,60}for url: https?://(?!huggingface\.co/(?!datasets/))[^\s?]{1,300}"
        + _DATA_FILE,
    ),
    # the system, by the file's kind
    sign("no such file or directory", r"\bno such file or directory: ['\"][^'\"]{0,300}" + _DATA_FILE),
    sign("no such file or directory", r"\bno such file or directory: ['\"][^'\"]{0,300}" + _MEDIA_FILE),
    sign("denied", r"\b(?:access|permission) denied:? ?['\"]?[^\s'\"]{0,300}" + _DATA_FILE),
    sign("no files matching", r"filenotfounderror: no files matching \S{1,200} found"),
    # LLaMA-Factory, data/loader.py and parser.py; ms-swift, dataset/loader.py; axolotl, utils/data/shared.py
    sign("not found", r"^valueerror: file \S{1,300} not found", raised_in=("/data/loader",)),
    sign("valueerror: file ", r"^valueerror: file \S{1,300}\.(?:jsonl?|csv|parquet|txt) not found"),
    sign("undefined dataset ", r"undefined dataset \S{1,120} in \S{1,200}"),
    sign("dataset_info.json", r"cannot open \S{0,200}dataset_info\.json due to"),
    sign("no json/jsonl files found in the specified path"),
    sign("the local path does not exist, dataset_id"),
    sign("please provide subsets. available subsets"),
    sign("unhandled dataset load: local path exists"),
    sign("is neither a directory nor a file", r"cloud path \S{1,300} is neither a directory nor a file"),
    sign("the dataset could not be loaded. this could be due to a misconfigured dataset path"),
    # unsloth, models/vision.py
    sign("referenced in your dataset could not be found"),
    # in other words
    sign(
        "not ",
        r"\bdata ?set (?:file |path )?(?:['\"\w]{0,40}[/.:-]\S{0,160} )?"
        r"(?:was |is |could )?not (?:be )?found\b",
        unless=r"in (?:the )?cache|locally|downloading|using",
    ),
    sign(
        "exist",
        r"\bdata ?set (?:path |file |directory )?(?:\S{1,160} )?(?:does not|doesn't) exist\b",
        unless=r"in (?:the )?cache|locally|downloading|using|on the hub",
    ),
    sign(
        "dataset",
        r"failed to (?:download|load|fetch|read) (?:the )?dataset.{0,80}\b"
        r"(?:40[134]|forbidden|denied|not found|unauthori[sz]ed)\b",
    ),
)

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
    # Arrow, pandas, Pillow
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
    sign("unicodedecodeerror: ", r"unicodedecodeerror: .{0,160}" + _DATA_FILE),
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
