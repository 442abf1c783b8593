"""Instruments and indicators as they are asked."""

import pytest

from casework.domain.permissions import Principal
from tests.casework.api.clients import Api, Partners

BASE = "/api/v1/"


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    """Harbor House's partner system."""
    return partner_client(dora)


def test_every_instrument_listed_can_be_read_whole(api: Api) -> None:
    rows = api.get(f"{BASE}instruments/").json()["results"]
    assert len(rows) >= 6
    for row in rows:
        path = f"{BASE}instruments/{row['id']}/versions/{row['version']}/"
        whole = api.get(path).json()
        items = [item for section in whole["sections"] for item in section["items"]]
        assert len(items) == whole["items"] == row["items"]
        assert all(item["text"] for item in items)
        assert whole["disclaimer"]


def test_a_language_without_words_falls_back_to_english(api: Api) -> None:
    path = f"{BASE}instruments/palermo-matrix/versions/2000-art3/"
    plain, fallen = api.get(path).json(), api.get(f"{path}?lang=fr").json()
    assert fallen["language"] == "fr"
    assert fallen["sections"][0]["title"]
    assert plain["digest"] == fallen["digest"]
    assert api.get(f"{path}?lang=not a tag").status_code == 400


def test_a_version_that_is_not_there_is_missing(api: Api) -> None:
    assert api.get(f"{BASE}instruments/palermo-matrix/versions/0/").status_code == 404


def test_every_indicator_says_why_and_how_to_ask(api: Api) -> None:
    rows = api.get(f"{BASE}indicators/").json()["results"]
    assert rows
    assert all(row["why_we_ask"] and row["how_to_ask"] and row["citation"] for row in rows)
