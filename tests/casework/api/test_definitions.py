"""Definitions by the API: listed and filtered, every version, compared, and by digest for good."""

from datetime import datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import User
from screening.services.packs import add_pack
from tests.casework.api.clients import Api, Json, Partners, People
from tests.screening.packs import ID, changed, example

BASE = "/api/v1/definitions/"
T_STATUS = f"{BASE}pathway/t-status/"
NEWER, OLDER = "2024-08-28", "2021-10-20"


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    """Harbor House's partner system."""
    return partner_client(dora)


def listed(api: Api, **question: str) -> list[Json]:
    asked: dict[str, str] = {"limit": "200", **question}
    answer = api.get(BASE, asked)
    assert answer.status_code == 200, answer.json()
    rows: list[Json] = answer.json()["results"]
    return rows


def names(rows: list[Json]) -> set[str]:
    return {row["id"] for row in rows}


def test_the_list_goes_on_page_by_page_to_the_last_row(api: Api) -> None:
    answer = api.get(BASE, {"kind": "clock", "limit": "60"}).json()
    found = [(row["id"], row["version"]) for row in answer["results"]]
    while answer["next"]:
        answer = api.get(answer["next"]).json()
        found += [(row["id"], row["version"]) for row in answer["results"]]
    assert len(found) == len(set(found)) > 120
    assert ("SIJ-DA", "2025-06-06") in found


def test_a_row_says_what_it_is_without_its_content(api: Api) -> None:
    (row,) = listed(api, kind="pathway", code="t-status", on="2026-01-01")
    assert row["title"] == "T nonimmigrant status"
    assert (row["version"], row["jurisdiction"], row["in_force"]) == (NEWER, "US", True)
    assert "R16" in row["report_rows"]
    assert (row["certainty"], row["reviewed"], row["own"]) == ("verified", False, False)
    assert "definition" not in row


@pytest.mark.parametrize(
    ("question", "inside", "outside"),
    [
        ({"kind": "statistic"}, "hotline-sex-trafficking-cases", "t-status"),
        ({"code": "t-status"}, "t-status", "u-status"),
        ({"q": "NONIMMIGRANT t"}, "t-status", "asylum"),
        ({"q": "pasaporte", "kind": "indicator"}, "passport_retained", "child_begging"),
        ({"report_row": "R16", "kind": "pathway"}, "t-status", "asylum"),
        ({"jurisdiction": "US-NY"}, "vacatur-ny", "vacatur-nj"),
        ({"certainty": "verified", "kind": "vacatur_rule"}, "vacatur-ny", "vacatur-al"),
        ({"reviewed": "false", "kind": "mission"}, "R1", "t-status"),
    ],
)
def test_filters_narrow(api: Api, question: dict[str, str], inside: str, outside: str) -> None:
    found = names(listed(api, **question))
    assert inside in found
    assert outside not in found


def test_nothing_is_signed_by_counsel_yet(api: Api) -> None:
    assert listed(api, reviewed="true") == []


def test_on_a_day_only_what_held_then_is_listed(api: Api) -> None:
    clocks = {"kind": "clock", "code": "SIJ-DA"}
    versions = [
        [row["version"] for row in listed(api, on=day, **clocks)]
        for day in ("2021-01-01", "2025-08-01", "2026-01-01")
    ]
    assert versions == [[], ["2025-06-06"], ["2025-11-19"]]


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "poem"},
        {"report_row": "R31"},
        {"certainty": "sure"},
        {"reviewed": "maybe"},
        {"on": "01/02/2020"},
        {"colour": "red"},
        {"cursor": "cD0lMDA="},
    ],
)
def test_what_is_not_known_is_refused_by_its_name(api: Api, question: dict[str, str]) -> None:
    answer = api.get(BASE, question)
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"?{next(iter(question))}"]


def test_every_version_is_told_newest_first_and_the_one_in_force_is_marked(api: Api) -> None:
    answer = api.get(T_STATUS).json()
    versions = [row["version"] for row in answer["versions"]]
    assert versions == sorted(versions, reverse=True)
    assert {NEWER, OLDER, "2000-10-28"} <= set(versions)
    assert answer["in_force"]["version"] == NEWER
    assert [row["version"] for row in answer["versions"] if row["in_force"]] == [NEWER]
    assert api.get(T_STATUS, {"on": "2022-01-01"}).json()["in_force"]["version"] == OLDER


def test_before_its_first_day_no_version_is_in_force(api: Api) -> None:
    assert api.get(T_STATUS, {"on": "1999-01-01"}).json()["in_force"] is None


def test_a_version_comes_with_all_that_it_says(api: Api) -> None:
    answer = api.get(f"{T_STATUS}versions/{OLDER}/").json()
    assert answer["version"] == OLDER
    assert answer["definition"]["criteria"][0]["when"]
    by_digest = api.get(f"{BASE}by-digest/{answer['digest']}/")
    assert by_digest.json() == answer


def test_two_versions_are_compared_by_name_or_digest(api: Api) -> None:
    answer = api.get(f"{T_STATUS}compare/", {"from": OLDER, "to": NEWER}).json()
    assert (answer["from"]["version"], answer["to"]["version"]) == (OLDER, NEWER)
    changes = {one["where"]: one for one in answer["differences"]}
    assert (
        changes["/title"]["old"] == "T nonimmigrant status, interim rule as read since October 2021"
    )
    assert changes["/title"]["new"] == "T nonimmigrant status"
    assert "/kind" not in changes
    digests = {"from": answer["from"]["digest"], "to": answer["to"]["digest"]}
    assert api.get(f"{T_STATUS}compare/", digests).json() == answer


def test_both_versions_have_to_be_named(api: Api) -> None:
    answer = api.get(f"{T_STATUS}compare/", {"from": OLDER})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == ["?to"]


@pytest.mark.parametrize(
    "below",
    [
        "poem/t-status/",
        "pathway/none/",
        "pathway/t-status/versions/1/",
        f"pathway/t-status/versions/{NEWER}/?digest={'0' * 64}",
        f"pathway/t-status/compare/?from={NEWER}&to=none",
        f"by-digest/{'0' * 64}/",
        "by-digest/short/",
        "pathway/t%00status/",
    ],
)
def test_what_is_not_there_is_missing(api: Api, below: str) -> None:
    answer = api.get(BASE + below)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/problem+json"


def test_an_agencys_own_instrument_is_its_own_alone(
    api: Api, partner_client: Partners, stranger: Principal, bob: Principal, at: datetime
) -> None:
    with agency_context(bob.agency_id):
        pack = add_pack(example().encode(), "own.yaml", by=bob, at=at)
    mine = api.get(f"{BASE}instrument/{ID}/").json()
    assert [row["own"] for row in mine["versions"]] == [True]
    assert ID in names(listed(api, kind="instrument"))
    others = partner_client(stranger)
    assert ID not in names(listed(others, kind="instrument"))
    for below in (f"instrument/{ID}/", f"by-digest/{pack.digest}/"):
        assert api.get(BASE + below).status_code == 200
        assert others.get(BASE + below).status_code == 404


def test_what_was_replaced_can_still_be_read_by_its_digest(
    api: Api, bob: Principal, at: datetime
) -> None:
    with agency_context(bob.agency_id):
        old = add_pack(example().encode(), "own.yaml", by=bob, at=at)
        new = add_pack(changed('version: "2026-01"', "version: another"), "own.yaml", by=bob, at=at)
    read = api.get(f"{BASE}by-digest/{old.digest}/").json()
    assert (read["version"], read["in_force"]) == (old.instrument.version, False)
    assert read["withdrawn_at"] is not None
    address = f"{BASE}instrument/{ID}/versions/{old.instrument.version}/"
    assert api.get(address, {"digest": old.digest}).json() == read
    compared = api.get(
        f"{BASE}instrument/{ID}/compare/", {"from": old.digest, "to": new.digest}
    ).json()
    assert "/version" in {one["where"] for one in compared["differences"]}


def test_everyone_who_works_here_reads_them(
    people_client: People, alice_user: User, ada_user: User, olga_user: User
) -> None:
    for user in (alice_user, ada_user, olga_user):
        assert people_client(user).get(T_STATUS).status_code == 200


@pytest.mark.parametrize(
    "below",
    ["?limit=200", "pathway/t-status/", f"pathway/t-status/compare/?from={OLDER}&to={NEWER}"],
)
def test_it_asks_the_database_little(
    api: Api,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    below: str,
) -> None:
    with django_assert_max_num_queries(16):
        assert api.get(BASE + below).status_code == 200
