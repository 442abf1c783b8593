"""The README's first screen tells the truth: its transcript is sent, line by line, over HTTP."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from casework.services.seeds import read_document
from screening.services.demo import load_demo

_REQUEST = re.compile(r"(POST|GET) (\S+)(?:  \(Basic (\S+)\))?(?:  (.*))?")
_ANSWER = re.compile(r"  ([0-9]{3}) (.*)", re.DOTALL)
_NAME = re.compile(r"<([a-z]+)>")


def _transcript() -> Iterator[tuple[str, str]]:
    """Pairs of request line and answer, an answer's continuation lines joined to it."""
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    block = readme.split("```")[1].strip("\n")
    for step in re.split(r"\n(?=POST |GET )", block):
        request, answer = step.split("\n", 1)
        yield request, answer


def _fits(expected: Any, actual: Any, names: dict[str, str]) -> None:  # noqa: ANN401
    """Everything expected is there; a list's members are found in order; <name> is remembered."""
    if isinstance(expected, dict):
        assert isinstance(actual, dict)
        for key, value in expected.items():
            assert key in actual, f"{key} is not among {sorted(actual)}"
            _fits(value, actual[key], names)
    elif isinstance(expected, list):
        assert len(expected) <= len(actual)
        for wanted, given in zip(expected, actual, strict=False):
            _fits(wanted, given, names)
    elif isinstance(expected, str) and _NAME.fullmatch(expected):
        names[expected[1:-1]] = str(actual)
    else:
        assert actual == expected


def _filled(text: str, names: dict[str, str]) -> str:
    return _NAME.sub(lambda found: names.get(found[1], found[0]), text)


@pytest.mark.usefixtures("db")
def test_the_transcript_in_the_readme_is_what_the_demo_partner_gets() -> None:
    document = read_document(settings.BASE_DIR / "fixtures" / "demo.yaml")
    load_demo(document, password="not used here", at=datetime.now(UTC))
    client, names, steps = Client(), dict[str, str](), 0
    token = ""
    for request, answer in _transcript():
        sent = _REQUEST.fullmatch(request)
        said = _ANSWER.fullmatch(answer)
        assert sent is not None
        assert said is not None
        _, path, basic, body = sent.groups()
        if basic:
            response = client.post(
                path,
                body,
                content_type="application/x-www-form-urlencoded",
                headers={"Authorization": f"Basic {b64encode(basic.encode()).decode()}"},
            )
            token = response.json()["access_token"]
        else:
            response = client.post(
                _filled(path, names),
                _filled(body, names),
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}"},
            )
        assert response.status_code == int(said[1]), response.content
        _fits(json.loads(said[2]), response.json(), names)
        steps += 1
    assert steps == 6
