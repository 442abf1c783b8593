"""Instruments that an agency adds for itself: refused whole or stored whole, and its own alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from casework.access import agency_context
from casework.domain.errors import InvalidInputError, NotPermittedError
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Definition
from casework.models.journal import JournalEntry
from casework.services.seeds import load
from screening.domain.instrument import Status
from screening.services.instruments import current_instrument, instruments, known_instruments
from screening.services.packs import add_pack, check_pack
from tests import builders
from tests.cast import without_context
from tests.screening.bad_packs import BAD, Bad
from tests.screening.packs import EXAMPLE, ID, changed, example, form
from tests.seeds.rows import SEEDS

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


def stored() -> tuple[int, int]:
    """How many definitions and journal entries there are."""
    return Definition.objects.count(), JournalEntry.objects.count()


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_pack_is_refused_by_its_place_and_nothing_is_stored(
    bad: Bad, bob: Principal, at: datetime
) -> None:
    before = stored()
    with pytest.raises(InvalidInputError) as refusal:
        add_pack(bad.content, bad.name, by=bob, at=at)
    assert refusal.value.detail.startswith(bad.place)
    assert refusal.value.problems[0].code == bad.code
    assert stored() == before


def test_everything_wrong_is_named_at_once(bob: Principal) -> None:
    broken = changed("certainty: knowledge", "certainty: certain").decode()
    broken = broken.replace("weight: 2", "weight: -2")
    with pytest.raises(InvalidInputError) as refusal:
        check_pack(broken.encode(), "own.yaml", by=bob)
    places = {problem.pointer for problem in refusal.value.problems}
    assert places == {"/instruments/0/certainty", "/instruments/0/sections/0/items/1/weight"}


def test_a_check_stores_nothing(bob: Principal) -> None:
    before = stored()
    pack = check_pack(example().encode(), EXAMPLE.name, by=bob)
    assert (pack.instrument.id, pack.replaces, pack.fills_stub) == (ID, "", False)
    assert [item.id for item in pack.mapped] == [
        "paid_late",
        "passport_retained",
        "safe_to_leave_message",
    ]
    assert stored() == before


def test_a_sign_that_names_nothing_shared_is_said(bob: Principal) -> None:
    pack = check_pack(changed("indicators: [wages_withheld]\n            ", ""), "x", by=bob)
    assert [item.id for item in pack.unmapped] == ["paid_late"]


def test_an_added_instrument_is_screened_with(
    case: Case, alice: Principal, bob: Principal, at: datetime
) -> None:
    add_pack(example().encode(), EXAMPLE.name, by=bob, at=at)
    said = {"had_work": "yes", "paid_late": "yes", "passport_retained": "no"}
    done = builders.concluded_screening(by=alice, at=at, case=case, instrument=ID, values=said)
    assert done.finding is not None
    assert done.finding["outcome"] == "talk_more"
    assert done.finding["indicators"] == {"passport_retained": "no", "wages_withheld": "yes"}


def test_a_form_is_stored_and_screened_with_like_any_other(
    alice: Principal, bob: Principal, at: datetime
) -> None:
    add_pack(form(), "work.xlsx", by=bob, at=at)
    said = {"had_work": "yes", "unpaid": "yes", "months": 7, "message": "no"}
    done = builders.concluded_screening(by=alice, at=at, instrument="example-form", values=said)
    assert done.finding is not None
    assert (done.finding["outcome"], done.finding["scores"]["sum"]) == ("talk_more", "2")


def test_the_journal_says_who_added_what(bob: Principal, at: datetime) -> None:
    pack = add_pack(example().encode(), EXAMPLE.name, by=bob, at=at)
    entry = JournalEntry.objects.get(action="instrument.added")
    assert (entry.subject, entry.actor) == (f"instrument:{ID}", f"user:{bob.ref}")
    assert entry.detail == {"version": "2026-01", "digest": pack.digest, "replaces": ""}


def test_a_new_version_takes_the_place_and_begun_screenings_keep_theirs(
    alice: Principal, bob: Principal, at: datetime
) -> None:
    add_pack(example().encode(), EXAMPLE.name, by=bob, at=at)
    begun = builders.started_screening(by=alice, at=at, instrument=ID)
    second = changed('version: "2026-01"', 'version: "2026-02"')
    assert add_pack(second, EXAMPLE.name, by=bob, at=at + HOUR).replaces == "2026-01"
    assert current_instrument(ID).version == "2026-02"
    begun.refresh_from_db()
    assert begun.definition.version == "2026-01"
    assert [row.code for row, _ in known_instruments()].count(ID) == 1


def test_the_same_version_cannot_be_added_twice(bob: Principal, at: datetime) -> None:
    add_pack(example().encode(), EXAMPLE.name, by=bob, at=at)
    before = stored()
    with pytest.raises(InvalidInputError) as refusal:
        add_pack(changed("weight: 2", "weight: 3"), EXAMPLE.name, by=bob, at=at + HOUR)
    assert refusal.value.problems[0].code == "version_exists"
    assert stored() == before


def test_a_shared_instrument_keeps_its_id(bob: Principal) -> None:
    with pytest.raises(InvalidInputError, match="a shared instrument has this id"):
        check_pack(changed(f"id: {ID}", "id: palermo-matrix"), "own.yaml", by=bob)


@pytest.mark.parametrize("who", ["alice", "olga", "dora"])
def test_only_supervisors_and_administrators_add(
    who: str, request: pytest.FixtureRequest, at: datetime
) -> None:
    by: Principal = request.getfixturevalue(who)
    for deed in (check_pack, lambda *args, **kw: add_pack(*args, **kw, at=at)):
        with pytest.raises(NotPermittedError):
            deed(example().encode(), "own.yaml", by=by)


def test_another_agency_sees_nothing_of_it(
    northside: Agency, bob: Principal, nora: Principal, at: datetime
) -> None:
    add_pack(example().encode(), EXAMPLE.name, by=bob, at=at)
    with agency_context(northside.pk):
        assert not Definition.objects.filter(code=ID).exists()
        assert ID not in [row.code for row, _ in instruments()]
        with pytest.raises(InvalidInputError, match="no such instrument"):
            current_instrument(ID)
        theirs = changed("weight: 2", "weight: 3")
        assert add_pack(theirs, EXAMPLE.name, by=nora, at=at).replaces == ""
    assert Definition.objects.get(code=ID).agency_id == bob.agency_id


def test_loading_the_seeds_leaves_what_agencies_added(bob: Principal, at: datetime) -> None:
    add_pack(example().encode(), EXAMPLE.name, by=bob, at=at)
    assert ID not in {one.code for one in load(SEEDS, at=at + HOUR, dry_run=True)}
    with without_context():
        load(SEEDS, at=at + HOUR)
    assert Definition.objects.get(code=ID).withdrawn_at is None


def test_what_is_begun_is_chosen_among_own_and_shared_ones(bob: Principal, at: datetime) -> None:
    add_pack(example().encode(), EXAMPLE.name, by=bob, at=at)
    listed = {row.code: one.status for row, one in instruments()}
    assert listed[ID] is Status.DRAFT
    assert "palermo-matrix" in listed
    assert Status.STUB not in listed.values()
