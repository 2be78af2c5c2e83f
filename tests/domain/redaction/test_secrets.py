"""Every kind of secret, in the forms it turns up in."""

from __future__ import annotations

import pytest

from bot.domain.redaction import MARK, redact
from tests.tables import each_row

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
HF = "hf_AbCdEfGhIjKlMnOpQrStUvWxYz12345678"
BASE64 = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"

TOKENS = (
    JWT,
    JWT.rpartition(".")[0],
    f"{JWT.rpartition('.')[0]}.",
    "eyJabc.eyJdef.sig",
    HF,
    "hf_abc12345",
    "api_org_abcdefghijklmnopqrst",
    "sk-proj-abc_DEF-123456",
    "sk-ant-api03-abcdef",
    "sk-abcdefghijklmnopqrstuvwxyzABCDEF0123456789",
    "sk-1234567890abcdef",
    "sk_live_51HxYzAbCdEfGh",
    "xoxb-123456789012-1234567890123-AbCdEfGhIjKl",
    "xoxp-1-2-3-abcdef",
    "xoxe.xoxp-1-Mi0yLTEyMzQ",
    "xapp-1-A012345-1234567890-abcdef",
    "AKIAIOSFODNN7EXAMPLE",
    "ASIAIOSFODNN7EXAMPLE",
    "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
    "github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz",
    "glpat-AbCdEfGh_12345",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "ya29.a0AfH6SMBabcdefghij",
    "GOCSPX-abcdefghijklmn",
    "wandb_v1_abcdefghij0123456789",
    "nvapi-abcdefghijklmnop0123",
    "gsk_abcdefghijklmnopqrstuv",
    "npm_abcdefghijklmnopqrstuvwxyz",
    "pypi-AgEIcHlwaS5vcmcabcdefgh",
)
SURROUNDINGS = (
    "{}",
    "failed with {} in it",
    "('{}',)",
    '{{"a":"{}"}}',
    "a={}",
    "<{}>",
    "line\\n{}\\nline",
    "`{}`",
)


@each_row("token", TOKENS)
def test_a_token_with_a_prefix_of_its_own_goes_wherever_it_stands(token: str) -> None:
    """Quotes, brackets and spelled-out line breaks around it stay, the token does not."""
    for surroundings in SURROUNDINGS:
        shown = redact(surroundings.format(token))
        assert shown in {surroundings.format(MARK), surroundings.format(f"{MARK}.")}


@each_row(
    "text, shown",
    [
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer [redacted]"),
        ("authorization: bearer abc", "authorization: bearer [redacted]"),
        ('{"Authorization": "Bearer abc123"}', '{"Authorization": "Bearer [redacted]"}'),
        ("{'Authorization': 'Bearer abc123', 'a': 1}", "{'Authorization': 'Bearer [redacted]', 'a': 1}"),
        ('-H \\"Authorization: Basic dXNlcjpw\\" x', '-H \\"Authorization: Basic [redacted]\\" x'),
        ("Authorization: AWS4-HMAC-SHA256 Credential=a, Signature=b", "Authorization: [redacted]"),
        ("Proxy-Authorization: abc\nHost: x", "Proxy-Authorization: [redacted]\nHost: x"),
        ("Cookie: a=b; d=xoxd-1\nHost: x", "Cookie: [redacted]\nHost: x"),
        ("sent bearer AbC123def to", "sent bearer [redacted] to"),
        ("Bearer%20AbC123def", "Bearer%20[redacted]"),
    ],
)
def test_what_authorizes_a_request_goes(text: str, shown: str) -> None:
    """The scheme stays: it tells which kind of key was refused."""
    assert redact(text) == shown


@each_row(
    "text, shown",
    [
        ("secret_id=abc", "secret_id=[redacted]"),
        ("secret_id: abc-def", "secret_id: [redacted]"),
        ('"secret_id": "abc"', '"secret_id": "[redacted]"'),
        ('{"secret_id":"a\\"b","region":"eu"}', '{"secret_id":"[redacted]","region":"eu"}'),
        ("{'secret_id': 'abc', 'region': 'eu'}", "{'secret_id': '[redacted]', 'region': 'eu'}"),
        ('{\\"secret_id\\": \\"abc\\", \\"r\\": 1}', '{\\"secret_id\\": \\"[redacted]\\", \\"r\\": 1}'),
        (
            "DatasetDetails(secret_id='abc', region='eu')",
            "DatasetDetails(secret_id='[redacted]', region='eu')",
        ),
        ("secretId=abc&region=eu", "secretId=[redacted]&region=eu"),
        ("password=hunter2", "password=[redacted]"),
        ("password=b'hunter2'", "password=b'[redacted]'"),
        ("passwd: hunter2, next", "passwd: [redacted], next"),
        ("DB_PASSWORD=a,b;c user", "DB_PASSWORD=[redacted] user"),
        ("host=h;Pwd=abc;user=u", "host=h;Pwd=[redacted];user=u"),
        ("api_key: abc", "api_key: [redacted]"),
        ("X-Api-Key: abc", "X-Api-Key: [redacted]"),
        ("Incorrect API key provided: abcd1234", "Incorrect API key provided: [redacted]"),
        ("token=abc123", "token=[redacted]"),
        ('"token": "abcdef123"', '"token": "[redacted]"'),
        ("accessToken='abc'", "accessToken='[redacted]'"),
        ("aws_session_token = abc", "aws_session_token = [redacted]"),
        ("aws_secret_access_key=wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key=[redacted]"),
        ('"SecretAccessKey": "wJalr/K7"', '"SecretAccessKey": "[redacted]"'),
        ("WANDB_API_KEY=0123abcd", "WANDB_API_KEY=[redacted]"),
        ("export FOO_TOKEN='zzz'", "export FOO_TOKEN='[redacted]'"),
        ("os.environ['HF_TOKEN'] = 'zzz'", "os.environ['HF_TOKEN'] = '[redacted]'"),
        ("AccountKey=abc==;x=y", "AccountKey=[redacted];x=y"),
        ("('secret_id', 'abc')", "('secret_id', '[redacted]')"),
        ("[(b'x-api-key', b'abc'), (b'a', b'b')]", "[(b'x-api-key', b'[redacted]'), (b'a', b'b')]"),
        ("<Password>abc</Password><Key>a/b</Key>", "<Password>[redacted]</Password><Key>a/b</Key>"),
        ("X-Vault-Token: s.abc123", "X-Vault-Token: [redacted]"),
        ("wandb.login(key='0123456789abcdef0123456789abcdef')", "wandb.login(key='[redacted]')"),
        ("--password foo --epochs 3", "--password [redacted] --epochs 3"),
        ("--hf-token zzz", "--hf-token [redacted]"),
        (
            "machine api.wandb.ai login user password abc",
            "machine api.wandb.ai login user password [redacted]",
        ),
    ],
)
def test_a_value_goes_when_its_name_makes_it_a_secret(text: str, shown: str) -> None:
    """As key=value, JSON, YAML, a Python repr, an environment, an option: the name stays readable."""
    assert redact(text) == shown


@each_row("between", [" ", ":", ", ", "\n", '", "', " / ", "\\n", "\t", "' '"])
def test_what_stands_beside_an_aws_key_id_and_looks_like_its_secret_goes(between: str) -> None:
    """AWS's secrets have no prefix; their place behind the key's id gives them away."""
    text = f"AKIAIOSFODNN7EXAMPLE{between}wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    assert redact(f"used {text}, refused") == f"used {MARK}{between}{MARK}, refused"


@pytest.mark.parametrize("end", ["", "\n-----END RSA PRIVATE KEY-----", "\n-----END RSA PRI"])
def test_a_key_block_goes_whole_or_cut(end: str) -> None:
    """PEM, with its headers, and with its end cut off at any place."""
    block = f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n{BASE64}\n{BASE64}\nab12=={end}"
    assert redact(f"before {block}") == f"before {MARK}"


@pytest.mark.parametrize("end", ["", "\\n-----END PRIVATE KEY-----\\n"])
def test_a_key_block_with_spelled_out_line_breaks_goes(end: str) -> None:
    """As service accounts hold it; what follows the string stays."""
    text = f'{{"a": "-----BEGIN PRIVATE KEY-----\\n{BASE64}\\nab12=={end}", "b": 1}}'
    assert BASE64 not in redact(text)
    assert redact(text).endswith('", "b": 1}')


def test_what_follows_a_cut_key_block_stays() -> None:
    """The lines of a traceback are no part of the key."""
    text = f"-----BEGIN PRIVATE KEY-----\n{BASE64}\nTraceback (most recent call last)"
    assert redact(text) == f"{MARK}\nTraceback (most recent call last)"


def test_a_key_block_without_its_beginning_goes() -> None:
    """A log cut at the front leaves the last lines of a key."""
    text = f"loaded\n{BASE64}\n{BASE64}\n-----END PRIVATE KEY-----\ndone"
    assert redact(text) == f"loaded\n{MARK}\ndone"
