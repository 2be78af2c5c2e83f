"""Which names stand for secrets: of variables, fields, headers, options."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache
from typing import Final

from bot.domain.redaction.mark import words


class Strength(IntEnum):
    """How much a name says about its value."""

    NONE = 0
    WEAK = 1
    """A secret if it looks like one: ``X_KEY``, ``auth``, ``session``."""
    STRONG = 2
    """A secret unless it is a placeholder: ``password``, ``api_key``, ``HF_TOKEN``."""


_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_LONGEST: Final = 200

_PASSWORDS: Final = words(
    """
    password passwd passwrd pswd psw pwd pword passphrase passcode psk secret credential cred mnemonic
    webhook passwort kennwort contrasena contraseña contrasenya senha motdepasse mdp wachtwoord parola
    haslo lösenord salasana 密码 密碼 口令 密钥 パスワード пароль 비밀번호
    """
)
_GLUED: Final = (
    "password", "passwd", "passphrase", "passcode", "pwd", "secret", "apikey", "secretkey", "accesskey",
    "privatekey", "authkey", "signingkey", "encryptionkey", "masterkey", "accountkey", "sharedkey",
    "storagekey", "subscriptionkey", "authtoken", "accesstoken", "refreshtoken", "bearertoken",
    "sessiontoken", "apitoken", "credential",
)  # fmt: skip
"""What also ends words that are written together: ``PGPASSWORD``."""
_KEYS: Final = words(
    """
    api access account private priv signing sign encryption encrypt decryption ssh master shared
    secret auth service subscription license licence activation product deploy deployment admin root
    app application client consumer customer fernet hmac aes rsa cipher crypto jwt integration
    publishable restricted ingest license function host_key read write server signature webhook
    security ssl tls dsa ecdsa ed25519 gpg pgp age sops wrap wrapping
    """
)
_ORDINARY_KEYS: Final = words(
    """
    primary foreign sort partition cache hash hidden state dict group shard row object s3 bucket
    image text label index lookup idempotency idempotence dedup dedupe join merge unique natural
    composite column map order range routing registry translation config json metric metrics feature
    input output target prompt response sample data query value attn kv memory experiment run job
    model public pub host hot record cell candidate surrogate parent child field attribute param
    parameter arg kwargs loss tensor weight weights module layer head name type path file dataset
    split column tag sharding cluster clustering distribution message messages content chat role
    reward chosen rejected instruction question answer any some each every this that the no missing
    invalid unexpected duplicate bad wrong other new first last next same which what batch optimizer
    scheduler checkpoint ckpt trainer eval train validation test monitor best early stop enter
    escape return space arrow hotkey function shortcut short long encoder decoder position pos cross
    self tokenizer vocab special system
    """
)
_TOKENS: Final = words(
    """
    access auth authentication bearer bot csrf xsrf deploy github gitlab gh gl hf hub hugging face
    huggingface jwt oauth oauth2 refresh security session slack verification wandb personal private
    vault api app id user service account identity login registry repo git bitbucket azure aws gcp
    google openai anthropic mlflow neptune comet clearml databricks snowflake dbt telegram discord
    sentry datadog grafana influx influxdb consul nomad k8s kube kubernetes cluster bootstrap sso
    oidc saml device push webhook client server admin root db database upload write sonar circle
    circleci travis buildkite codecov jenkins jfrog artifactory nexus npm pypi docker ci runner job
    sas replicate modal notion linear jira confluence atlassian zendesk asana shopify stripe square
    twilio sendgrid jupyter notebook colab secret signed signing shared impersonation delegation
    reset invite magic otp mfa dapi pat together groq mistral cohere pinecone kaggle labelstudio
    argilla langsmith langfuse minio ceph swift
    """
)
_ORDINARY_TOKENS: Final = words(
    """
    eos bos pad unk sep cls mask image video audio stop start end special next prev previous first
    last new old max min num per total text prompt completion input output sample target source
    label added extra system assistant tool begin newline continuation page sub word char byte draft
    speculative vision pixel box reserved forced decoder encoder eot eom eod fim prefix suffix
    middle think thinking begin image patch latent query prefill decode generated unexpected unknown
    invalid expected control boi eoi python date token
    """
)
_PASSES: Final = words(
    """
    db database user admin root smtp mail email imap mysql pg postgres postgresql redis ftp sftp ssh
    key keystore truststore store proxy http https basic auth login rabbitmq rabbit mongo mongodb
    ldap wifi vpn bind my sudo su sql mssql oracle maria mariadb amqp mqtt kafka elastic es
    opensearch influx clickhouse snowflake cassandra neo4j app api web site server host service svc
    client account usr os sys system ansible become vault registry docker git repo jenkins nexus
    artifactory grafana zabbix router switch tomcat jmx p12 pkcs12 pfx cert ssl tls pem gpg sign
    signing release backup restic borg encryption enc crypt wallet keychain
    """
)
_ORDINARY_PASSES: Final = words("by com encom sur tres over under multi im by-")
_WEAK: Final = words(
    """
    auth authorization authorisation authentication basicauth otp totp hotp pin cvv cvc mfa 2fa salt
    pepper sid sessionid session sess phpsessid jsessionid signature sig hmac jwt cookie csrf xsrf
    csrftoken bearer dsn sas apitoken login dockerconfig dockerconfigjson dockercfg
    """
)
_TWO_WORDS: Final = frozenset(
    {
        (signer, sign)
        for signer in ("amz", "goog", "access", "oss", "cos", "obs", "tos")
        for sign in ("signature", "sig")
    }
    | {(kind, "phrase") for kind in ("pass", "recovery", "seed", "backup")}
    | {(kind, "code") for kind in ("pass", "recovery", "mfa", "backup")}
    | {("seed", "word"), ("pass", "word"), ("webhook", "url"), ("de", "passe")}
)
_TAILS: Final = words(
    """
    value val data base b64 base64 pem der raw plain plaintext string str enc encrypted hash hashed
    old new current confirm confirmation prod production dev test staging default json bytes header
    env var content contents material hex secure field input text
    """
)
"""Words behind a secret's name under which there still is a secret."""
_SESSIONS: Final = frozenset({"sessionid", "connectsid"})
_COUNTS: Final = words("num max min n count total nr number")


@lru_cache(maxsize=4096)
def strength(name: str) -> Strength:
    """How much ``name`` says: ``DB_PASS``, ``x-api-key``, ``secretAccessKey``, ``hf_token``, ``_auth``."""
    parts = [word.lower() for word in _WORDS.findall(name[-_LONGEST:])]
    while len(parts) > 1 and (parts[-1] in _TAILS or parts[-1].isdigit()):
        parts.pop()
    if not parts or parts[0] in _COUNTS:
        return Strength.NONE
    if len(parts) > 1 and parts[-1] == "id" and parts[-2] in {"key", "secret"}:
        parts.pop()
    last, before = parts[-1], parts[-2] if len(parts) > 1 else ""
    single = last[:-1] if last.endswith("s") and not last.endswith(("ss", "os", "as")) else last
    if single in _PASSWORDS or single.endswith(_GLUED) or (before, single) in _TWO_WORDS:
        return Strength.STRONG
    is_plural = single != last
    if single == "key":
        return _of_key(before, is_plural=is_plural)
    if single == "token":
        return _of_token(before, is_plural=is_plural, is_loud=name.isupper())
    if single.endswith(("pass", "pw")):
        return _of_pass(before, single, is_loud=name.isupper())
    is_weak = single in _WEAK or single.endswith(("token", "key")) or "".join(parts) in _SESSIONS
    return Strength.WEAK if is_weak and not is_plural else Strength.NONE


def _of_key(before: str, *, is_plural: bool) -> Strength:
    if before in _KEYS:
        return Strength.STRONG
    if before in _ORDINARY_KEYS or is_plural:
        return Strength.NONE
    return Strength.WEAK


def _of_token(before: str, *, is_plural: bool, is_loud: bool) -> Strength:
    if before in _ORDINARY_TOKENS:
        return Strength.NONE
    if before and (before in _TOKENS or (is_loud and not is_plural)):
        return Strength.STRONG
    return Strength.NONE if is_plural else Strength.WEAK


def _of_pass(before: str, last: str, *, is_loud: bool) -> Strength:
    """Of ``DB_PASS``, ``storepass``, ``bindpw``; not of ``bypass`` and ``first_pass``."""
    glued = last.removesuffix("pass").removesuffix("pw")
    if (glued or before) in _PASSES:
        return Strength.STRONG
    if glued:
        return Strength.NONE if glued in _ORDINARY_PASSES else Strength.WEAK
    return Strength.WEAK if not before or is_loud else Strength.NONE
