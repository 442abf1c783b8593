"""What the environment says, read once and typed: an odd value stops the start."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from casework.domain.errors import CaseworkError

DEFAULT_PORT = 8000
SECRET_NAMES = ("SECRET_KEY", "CASEWORK_KEK", "CASEWORK_INDEX_KEY")
KEY_BYTES = 32
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off"})
_DATABASE_SCHEMES = frozenset({"postgres", "postgresql"})
_BROKER_SCHEMES = frozenset({"redis", "rediss"})


class OddSettingError(CaseworkError):
    """A setting in the environment cannot be used as it stands."""

    code = "odd_setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Everything that starting the parts depends on."""

    port: int
    demo: bool
    debug: bool
    data_dir: Path
    database_url: str | None
    database_owner_url: str | None
    redis_url: str | None
    mail: MailServer | None
    allowed_hosts: tuple[str, ...]
    secrets: Mapping[str, str]
    """Those of SECRET_NAMES that were given; the others are made for the local default."""


def text(environ: Mapping[str, str], name: str) -> str | None:
    """The value of NAME, or what stands in the file that NAME_FILE points to; empty is unset.

    Raises OddSettingError when both are given or the file cannot be read.
    """
    value = environ.get(name) or None
    file_name = environ.get(f"{name}_FILE") or None
    if file_name is None:
        return value
    if value is not None:
        raise OddSettingError(f"{name} and {name}_FILE are both set; give one of them")
    try:
        return Path(file_name).read_text(encoding="utf-8").strip() or None
    except OSError as problem:
        raise OddSettingError(f"{name}_FILE cannot be read: {problem.strerror}") from problem


def flag(environ: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """A yes or a no; anything else raises OddSettingError."""
    value = text(environ, name)
    if value is None:
        return default
    if value.lower() in _YES:
        return True
    if value.lower() in _NO:
        return False
    raise OddSettingError(f"{name} must be 1 or 0, not {value!r}")


def port(environ: Mapping[str, str], name: str, *, default: int) -> int:
    """A TCP port, 1 to 65535; anything else raises OddSettingError."""
    value = text(environ, name)
    if value is None:
        return default
    number = int(value) if value.isascii() and value.isdecimal() else 0
    if not 1 <= number <= 65_535:
        raise OddSettingError(f"{name} must be a port from 1 to 65535, not {value!r}")
    return number


def key(environ: Mapping[str, str], name: str) -> str | None:
    """A key of 32 bytes in base64, still encoded; its value never appears in an error."""
    value = text(environ, name)
    if value is None:
        return None
    try:
        length = len(base64.b64decode(value, validate=True))
    except binascii.Error as problem:
        raise OddSettingError(f"{name} is not base64") from problem
    if length != KEY_BYTES:
        raise OddSettingError(f"{name} must hold {KEY_BYTES} bytes in base64, not {length}")
    return value


def url(environ: Mapping[str, str], name: str, schemes: frozenset[str]) -> str | None:
    """A URL of one of the schemes; its value may hold a password and never appears in an error."""
    value = text(environ, name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        choices = " or ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise OddSettingError(f"{name} must be a URL that starts with {choices} and names a host")
    return value


def read_environment(environ: Mapping[str, str], *, base_dir: Path) -> Environment:
    """Read every setting that starting the parts depends on.

    Raises OddSettingError naming the first setting that cannot be used.
    """
    database_url = url(environ, "DATABASE_URL", _DATABASE_SCHEMES)
    owner_url = url(environ, "DATABASE_OWNER_URL", _DATABASE_SCHEMES)
    if (database_url is None) != (owner_url is None):
        raise OddSettingError(
            "DATABASE_URL and DATABASE_OWNER_URL go together: one role works, the other migrates"
        )
    return Environment(
        port=port(environ, "PORT", default=DEFAULT_PORT),
        demo=flag(environ, "DEMO"),
        debug=flag(environ, "DEBUG"),
        data_dir=base_dir / (text(environ, "DATA_DIR") or ".data"),
        database_url=database_url,
        database_owner_url=owner_url,
        redis_url=url(environ, "REDIS_URL", _BROKER_SCHEMES),
        mail=_mail_server(environ),
        allowed_hosts=_listed(text(environ, "ALLOWED_HOSTS")),
        secrets=_given_secrets(environ),
    )


def _mail_server(environ: Mapping[str, str]) -> MailServer | None:
    address = url(environ, "EMAIL_URL", frozenset({"smtp"}))
    if address is not None:
        parts = urlsplit(address)
        return MailServer(host=str(parts.hostname), port=parts.port or 25)
    host = text(environ, "EMAIL_HOST")
    if host is None:
        return None
    return MailServer(host=host, port=port(environ, "EMAIL_PORT", default=25))


def _listed(value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def _given_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    values = {
        "SECRET_KEY": text(environ, "SECRET_KEY"),
        "CASEWORK_KEK": key(environ, "CASEWORK_KEK"),
        "CASEWORK_INDEX_KEY": key(environ, "CASEWORK_INDEX_KEY"),
    }
    return {name: value for name, value in values.items() if value is not None}
