"""What is said of an error never contradicts the error that is shown beside it."""

from __future__ import annotations

from tests.domain.diagnosis.advised import A_JOB, diagnosis_of
from tests.tables import each_row

TIMED_OUT = (
    "[rank1]: Watchdog caught collective operation timeout: WorkNCCL(SeqNum=3, Timeout(ms)=600000) "
    "ran for 600065 milliseconds before timing out."
)
GPU_QUOTA = (
    "Quota failure for project p. The request for 2 K80 accelerators exceeds the allowed maximum of 0 K80."
)
CPU_QUOTA = 'pods "x" is forbidden: exceeded quota: team, requested: limits.cpu=550m, used: limits.cpu=3300m'
NO_MULTIPLE = (
    "ValueError: --load_best_model_at_end requires the saving steps to be a round multiple of the "
    "evaluation steps, but found 500, which is not a round multiple of 300."
)
UNREACHED = (
    "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='huggingface.co', port=443): Max "
    "retries exceeded with url: /acme/base-9b/resolve/main/config.json"
)
GATED = (
    "OSError: You are trying to access a gated repo.\nMake sure to have access to it at "
    "https://huggingface.co/acme/base-9b."
)
ANOTHER_MODEL = (
    "OSError: acme/reward-1b is not a local folder and is not a valid model identifier listed on "
    "'https://huggingface.co/models'"
)
STORAGE_REFUSED = (
    "botocore.exceptions.ClientError: An error occurred (403) when calling the HeadObject operation: "
    "Forbidden"
)
HUB_REFUSED = "datasets.exceptions.DatasetNotFoundError: Dataset 'acme/claims' is a gated dataset on the Hub."


@each_row(
    "error, says, says_not",
    [
        (
            HUB_REFUSED,
            "Hugging Face token",
            "us-west-2",
        ),
        (
            STORAGE_REFUSED,
            "in us-west-2",
            "Hugging Face",
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/data/other/eval.jsonl'",
            "The path /data/other/eval.jsonl was not found",
            "The dataset claims",
        ),
        (
            "ValueError: Target modules {'all-linear'} not found in the base model.",
            "(all-linear) do not exist",
            "Use all-linear",
        ),
        (
            "ValueError: Target modules ['x'] not found in the base model.",
            "(x) do not exist in acme/base-9b",
            "q_proj",
        ),
        (
            ANOTHER_MODEL,
            "The model acme/reward-1b was not found",
            "acme/base-9b",
        ),
        (
            GATED,
            "The base model acme/base-9b is gated",
            "The model acme",
        ),
        (
            UNREACHED,
            "the Hub was not reached",
            "private",
        ),
        (
            "safetensors_rust.SafetensorError: Error while deserializing header: HeaderTooLarge",
            "damaged",
            "spelling",
        ),
        ("ValueError: Invalid learning rate: -0.1", "(-0.1)", "0.0002"),
        ("ValueError: Target modules set() not found in the base model", "has no target modules", "q_proj"),
        (
            "ValueError: `r` should be a positive integer value but the value passed is 0",
            "The setting r",
            "lora",
        ),
        (
            "pydantic_core.ValidationError: 1 validation error for AxolotlConfig\nchat_template.x\n  Input",
            "The setting chat_template",
            "claims",
        ),
        (
            "MaxLengthError: Current length of row(11744) is larger than the max_length(8600).",
            "8600 tokens",
            "read as",
        ),
        ("UndefinedError: 'str object' has no attribute 'content'", "expects other fields", "Instruct"),
        (
            'FileNotFoundError: No files matching "sets/a/*.ds" found in /data',
            "The path sets/a/*.ds",
            "claims",
        ),
        (
            NO_MULTIPLE,
            "Set save_steps to 600",
            "100",
        ),
        (
            "ValueError: Some keys are not used by the HfArgumentParser: ['evaluation_strategy']",
            "does not know: evaluation_strategy",
            "not allowed",
        ),
        (
            CPU_QUOTA,
            "used up: CPU",
            "A100",
        ),
        (
            GPU_QUOTA,
            "A quota of the account is used up",
            "does not allow",
        ),
        (
            TIMED_OUT,
            "above 600 s",
            "1800 s",
        ),
        ("ValueError: Your setup doesn't support bf16/gpu.", "what is set (bfloat16)", "float32"),
    ],
)
def test_it_never_contradicts_the_error(error: str, says: str, says_not: str) -> None:
    """What the error names counts, not what was configured."""
    document = {
        **A_JOB,
        "train_config": {
            "torch_dtype": "float32",
            "adapter_config": {"targets": ["q_proj"]},
            "hyperparameters": {"learning_rate": 2e-4, "save_steps": 100, "eval_steps": 100},
            "ddp_timeout": 1800,
        },
    }
    found = diagnosis_of(error, **document)
    told = f"{found.cause} {found.advice}"
    assert says in told
    assert says_not not in told
