"""Where a webhook may lead: out into the world over TLS, never back into anybody's own network.

The address in words is checked when it is given; the address in numbers each time it is used,
because a name can lead elsewhere tomorrow.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from casework.domain.errors import InvalidInputError

LONGEST = 500
_VISIBLE = re.compile(rf"[\x21-\x7e]{{1,{LONGEST}}}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}", re.ASCII)
_PORTS = {"https": 443, "http": 80}

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address in words, taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query, as it is asked for."""

    @property
    def is_secure(self) -> bool:
        """Whether TLS is spoken."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """The host as a request names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str, *, local: bool) -> Target:
    """The address taken apart. InvalidInputError where it is none that may be called.

    `local` is for demonstrations and tests: there a webhook may lead to this machine itself.
    """
    if not _VISIBLE.fullmatch(url):
        raise _refused("not_a_url", f"Give a URL of at most {LONGEST} visible ASCII characters.")
    parts, port = _parts(url)
    host = parts.hostname or ""
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or port == 0:
        raise _refused("not_a_url", "Give a URL such as https://partner.example/hooks.")
    if parts.username is not None or parts.password is not None or "#" in url:
        raise _refused("not_a_url", "Leave user, password and fragment out of the URL.")
    if parts.scheme != "https" and not local:
        raise _refused("not_secure", "Give a URL that begins with https://.")
    _check_literal(parts.scheme, host, local=local)
    query = f"?{parts.query}" if parts.query else ""
    return Target(
        scheme=parts.scheme,
        host=host,
        port=port or _PORTS[parts.scheme],
        path=(parts.path or "/") + query,
    )


def _parts(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused("not_a_url", "Give a URL such as https://partner.example/hooks.") from error
    return parts, port


def _check_literal(scheme: str, host: str, *, local: bool) -> None:
    """An address in numbers can be judged at once; of a name only the obvious can."""
    try:
        allowed = may_be_called(ip_address(host), secure=scheme == "https", local=local)
    except ValueError:
        allowed = local or host.rstrip(".").rpartition(".")[2] not in {"localhost", "local"}
    if not allowed:
        raise _refused("not_public", "Give an address that can be reached from the internet.")


def _refused(code: str, detail: str) -> InvalidInputError:
    return InvalidInputError.at("/url", code, detail)


def may_be_called(address: Address, *, secure: bool, local: bool) -> bool:
    """Whether a connection may be made to that address; without TLS only to this machine."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    found = mapped or address
    if local and found.is_loopback:
        return True
    return secure and _is_public(found)


def _is_public(address: Address) -> bool:
    """Global, and no way in disguise: neither multicast nor reserved nor a tunnel to an IPv4."""
    if isinstance(address, IPv6Address) and (address.sixtofour or address.is_site_local):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
