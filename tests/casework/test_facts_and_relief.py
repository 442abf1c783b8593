"""The ledger of facts, findings, and what relief follows from them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from casework.access import agency_context
from casework.domain.errors import InvalidInputError, NotAllowedNowError
from casework.domain.facts import Standing
from casework.domain.findings import FactAssertion, Finding
from casework.domain.permissions import Principal
from casework.domain.ternary import Ternary
from casework.models import Agency, Case, Fact, FindingRecord
from casework.services.facts import (
    assert_fact,
    current_facts,
    known_facts,
    ledger,
    retract_fact,
)
from casework.services.findings import record_finding
from casework.services.relief import assess_case, assess_facts
from tests import builders

HOUR = timedelta(hours=1)
TODAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


def test_the_latest_assertion_stands(case: Case, alice: Principal, at: datetime) -> None:
    for hours, value in enumerate((True, False)):
        builders.assert_fact(
            case=case, by=alice, at=at + hours * HOUR, code="in_custody", value=value
        )
    assert known_facts(case) == {"in_custody": False}
    assert [entry.value for entry in ledger(case)] == [True, False]


def test_a_retraction_brings_back_what_was_said_before(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.assert_fact(case=case, by=alice, at=at, code="in_custody", value=True)
    second = builders.assert_fact(case=case, by=alice, at=at + HOUR, code="in_custody", value=False)
    retraction = retract_fact(case, second, by=alice, at=at + 2 * HOUR)
    assert known_facts(case) == {"in_custody": True}
    for taken_back in (second, retraction):
        with pytest.raises(NotAllowedNowError):
            retract_fact(case, taken_back, by=alice, at=at + 3 * HOUR)


def test_what_is_not_known_is_no_fact_and_says_why(
    case: Case, alice: Principal, at: datetime
) -> None:
    assert_fact(case, "in_custody", None, by=alice, at=at, standing=Standing.DECLINED)
    assert known_facts(case) == {}
    assert current_facts(case)["in_custody"].standing is Standing.DECLINED


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (("no_such_fact", True, Standing.KNOWN), "/code"),
        (("in_custody", "perhaps", Standing.KNOWN), "/value"),
        (("date_of_birth", "yesterday", Standing.KNOWN), "/value"),
        (("in_custody", True, Standing.DECLINED), "/value"),
    ],
)
def test_an_odd_fact_is_refused_at_its_field(
    case: Case, alice: Principal, at: datetime, sent: tuple[str, object, Standing], pointer: str
) -> None:
    code, value, standing = sent
    with pytest.raises(InvalidInputError) as refused:
        assert_fact(case, code, value, by=alice, at=at, standing=standing)
    assert refused.value.problems[0].pointer == pointer
    assert Fact.objects.count() == 0


def test_a_personal_fact_is_sealed_and_read_again_as_it_was(
    case: Case, alice: Principal, at: datetime
) -> None:
    fact = builders.assert_fact(
        case=case, by=alice, at=at, code="date_of_birth", value="2010-05-04"
    )
    row = Fact.objects.get(pk=fact.pk)
    assert row.value is None
    assert b"2010" not in bytes(row.sealed or b"")
    assert known_facts(case)["date_of_birth"] == date(2010, 5, 4)
    assert known_facts(case, on=TODAY)["age_now_under_18"] is True


def test_a_partners_fact_says_so(case: Case, dora: Principal, at: datetime) -> None:
    fact = builders.assert_fact(case=case, by=dora, at=at, code="visa_class", value="G-5")
    assert fact.source == "partner"


def test_a_finding_is_kept_and_its_facts_name_the_screening(
    case: Case, alice: Principal, at: datetime
) -> None:
    screening = builders.concluded_screening(case=case, by=alice, at=at)
    record = FindingRecord.objects.get(case=case)
    assert record.screening_ref == screening.ref
    assert record.outcome == record.content["outcome"]
    facts = Fact.objects.filter(case=case)
    assert facts.count() > 0
    assert {(fact.source, fact.source_ref) for fact in facts} == {("screening", str(screening.ref))}
    assert "victim_labor_trafficking" not in known_facts(case)


def test_a_finding_that_asserts_an_unknown_fact_is_our_defect_and_leaves_nothing(
    case: Case, alice: Principal, at: datetime
) -> None:
    finding = Finding(
        instrument="x",
        version="1",
        digest="0",
        outcome="none",
        outcome_label="None",
        forms=(),
        facts=(FactAssertion(code="no_such_fact", value=True),),
    )
    with pytest.raises(LookupError, match="no_such_fact"):
        record_finding(case, finding, screening_ref=uuid4(), by=alice, at=at)
    assert FindingRecord.objects.count() == 0


def test_relief_says_what_it_rests_on_and_what_to_ask_next(
    case: Case, alice: Principal, at: datetime
) -> None:
    for code in ("victim_labor_trafficking", "present_on_account_of_trafficking"):
        builders.assert_fact(case=case, by=alice, at=at, code=code, value=True)
    found = {
        row.code: assessment
        for row, assessment in assess_case(case, by=alice, on=TODAY).assessments
    }
    assert {"t-status", "u-status", "continued-presence"} <= set(found)
    assert found == {
        row.code: one for row, one in assess_facts(known_facts(case), on=TODAY).assessments
    }


def test_what_the_case_knows_of_age_counts_where_the_asker_does_not_say(
    case: Case, alice: Principal, at: datetime
) -> None:
    first = builders.concluded_screening(case=case, by=alice, at=at)
    builders.assert_fact(case=case, by=alice, at=at, code="age_under_18_at_any_act", value=False)
    second = builders.concluded_screening(case=case, by=alice, at=at)
    builders.assert_fact(case=case, by=alice, at=at, code="date_of_birth", value="2012-01-01")
    third = builders.concluded_screening(case=case, by=alice, at=at)
    said = builders.concluded_screening(case=case, by=alice, at=at, minor=Ternary.NO)
    anonymous = builders.concluded_screening(by=alice, at=at)
    minors = [one.minor for one in (first, second, third, said, anonymous)]
    assert minors == ["unknown", "no", "yes", "no", "unknown"]
