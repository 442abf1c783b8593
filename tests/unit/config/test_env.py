"""What the environment says is read exactly, or the start is refused with the setting's name."""

import base64
from pathlib import Path

import pytest

from config.env import MailServer, OddSettingError, flag, key, port, read_environment, text, url

GOOD_KEY = base64.b64encode(bytes(32)).decode()
POSTGRES = frozenset({"postgresql"})


def test_an_empty_value_counts_as_unset() -> None:
    assert text({"NAME": ""}, "NAME") is None


def test_a_value_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "value").write_text("kept\n")
    assert text({"NAME_FILE": str(tmp_path / "value")}, "NAME") == "kept"


def test_a_value_and_a_file_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OddSettingError, match="NAME and NAME_FILE"):
        text({"NAME": "one", "NAME_FILE": str(tmp_path / "two")}, "NAME")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OddSettingError, match="NAME_FILE cannot be read"):
        text({"NAME_FILE": str(tmp_path / "none")}, "NAME")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("yes", True), ("True", True), ("0", False), ("off", False), ("", False)],
)
def test_a_flag_is_a_yes_or_a_no(value: str, expected: bool) -> None:
    assert flag({"DEMO": value}, "DEMO") is expected


def test_an_odd_flag_is_refused() -> None:
    with pytest.raises(OddSettingError, match="DEMO must be 1 or 0"):
        flag({"DEMO": "maybe"}, "DEMO")


@pytest.mark.parametrize("value", ["0", "65536", "-1", "8000 ", "eight", "8_000", "٨"])
def test_an_odd_port_is_refused(value: str) -> None:
    with pytest.raises(OddSettingError, match="PORT must be a port"):
        port({"PORT": value}, "PORT", default=8000)


@pytest.mark.parametrize(("value", "expected"), [("", 8000), ("1", 1), ("65535", 65535)])
def test_a_port_is_read(value: str, expected: int) -> None:
    assert port({"PORT": value}, "PORT", default=8000) == expected


def test_a_key_of_32_bytes_is_read() -> None:
    assert key({"KEY": GOOD_KEY}, "KEY") == GOOD_KEY


@pytest.mark.parametrize("value", ["not base64!", base64.b64encode(bytes(31)).decode()])
def test_an_odd_key_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(OddSettingError) as refusal:
        key({"KEY": value}, "KEY")
    assert value not in refusal.value.detail


@pytest.mark.parametrize("value", ["mysql://h/d", "postgresql:///d", "h", "postgresql://h:x/d"])
def test_an_odd_url_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(OddSettingError, match="postgresql://") as refusal:
        url({"URL": value}, "URL", POSTGRES)
    assert repr(value) not in refusal.value.detail


def test_nothing_set_means_the_local_default(tmp_path: Path) -> None:
    environment = read_environment({}, base_dir=tmp_path)
    assert environment.port == 8000
    assert environment.data_dir == tmp_path / ".data"
    assert environment.database_url is None
    assert environment.mail is None
    assert environment.secrets == {}


def test_everything_given_is_kept(tmp_path: Path) -> None:
    environment = read_environment(
        {
            "PORT": "8001",
            "DEMO": "1",
            "DATA_DIR": "/elsewhere",
            "DATABASE_URL": "postgresql://app@db/casework",
            "DATABASE_OWNER_URL": "postgresql://owner@db/casework",
            "REDIS_URL": "redis://broker:6379/0",
            "EMAIL_URL": "smtp://post:2525",
            "ALLOWED_HOSTS": "one.example, two.example",
            "CASEWORK_KEK": GOOD_KEY,
        },
        base_dir=tmp_path,
    )
    assert (environment.port, environment.demo) == (8001, True)
    assert environment.data_dir == Path("/elsewhere")
    assert environment.mail == MailServer(host="post", port=2525)
    assert environment.allowed_hosts == ("one.example", "two.example")
    assert environment.secrets == {"CASEWORK_KEK": GOOD_KEY}


def test_a_mail_server_can_be_named_by_host_and_port(tmp_path: Path) -> None:
    environment = read_environment({"EMAIL_HOST": "post", "EMAIL_PORT": "587"}, base_dir=tmp_path)
    assert environment.mail == MailServer(host="post", port=587)


def test_one_database_role_without_the_other_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OddSettingError, match="go together"):
        read_environment({"DATABASE_URL": "postgresql://app@db/casework"}, base_dir=tmp_path)
