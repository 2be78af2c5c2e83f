"""What must stay readable: a card without its error is no answer."""

from __future__ import annotations

import pytest

from bot.domain.redaction import redact
from tests.tables import each_row

ORDINARY = (
    "",
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB (GPU 0; 79.15 GiB in all)",
    "Token indices sequence length is longer than the specified maximum sequence length (9000 > 4096)",
    "tokens per second: 300, token count: 12",
    "eos_token='</s>' pad_token: <pad> unk_token=None bos_token_id=1 token=128009",
    "ValueError: max_tokens=512 exceeded; max_new_tokens: 1024, num_tokens: 99",
    "Unexpected token: Identifier at line 3",
    "unknown token: '<|im_end|>'",
    "use_auth_token=True, token=None, password=None",
    "token = tokenizer.decode(ids)",
    "api_key = os.environ['OPENAI_API_KEY']",
    "sk-learn, sk-learn-contrib and scikit-learn 1.5",
    "risk-distributed-training-Run-1 task-0 disk-Full",
    "hf_transfer hf_hub_download hf_datasets",
    "KeyError: 'secret_id'",
    "secret_id is required",
    "Using bearer authentication; bearer token is missing",
    'WWW-Authenticate: Bearer error="invalid_token"',
    "password authentication failed for user",
    "PWD=/root/train OLDPWD=/root",
    'File "/root/token/secret/train.py", line 3, in <module>',
    "3fe92c25-1111-2222-3333-444455556666",
    "commit 0123456789abcdef0123456789abcdef01234567",
    "primary key: 3fe92c25-1111-2222-3333-444455556666, Key: models/llama3/checkpoint-1000/model.safetensors",
    "['password', 'username'] ('token', 'ids') key=value <key>model</key>",
    "std::token::Type primary key: id, foreign key: job_id",
    "loss: 0.31 | lr: 1e-05 | epoch: 1.5",
    "-----\nBEGIN\n-----",
    "s3://bucket/path/to/model, gs://bucket/keys/tokens.json",
    "the password\nis not here: really",
)


@pytest.mark.parametrize(
    "neighbour",
    [
        "0123456789abcdef0123456789abcdef01234567",
        "models/llama/checkpoints/final/run/steps",
        "does not exist in our records",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEYandMore",
    ],
)
def test_what_stands_beside_an_aws_key_id_stays_unless_it_looks_like_a_secret(neighbour: str) -> None:
    """A commit, a path, words, a longer run: none is an AWS secret."""
    assert redact(f"AKIAIOSFODNN7EXAMPLE {neighbour}") == f"[redacted] {neighbour}"


@each_row("text", ORDINARY)
def test_ordinary_error_text_stays_as_it_is(text: str) -> None:
    """Tokens of a tokenizer, names of libraries, paths and ids are no secrets."""
    assert redact(text) == text
