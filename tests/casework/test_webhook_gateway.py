"""One call: signed, within its time, to the very address that was judged, over TLS that is checked.

Name resolution alone is made up here: nothing else could lead a public name to this machine.
"""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings
from standardwebhooks import Webhook as Receiver

from casework.gateways import webhooks as gateway
from casework.gateways.webhooks import AddressRefusedError, Call, post
from tests.hook_sink import HookSink, hook_sink

SECRET = "whsec_c2l4dGVlbi1ieXRlcy1pbi1iYXNlNjQ="
NAME = "partner.example"


def call(url: str) -> Call:
    return Call(url=url, key="a cause", content={}, secrets=(SECRET,), at=datetime.now(UTC))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What each name leads to, one address after another each time it is asked for."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def resolve(host: str, *rest: Any, **options: Any) -> object:  # noqa: ANN401 - as it is
        if host not in known:
            return real(host, *rest, **options)
        places = known[host][0].split(",")
        known[host] = known[host][1:] or known[host]
        kind = socket.SOCK_STREAM
        return [(socket.AF_INET, kind, 6, "", (place, rest[0])) for place in places]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return known


def test_a_call_is_signed_and_named_by_its_cause(sink: HookSink) -> None:
    answer = post(call(sink.url("/a?b=c")))
    assert (answer.status, answer.is_taken, answer.is_gone) == (200, True, False)
    (heard,) = sink.heard
    assert (heard.path, heard.number) == ("/a?b=c", gateway.call_id("a cause"))
    assert heard.headers["Host"] == f"127.0.0.1:{sink.port}"
    Receiver(SECRET).verify(heard.body, dict(heard.headers.items()))


def test_the_id_of_a_cause_says_nothing_about_it() -> None:
    number = gateway.call_id("reminder:secret")
    assert number == gateway.call_id("reminder:secret") != gateway.call_id("reminder:other")
    assert len(number) == 44
    assert "secret" not in number


def test_a_call_takes_less_than_half_of_the_lease(settings: Settings) -> None:
    assert settings.OUTBOX_LEASE_SECONDS / 2 > gateway.CALL_SECONDS


@pytest.mark.parametrize("place", ["10.0.0.7", "169.254.169.254", "127.0.0.1", "8.8.8.8,10.0.0.7"])
def test_a_name_that_leads_inwards_is_refused(
    names: dict[str, list[str]], settings: Settings, place: str
) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = False
    names[NAME] = [place]
    with pytest.raises(AddressRefusedError):
        post(call(f"https://{NAME}/"))


def test_a_name_that_leads_elsewhere_a_moment_later_is_asked_once(
    names: dict[str, list[str]], sink: HookSink
) -> None:
    names[NAME] = ["127.0.0.1", "10.0.0.7"]
    assert post(call(f"http://{NAME}:{sink.port}/")).is_taken
    with pytest.raises(AddressRefusedError):
        post(call(f"http://{NAME}:{sink.port}/"))
    assert len(sink.heard) == 1


def test_numbers_in_disguise_are_seen_through(settings: Settings, sink: HookSink) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = False
    for host in ("2130706433", "0x7f.1", "127.1"):
        with pytest.raises(AddressRefusedError):
            post(call(f"https://{host}:{sink.port}/"))
    assert sink.heard == []


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a..b"])
def test_a_name_that_leads_nowhere_is_no_answer(host: str) -> None:
    with pytest.raises(OSError):  # noqa: PT011 - any of them is a try that failed
        post(call(f"https://{host}/"))


def test_without_tls_only_this_machine_is_called(
    names: dict[str, list[str]], settings: Settings
) -> None:
    settings.WEBHOOKS_TO_LOOPBACK = True
    names[NAME] = ["8.8.8.8"]
    with pytest.raises(AddressRefusedError):
        post(call(f"http://{NAME}/"))


@pytest.mark.parametrize("mood", ["slow", "200:5"])
def test_the_time_is_all_that_it_gets(
    sink: HookSink, monkeypatch: pytest.MonkeyPatch, mood: str
) -> None:
    monkeypatch.setattr(gateway, "CALL_SECONDS", 0.5)
    sink.mood = mood
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        post(call(sink.url()))
    assert time.monotonic() - began < 2


def test_one_that_answers_nothing_is_no_answer(sink: HookSink) -> None:
    for mood in ("dead", "nonsense"):
        sink.mood = mood
        with pytest.raises(OSError):  # noqa: PT011 - any of them is a try that failed
            post(call(sink.url()))


@pytest.mark.parametrize(
    ("header", "seconds"), [("120", 120), ("soon", 0), ("9" * 30, 0), ("-1", 0)]
)
def test_how_long_it_asks_to_be_left_alone_is_heard(
    sink: HookSink, header: str, seconds: int
) -> None:
    sink.mood, sink.retry_after = "429", header
    answer = post(call(sink.url()))
    assert (answer.status, answer.pause_seconds) == (429, seconds)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for the name, signed by itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(own, own, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    file = tmp_path / "certificate.pem"
    file.write_bytes(key.private_bytes(pem, kind, plain) + made.public_bytes(pem))
    return file


@pytest.fixture
def secure_sink(settings: Settings, certificate: Path) -> Iterator[HookSink]:
    """The same sink behind TLS."""
    settings.WEBHOOKS_TO_LOOPBACK = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with hook_sink(context) as sink:
        yield sink


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine trusts whoever signed the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    gateway._trust.cache_clear()
    yield
    gateway._trust.cache_clear()


@pytest.mark.usefixtures("trusted")
def test_tls_is_spoken_with_the_name_that_was_given(
    names: dict[str, list[str]], secure_sink: HookSink
) -> None:
    names[NAME] = ["127.0.0.1"]
    assert post(call(f"https://{NAME}:{secure_sink.port}/")).is_taken
    assert secure_sink.heard[0].headers["Host"] == f"{NAME}:{secure_sink.port}"


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_name_is_refused(
    names: dict[str, list[str]], secure_sink: HookSink
) -> None:
    names["other.example"] = ["127.0.0.1"]
    with pytest.raises(ssl.SSLCertVerificationError):
        post(call(f"https://other.example:{secure_sink.port}/"))
    assert secure_sink.heard == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    names: dict[str, list[str]], secure_sink: HookSink
) -> None:
    names[NAME] = ["127.0.0.1"]
    gateway._trust.cache_clear()
    with pytest.raises(ssl.SSLCertVerificationError):
        post(call(f"https://{NAME}:{secure_sink.port}/"))
    assert secure_sink.heard == []


def test_a_tls_greeting_that_never_comes_is_waited_for_no_longer_than_a_call(
    sink: HookSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "CALL_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        threads = threading.active_count()
        with pytest.raises(TimeoutError):
            post(call(f"https://127.0.0.1:{mute.getsockname()[1]}/"))
        assert threading.active_count() <= threads + 1
    assert sink.heard == []
