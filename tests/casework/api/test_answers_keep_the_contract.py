"""What is answered is what the contract says, to the last field."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from casework.domain.permissions import Principal
from casework.models import Agency, Case, User
from tests import builders
from tests.casework.api.clients import Answer, Api, Json, Partners, People

DOCUMENT = yaml.safe_load(
    Path(__file__).with_name("openapi_snapshot.yaml").read_text(encoding="utf-8")
)
BASE = "/api/v1/"


def strict(schema: Json) -> Json:
    """The schema with nothing allowed that it does not name."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(part) for name, part in schema.items()}
    if "properties" in closed and "additionalProperties" not in closed:
        closed["additionalProperties"] = False
    return closed


COMPONENTS = strict(DOCUMENT["components"])


def keeps(answer: Answer, method: str, path: str) -> Json:
    """The body, held against the contract of its operation."""
    responses = DOCUMENT["paths"][f"{BASE}{path}"][method]["responses"]
    agreed = responses.get(str(answer.status_code), responses["default"])["content"]
    kind = answer["Content-Type"].partition(";")[0]
    schema = strict(agreed[kind]["schema"]) | {"components": COMPONENTS}
    body: Json = answer.json()
    Draft202012Validator(schema).validate(body)
    return body


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    """Harbor House's partner system."""
    return partner_client(dora)


@pytest.fixture
def lived_in(case: Case, alice: Principal, bob: Principal, northside: Agency) -> Case:
    """A case with an event, clocks, facts, a screening, a consent and a referral."""
    now = datetime.now(UTC)
    builders.record_event(case=case, by=alice, at=now, kind="uac_determined")
    builders.record_event(case=case, by=alice, at=now, kind="minority_claimed")
    builders.concluded_screening(by=alice, at=now, case=case)
    builders.sent_referral(case=case, recipient=northside, by=alice, reviewer=bob, at=now)
    return case


@pytest.mark.parametrize(
    "path",
    [
        *("agencies/", "cases/", "clocks/", "consents/", "deadlines/", "definitions/"),
        "fact-definitions/",
        *("indicators/", "instruments/", "me/", "referrals/", "relief/pathways/", "screenings/"),
        *("cases/{ref}/", "cases/{ref}/facts/", "cases/{ref}/events/"),
        *("cases/{ref}/deadlines/", "cases/{ref}/relief/"),
    ],
)
def test_what_is_read(api: Api, lived_in: Case, path: str) -> None:
    answer = api.get(BASE + path.replace("{ref}", str(lived_in.ref)))
    assert answer.status_code == 200
    keeps(answer, "get", path)


@pytest.mark.usefixtures("lived_in")
def test_what_is_listed_reads_the_same_by_itself(api: Api) -> None:
    lists = ("screenings/", "referrals/", "deadlines/")
    for path, below in (*((path, "") for path in lists), ("referrals/", "packet/")):
        ref = api.get(f"{BASE}{path}").json()["results"][0]["ref"]
        keeps(api.get(f"{BASE}{path}{ref}/{below}"), "get", f"{path}{{ref}}/{below}")
    instrument = "instruments/palermo-matrix/versions/2000-art3/"
    keeps(api.get(BASE + instrument), "get", "instruments/{code}/versions/{version}/")


def test_a_definition_and_its_versions(api: Api) -> None:
    own, one = "definitions/pathway/t-status/", "definitions/{kind}/{code}/"
    versions = keeps(api.get(BASE + own), "get", one)["versions"]
    new, *_, old = versions
    version = f"{own}versions/{new['version']}/"
    whole = keeps(api.get(BASE + version), "get", f"{one}versions/{{version}}/")
    assert whole["definition"]["criteria"]
    pair = f"{own}compare/?from={old['digest']}&to={new['digest']}"
    assert keeps(api.get(BASE + pair), "get", f"{one}compare/")["differences"]
    digest = f"definitions/by-digest/{old['digest']}/"
    keeps(api.get(BASE + digest), "get", "definitions/by-digest/{digest}/")


def test_what_is_written(api: Api, case: Case) -> None:
    event = {"kind": "apprehended", "at": "2025-05-01T10:00:00Z", "zone": "America/Chicago"}
    recorded = api.post(f"{BASE}cases/{case.ref}/events/", event)
    assert recorded.status_code == 201
    assert keeps(recorded, "post", "cases/{ref}/events/")["clocks"]
    deadline = f"{BASE}deadlines/{recorded.json()['clocks'][0]['ref']}/"
    waived = api.post(f"{deadline}waive/", {"reason": "Not needed."})
    assert keeps(waived, "post", "deadlines/{ref}/waive/")["acts"]
    again = api.post(f"{deadline}reopen/", {"reason": "Needed."})
    assert keeps(again, "post", "deadlines/{ref}/reopen/")["acts"]
    fact = api.post(f"{BASE}cases/{case.ref}/facts/", {"code": "in_custody", "value": True})
    keeps(fact, "post", "cases/{ref}/facts/")
    found = api.post(f"{BASE}cases/search/", {"name": "Rosa"})
    assert keeps(found, "post", "cases/search/")["results"]
    assessed = api.post(f"{BASE}relief/assess/", {"facts": {"in_custody": True}})
    keeps(assessed, "post", "relief/assess/")


def test_what_is_refused(api: Api) -> None:
    answer = api.post(f"{BASE}cases/", {"door": "window"})
    assert answer.status_code == 400
    keeps(answer, "post", "cases/")


@pytest.mark.usefixtures("lived_in")
def test_what_only_people_read(people_client: People, olga_user: User, alice_user: User) -> None:
    olga, alice = people_client(olga_user), people_client(alice_user)
    keeps(olga.get(f"{BASE}journal/"), "get", "journal/")
    keeps(olga.get(f"{BASE}journal/verification/"), "get", "journal/verification/")
    keeps(alice.get(f"{BASE}notices/"), "get", "notices/")
