"""Signs of a dataset that cannot be had."""

from __future__ import annotations

from typing import Final

from bot.domain.diagnosis.signs.sign import sign

DATA_FILE: Final = (
    r"(?:\.(?:jsonl|csv|tsv|parquet|arrow|idx)"
    r"|(?:train(?!er|ing_args)|valid|eval(?!_results)|test(?!_results)|data)"
    r"[\w-]{0,40}\.json)(?:\.gz|\.zst)?\b"
)
"""The end of a path that is plainly one of rows."""
_MEDIA_FILE: Final = r"\.(?:jpe?g|png|webp|bmp|gif|mp4|wav|flac|mp3)\b"

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
    # httpx, _models.py
    sign(
        " error '",
        r"(?:client|server) error '(?:40[134]|429|5\d\d) [\w -]{1,40}' for url '"
        r"https://huggingface\.co/(?:api/)?datasets/",
    ),
    sign(
        "error",
        r"(?:(?:40[134]|429) client|5\d\d server) error: .{0,60}for url:? {1,2}"
        r"https://(?:huggingface\.co|hf-mirror\.com)/(?:api/)?datasets/",
    ),
    # S3 (botocore), Google Cloud Storage, Azure
    sign(
        "an error occurred (",
        r"an error occurred \((?:accessdenied|invalidaccesskeyid|signaturedoesnotmatch|"
        r"expiredtoken|nosuchkey|nosuchbucket|403|404)\) when calling the "
        r"(?:get|head|list)\w{4,20} operation",
    ),
    # Streaming, streaming/base/storage/download.py and upload.py
    sign(" not found", r"\bobject (?:s3|gs|oci|azure|azure-dl|dbfs|hf|alipan)://[^\s']{1,300} not found"),
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
        r"could not connect to the endpoint url: .{0,200}" + DATA_FILE,
    ),
    sign("scriptexecution.streamaccess"),
    sign("the specified ", r"the specified (?:blob|container|bucket) does not exist"),
    sign(
        "filenotfounderror: ", r"filenotfounderror: (?:\[errno 2\] )?['\"]?(?:s3|gs|gcs|az|abfss?|hf|hdfs)://"
    ),
    sign(
        "client error",
        r"40[134] client error: .{0,60}for url: https?://(?!huggingface\.co/(?!datasets/))[^\s?]{1,300}"
        + DATA_FILE,
    ),
    # the system, by the file's kind
    sign("no such file or directory", r"\bno such file or directory: ['\"][^'\"]{0,300}" + DATA_FILE),
    sign("no such file or directory", r"\bno such file or directory: ['\"][^'\"]{0,300}" + _MEDIA_FILE),
    sign("denied", r"\b(?:access|permission) denied:? ?['\"]?[^\s'\"]{0,300}" + DATA_FILE),
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
    # diffusers, examples/dreambooth
    sign("instance images root doesn't exist"),
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
