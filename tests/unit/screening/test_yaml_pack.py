"""A YAML file with one instrument and nothing else; each refusal names its line and field."""

import time

import pytest

from casework.domain.errors import InvalidInputError
from screening.gateways.instrument_files import LARGEST_BYTES, read_pack
from screening.gateways.yaml_pack import MOST_TOKENS


def _refused(content: bytes, name: str = "own.yaml") -> str:
    with pytest.raises(InvalidInputError) as refusal:
        read_pack(content, name)
    return refusal.value.detail


def test_the_instrument_is_read_with_the_line_of_every_part() -> None:
    file = read_pack(b"# why\ninstruments:\n  - id: x\n    title: {en: X}\n", "own.yaml")
    assert file.instrument == {"id": "x", "title": {"en": "X"}}
    assert file.problem(("title", "en"), "c", "no").detail == "own.yaml:4: title.en: no"
    missing = file.problem(("title", "e/s"), "c", "no")
    assert (missing.pointer, missing.detail) == (
        "/instruments/0/title/e~1s",
        "own.yaml:4: title.e/s: no",
    )
    assert file.problem((), "c", "no").detail == "own.yaml:3: instrument: no"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "own.yaml:1: instruments: a list of exactly one"),
        ("instruments: {}", "own.yaml:1: instruments: a list of exactly one"),
        ("instruments: [{}, {}]", "own.yaml:1: instruments: a list of exactly one"),
        ("instruments:\n  - x", "own.yaml:2: instruments: a list of exactly one"),
        ("instruments: [{}]\nfacts: []", "own.yaml:2: facts: only instruments can be added"),
        ("- x", "own.yaml:1: file: the file must be a mapping"),
        ("a: 1\na: 2", "own.yaml:2: file: “a” stands twice"),
        ("a: &x 1", "own.yaml:1: file: anchors and aliases"),
        ("a:\n  *x", "own.yaml:2: file: anchors and aliases"),
        ("a: !!binary x", "own.yaml:1: file: tags are not accepted"),
        ("a: 2026-99-99", "own.yaml:1: file: month must be in 1..12"),
        ("a:\n  op: =", "own.yaml:2: file: could not determine a constructor"),
        ("a: \x01", "own.yaml:1: file: "),
        ("a: " + "[" * 50, "own.yaml:1: file: nested more than 40 deep"),
        ("a: " + "[" * 5_000, "own.yaml:1: file: nested more than 40 deep"),
        ("a: " + "9" * 5_000, "own.yaml:1: file: "),
    ],
)
def test_what_is_not_one_instrument_is_refused(content: str, said: str) -> None:
    assert _refused(content.encode()).startswith(said)


def test_another_encoding_is_refused_by_its_line() -> None:
    assert _refused("a: 1\nb: é".encode("latin-1")) == "own.yaml:2: file: this is not UTF-8"


@pytest.mark.parametrize("parts", ["1,", "[],", "{},"])
def test_a_million_parts_are_refused_before_they_are_made(parts: str) -> None:
    content = b"instruments: [" + parts.encode() * (1_000_000 // len(parts)) + b"]"
    begun = time.process_time()
    assert "more parts than any instrument needs" in _refused(content)
    assert time.process_time() - begun < 5
    assert len(content) > MOST_TOKENS


def test_a_file_is_read_up_to_the_largest_size_and_no_further() -> None:
    assert "exactly one" in _refused(b"#" * LARGEST_BYTES)
    assert _refused(b"#" * (LARGEST_BYTES + 1)) == "own.yaml:1: file: larger than 1048576 bytes"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("folder/of/ana/own.yaml", "own.yaml"),
        ("C:\\folder\\own.yaml", "own.yaml"),
        ("a: b\u202e.yaml", "a_ b.yaml"),
        ("", "instrument.yaml"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_file_is_named_without_its_folder_and_without_what_hides(name: str, shown: str) -> None:
    assert _refused(b"- x", name).startswith(f"{shown}:1: ")
