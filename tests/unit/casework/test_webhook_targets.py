"""Where a webhook may lead: out into the world over TLS, never back into somebody's network."""

from ipaddress import ip_address

import pytest

from casework.domain.errors import InvalidInputError
from casework.domain.webhook_targets import may_be_called, target_of


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://partner.example", "partner.example", "/"),
        ("https://Partner.Example:8443/a/b?c=d", "partner.example:8443", "/a/b?c=d"),
        ("https://8.8.8.8/x", "8.8.8.8", "/x"),
        ("https://[2606:4700::1111]:444/", "[2606:4700::1111]:444", "/"),
    ],
)
def test_an_address_is_taken_apart(url: str, authority: str, path: str) -> None:
    target = target_of(url, local=False)
    assert (target.authority, target.path, target.is_secure) == (authority, path, True)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "not_a_url"),
        ("partner.example", "not_a_url"),
        ("ftp://partner.example/", "not_a_url"),
        ("file:///etc/passwd", "not_a_url"),
        ("https://", "not_a_url"),
        ("https://partner.example:0/", "not_a_url"),
        ("https://partner.example:99999/", "not_a_url"),
        ("https://partner.example:x/", "not_a_url"),
        ("https://[::1/", "not_a_url"),
        ("https://user:word@partner.example/", "not_a_url"),
        ("https://user@partner.example/", "not_a_url"),
        ("https://partner.example/#x", "not_a_url"),
        ("https://partner.example/a b", "not_a_url"),
        ("https://partner.example/\r\nX: y", "not_a_url"),
        ("https://pärtner.example/", "not_a_url"),
        ("https://partner.example/" + "x" * 500, "not_a_url"),
        ("http://partner.example/", "not_secure"),
        ("https://localhost/", "not_public"),
        ("https://db.localhost./", "not_public"),
        ("https://printer.local/", "not_public"),
        ("https://127.0.0.1/", "not_public"),
        ("https://10.1.2.3/", "not_public"),
        ("https://169.254.169.254/latest/meta-data", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://[::ffff:127.0.0.1]/", "not_public"),
    ],
)
def test_what_may_not_be_called_is_refused(url: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        target_of(url, local=False)
    assert [(one.pointer, one.code) for one in refused.value.problems] == [("/url", code)]


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/h", "http://localhost/", "https://[::1]/"])
def test_a_demonstration_may_call_itself(url: str) -> None:
    assert target_of(url, local=True).host


@pytest.mark.parametrize("url", ["https://10.1.2.3/", "http://8.8.8.8/", "https://[fe80::1]/"])
def test_and_nothing_further(url: str) -> None:
    with pytest.raises(InvalidInputError):
        target_of(url, local=True)


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254"),
        *("172.16.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::7f00:1"),
        *("64:ff9b::7f00:1", "2001::1", "2002:7f00:1::", "fc00::1", "fd12::1", "fe80::1"),
        *("fec0::1", "ff02::1", "2001:db8::1"),
    ],
)  # fmt: skip
def test_no_address_of_a_private_kind_is_called(address: str) -> None:
    assert not may_be_called(ip_address(address), secure=True, local=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_is_called_over_tls_alone(address: str) -> None:
    assert may_be_called(ip_address(address), secure=True, local=False)
    for local in (True, False):
        assert not may_be_called(ip_address(address), secure=False, local=local)
