"""The contract: valid, and unchanged unless somebody meant to change it."""

from functools import cache
from pathlib import Path

import pytest
import yaml
from django.test import Client
from openapi_spec_validator import validate

from tests.casework.api.clients import Answer, Json

SNAPSHOT = Path(__file__).with_name("openapi_snapshot.yaml")


@cache
def served() -> Answer:
    return yaml.load(Client().get("/api/v1/schema/").content, Loader=yaml.CSafeLoader)


@pytest.fixture
def document(db: None) -> Answer:  # noqa: ARG001
    """The contract as it is served; made once, for it is long."""
    return served()


def test_it_is_a_valid_document_of_its_version(document: Json) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_it_is_what_was_agreed(document: Json) -> None:
    """To change it: manage.py spectacular --file tests/casework/api/openapi_snapshot.yaml"""
    agreed = SNAPSHOT.read_text(encoding="utf-8")
    assert document == yaml.load(agreed, Loader=yaml.CSafeLoader)


def test_every_operation_needs_a_principal_and_may_refuse(document: Json) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert {"partner": []} in operation["security"], (method, path)
            assert {} not in operation["security"], (method, path)
            refusal = operation["responses"]["default"]["content"]
            assert set(refusal) == {"application/problem+json"}


def test_every_post_takes_a_key_and_every_patch_a_version(document: Json) -> None:
    for operations in document["paths"].values():
        for method, operation in operations.items():
            names = {one["name"] for one in operation.get("parameters", ())}
            assert ("Idempotency-Key" in names) == (method == "post")
            assert ("If-Match" in names) == (method == "patch")


def test_the_human_page_needs_no_inline_script(db: None) -> None:  # noqa: ARG001
    page = Client().get("/api/v1/docs/")
    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    script = Client().get("/api/v1/docs/?script=")
    assert script["Content-Type"].startswith("application/javascript")
