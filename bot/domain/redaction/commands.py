"""Passwords on command lines, where only the command says what an option means: a table."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.redaction.looks import is_placeholder
from bot.domain.redaction.mark import MARK

_WORD: Final = r"(?![-<$\[])(?P<secret>[^\s\"'`|;&]++|\"[^\"\n]++\"|'[^'\n]++')"
_GAP: Final = r"(?:[ \t]++|=|[\"'],[ ]?[\"'])"


def _option(names: str) -> str:
    return rf"(?<=[\s\"'])(?:{names}){_GAP}[\"']?{_WORD}"


_LOGIN: Final = rf"(?<=[\s\"'])-p{_GAP}?[\"']?{_WORD}"
_ATTACHED: Final = rf"(?<=[\s\"'])-p(?![ \t]|as|ort|rot)={{0,1}}{_WORD}"
_USER: Final = (
    r"(?<=[\s\"'])(?:-u|--user|--proxy-user|-U|-a|--auth)(?:[ \t]*+|=|[\"'],[ ]?[\"'])[\"']?"
    r"[^\s:\"']*+:(?P<secret>[^\s\"']++)"
)
_QUOTED: Final = r"[\"'](?P<secret>[^\"'\n]++)"
_FLAGS: Final = r"(?:[ \t]++-[\w-]++)*"

_TABLE: Final = (
    # Commands, and where the secret stands behind them.
    ("docker podman nerdctl buildah skopeo oras crane helm az oc cf ibmcloud cloudctl argocd tsh", _LOGIN),
    (
        "mysql mysqldump mysqladmin mysqlimport mysqlsh mariadb mariadb-dump sshpass 7z 7za rar unrar",
        _ATTACHED,
    ),
    (
        "sshpass mongo mongosh mongodump mongorestore mongoexport mongoimport snowsql twine rabbitmqadmin",
        _option("-p"),
    ),
    ("sqlcmd bcp zip unzip mosquitto_pub mosquitto_sub zipcloak ipmitool ncftp", _option("-P")),
    ("redis-cli keydb-cli valkey-cli", _option("-a|--pass")),
    ("ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd", _option("-w|-s")),
    ("ssh-keygen", _option("-N|-P")),
    ("openssl", r"\bpass:(?P<secret>[^\s\"']++)"),
    ("openssl", _option("-k|-K|-passin|-passout|-pass")),
    ("keytool jarsigner", _option("-storepass|-keypass|-srcstorepass|-deststorepass")),
    ("gpg gpg2", _option("--passphrase")),
    ("curl http https wget xh httpie", _USER),
    ("lftp", r"(?<=[\s\"'])-u[ \t]*+[^\s,]++,(?P<secret>[^\s\"']++)"),
    ("smbclient rpcclient smbmap net", r"(?<=[\s\"'])-U[ \t]*+[^\s%]++%(?P<secret>[^\s\"']++)"),
    ("sqlplus expdp impdp sqlldr rman", r"(?<=\s)[\w.]{1,60}/(?P<secret>[^\s@/\"']++)(?=@)"),
    (
        "wandb comet neptune vault railway swanlab aim huggingface-cli hf",
        rf"^[ \t]+login{_FLAGS}[ \t]+{_WORD}",
    ),
    ("ngrok", rf"\b(?:authtoken|add-authtoken)[ \t]+{_WORD}"),
    ("rabbitmqctl", rf"^[ \t]+(?:add_user|change_password|authenticate_user)[ \t]+\S+[ \t]+{_WORD}"),
    ("htpasswd", rf"^(?=[^\n]*?[ \t]-\w*b){_FLAGS}[ \t]+\S+[ \t]+\S+[ \t]+{_WORD}"),
    ("mc", rf"^[ \t]+(?:alias|config[ \t]+host)[ \t]+(?:set|add)(?:[ \t]+\S+){{3}}[ \t]+{_WORD}"),
    ("net", rf"^[ \t]+use(?:[ \t]+[A-Za-z]:)?[ \t]+\\\\\S+[ \t]+(?!/){_WORD}"),
    ("requirepass masterauth", rf"^[ \t]+{_WORD}"),
    ("AUTH", rf"^[ \t]+(?:PLAIN[ \t]+|LOGIN[ \t]+|\w+[ \t]+(?=\S*$))?(?=\S*\d){_WORD}$"),
    (
        "IDENTIFIED identified",
        rf"^[ \t]+(?i:with[ \t]+\w+[ \t]+)?(?i:by|as)[ \t]+(?i:password[ \t]+)?{_QUOTED}",
    ),
    ("PASSWORD", rf"^[ \t]+{_QUOTED}"),
    ("PLAIN", r"^[ \t]+(?P<secret>[A-Za-z0-9+/]{12,}={0,2})(?=\s|$)"),
)
_PATTERNS: Final = tuple((frozenset(commands.split()), re.compile(pattern)) for commands, pattern in _TABLE)
_NEED_LOGIN: Final = _PATTERNS[0][0]
"""``docker run -p 80:80`` and ``helm -p`` mean something else."""
_NAMES: Final = sorted({name for commands, _ in _PATTERNS for name in commands}, key=len, reverse=True)
_COMMAND: Final = re.compile(
    rf"(?<![\w-])(?P<command>{'|'.join(map(re.escape, _NAMES))})(?:\.exe)?(?=[ \t\"'])"
    rf"(?P<rest>(?:[^\n;|&\"']|\"[^\"\n]*+\"|'[^'\n]*+'|[\"'])*+)"
)
NEEDLES: Final = (
    " -p", "'-p'", '"-p"', " -u", "'-u'", '"-u"', "--user", "--auth", " -a", "--pass", " -w", " -n", " -k",
    " -s", "login", "pass:", "-storepass", "-keypass", "-srcstorepass", "identified", "password '",
    'password "', "authtoken", "echo ", "requirepass", "masterauth", "auth ", "sqlplus", "expdp", "impdp",
    "rabbitmqctl", "htpasswd", "plain ", "--proxy-user", "alias set",
    "host add", "net use",
)  # fmt: skip
"""One of these, in lower case, is on every line of the table."""
_PIPED: Final = re.compile(
    r"(\becho[ \t]+(?:-n[ \t]+)?[\"']?)(?![-$<\[])([^\s\"'|]++)"
    r"([\"']?[ \t]*\|[ \t]*(?:docker|podman|helm|sudo|chpasswd|gh|oras|passwd|cryptsetup|kinit)\b)"
)


def redact_commands(text: str) -> str:
    """``text`` without the passwords of commands: ``docker login -p``, ``curl -u``, ``mysql -p…``."""
    text = _COMMAND.sub(_redacted, text)
    return _PIPED.sub(_redacted_pipe, text) if "echo" in text else text


def _redacted_pipe(match: re.Match[str]) -> str:
    user, colon, _ = match[2].partition(":")
    kept = f"{user}{colon}" if colon and "chpasswd" in match[3] else ""
    return f"{match[1]}{kept}{MARK}{match[3]}"


def _redacted(match: re.Match[str]) -> str:
    rest = match["rest"]
    if match["command"] in _NEED_LOGIN and "login" not in rest:
        return match[0]
    for commands, pattern in _PATTERNS:
        if match["command"] in commands:
            rest = pattern.sub(_without, rest)
    return match[0][: match.start("rest") - match.start()] + rest


def _without(match: re.Match[str]) -> str:
    secret = match["secret"].strip("\"'")
    if is_placeholder(secret) or secret.startswith(MARK):
        return match[0]
    start, end = match.span("secret")
    return f"{match[0][: start - match.start()]}{MARK}{match[0][end - match.start() :]}"
