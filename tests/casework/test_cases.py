"""Cases and their people: opened, changed, handed over, closed; sealed, found again, revealed."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest

from casework.access import agency_context
from casework.domain.errors import (
    InvalidInputError,
    NotAllowedNowError,
    StaleVersionError,
)
from casework.domain.permissions import Principal, Role
from casework.models import Agency, Case, Person, SearchToken, User
from casework.models.journal import JournalEntry
from casework.services import cases
from casework.services.people import reveal_identity
from casework.services.sealing import open_value
from casework.services.search import find_cases
from tests import builders

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def in_harbor(harbor: Agency) -> Iterator[None]:
    with agency_context(harbor.pk):
        yield


def pointer_of(deed: Callable[[], object]) -> str:
    with pytest.raises(InvalidInputError) as refused:
        deed()
    return refused.value.problems[0].pointer


def test_nothing_about_the_person_is_needed(alice: Principal, at: datetime) -> None:
    case = builders.open_case(by=alice, at=at)
    assert (case.status, case.assignee_id, case.version) == ("open", alice.user_id, 1)
    assert case.opened_by == f"user:{alice.ref}"


@pytest.mark.parametrize("who", ["bob", "dora"])
def test_what_is_no_caseworkers_own_waits_to_be_assigned(
    who: str, at: datetime, request: pytest.FixtureRequest
) -> None:
    assert builders.open_case(by=request.getfixturevalue(who), at=at).assignee is None


def test_numbers_are_told_apart(alice: Principal, at: datetime) -> None:
    numbers = {builders.open_case(by=alice, at=at).number for _ in range(30)}
    assert len(numbers) == 30


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"shoe_size": 9}, "/person/shoe_size"),
        ({"name": 9}, "/person/name"),
        ({"name": "a\x00b"}, "/person/name"),
        ({"name": "a\u202eb"}, "/person/name"),
        ({"own_words": "\ud800"}, "/person/own_words"),
        ({"own_words": "x" * 2_001}, "/person/own_words"),
    ],
)
def test_an_odd_detail_is_refused_and_no_case_is_opened(
    alice: Principal, at: datetime, details: dict[str, object], pointer: str
) -> None:
    assert pointer_of(lambda: builders.open_case(by=alice, at=at, person=details)) == pointer
    assert (
        Case.objects.count()
        == Person.objects.count()
        == JournalEntry.objects.filter(action="case.opened").count()
        == 0
    )


def test_an_unknown_door_is_refused(case: Case, alice: Principal, at: datetime) -> None:
    assert pointer_of(lambda: builders.open_case(by=alice, at=at, door="window")) == "/door"
    changes = {"door": "window"}
    assert pointer_of(lambda: cases.change_case(case, changes, by=alice, at=at)) == "/door"


def test_text_is_kept_trimmed_and_composed(alice: Principal, at: datetime) -> None:
    case = builders.open_case(
        by=alice, at=at, person={"name": "  Jose\u0301\r\nPaz ", "own_words": "", "phone": None}
    )
    person = case.person
    assert open_value(person, "name", key=person.key) == "José\nPaz"
    assert (person.own_words, person.phone) == (None, None)


def test_only_what_was_sent_is_changed(case: Case, alice: Principal, at: datetime) -> None:
    changes = {"person": {"phone": "+1 555 0100", "language": "es", "interpreter_needed": True}}
    changed = cases.change_case(case, changes, by=alice, at=at + HOUR, version=1)
    person = Person.objects.select_related("key").get(pk=case.person_id)
    assert open_value(person, "name", key=person.key) == "Rosa Fuentes"
    assert open_value(person, "phone", key=person.key) == "+1 555 0100"
    assert (person.language, person.interpreter_needed, person.version) == ("es", True, 2)
    assert (changed.version, changed.door) == (2, "other")


def test_a_name_that_was_corrected_is_found_and_the_wrong_one_no_more(
    case: Case, alice: Principal, at: datetime
) -> None:
    cases.change_case(case, {"person": {"name": "Marta Quispe"}}, by=alice, at=at)
    assert find_cases("Marta", by=alice) == [case]
    assert find_cases("Rosa", by=alice) == []


def test_a_change_on_an_old_version_is_refused(case: Case, alice: Principal, at: datetime) -> None:
    cases.change_case(case, {"door": "court"}, by=alice, at=at)
    with pytest.raises(StaleVersionError):
        cases.change_case(case, {"door": "police"}, by=alice, at=at, version=1)
    with pytest.raises(StaleVersionError):
        cases.close_case(case, reason="x", by=alice, at=at, version=1)


def test_a_case_goes_to_a_colleague_only(
    case: Case,
    bob: Principal,
    bob_user: User,
    ada_user: User,
    charlie_user: User,
    at: datetime,
) -> None:
    assert cases.assign_case(case, bob_user, by=bob, at=at).assignee == bob_user
    for stranger in (ada_user, charlie_user):
        assert pointer_of(partial(cases.assign_case, case, stranger, by=bob, at=at)) == (
            "/assignee"
        )


def test_closing_needs_a_reason_and_keeps_it_sealed(
    case: Case, alice: Principal, at: datetime
) -> None:
    assert pointer_of(lambda: builders.close_case(case=case, by=alice, at=at, reason=" ")) == (
        "/reason"
    )
    closed = builders.close_case(case=case, by=alice, at=at)
    assert (closed.status, closed.closed_at) == ("closed", at)
    reason = open_value(closed, "closing_reason", key=closed.person.key)
    assert reason == "Moved away."
    assert b"Moved" not in bytes(closed.closing_reason or b"")


def test_a_closed_case_can_be_opened_again_and_not_closed_twice(
    case: Case, alice: Principal, at: datetime
) -> None:
    builders.close_case(case=case, by=alice, at=at)
    with pytest.raises(NotAllowedNowError):
        builders.close_case(case=case, by=alice, at=at)
    again = cases.reopen_case(case, by=alice, at=at)
    assert (again.status, again.closed_at) == ("open", None)
    with pytest.raises(NotAllowedNowError):
        cases.reopen_case(case, by=alice, at=at)
    assert list(Case.objects.open()) == [again]


def test_each_revealing_is_journaled(case: Case, bob: Principal, at: datetime) -> None:
    identity = reveal_identity(case, by=bob, at=at)
    assert (identity["name"], identity["phone"]) == ("Rosa Fuentes", None)
    entry = JournalEntry.objects.get(action="person.revealed")
    assert (entry.actor, entry.subject) == (f"user:{bob.ref}", f"case:{case.ref}")
    assert entry.detail == {}


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("rosa", True),
        ("Fuentes", True),
        ("ROSÁ fuentes", True),
        ("Ros", True),
        ("Roza", True),
        ("Miguel", False),
        ("", False),
        ("%", False),
        ("_____", False),
    ],
)
def test_a_person_is_found_by_a_name_that_is_like_theirs(
    case: Case, alice: Principal, asked: str, is_found: bool
) -> None:
    assert find_cases(asked, by=alice) == ([case] if is_found else [])


def test_a_person_is_found_in_any_script(alice: Principal, at: datetime) -> None:
    case = builders.open_case(by=alice, at=at, person={"preferred_name": "أمينة"})
    builders.open_case(by=alice, at=at)
    assert find_cases("أمينة", by=alice) == [case]


def test_the_better_likeness_comes_first(case: Case, alice: Principal, at: datetime) -> None:
    alike = builders.open_case(by=alice, at=at, person={"name": "Rosario Fuentez"})
    assert find_cases("Rosa Fuentes", by=alice) == [case, alike]
    assert find_cases("Rosa Fuentes", by=alice, limit=1) == [case]


def test_a_shared_token_shows_nobody_who_is_not_alike(
    case: Case, alice: Principal, at: datetime
) -> None:
    other = builders.open_case(by=alice, at=at, person={"name": "Wilhelmina"})
    stolen = SearchToken.objects.filter(person=case.person).first()
    assert stolen is not None
    SearchToken.objects.create(
        agency_id=case.agency_id, person=other.person, kind=stolen.kind, token=stolen.token
    )
    assert other not in find_cases("Rosa Fuentes", by=alice)


def test_tokens_of_two_agencies_cannot_be_compared(
    case: Case, charlie: Principal, at: datetime
) -> None:
    ours = {bytes(row.token) for row in SearchToken.objects.all()}
    builders.open_case(by=charlie, at=at, person={"name": "Rosa Fuentes"})
    with agency_context(charlie.agency_id):
        theirs = {bytes(row.token) for row in SearchToken.objects.all()}
    assert ours
    assert theirs
    assert not ours & theirs
    assert case.status == "open"


def test_one_address_may_work_for_two_agencies(
    alice_user: User, northside: Agency, at: datetime
) -> None:
    again = builders.member(agency=northside, name="ALICE", role=Role.SUPERVISOR, at=at)
    assert again == alice_user


def test_rows_say_what_they_are(case: Case, alice_user: User) -> None:
    person = case.person
    token = SearchToken.objects.first()
    shown = [str(one) for one in (case, case.agency, person, person.key, alice_user, token)]
    assert not any("Rosa" in text for text in shown)
    assert alice_user.get_full_name() == "Alice"
    assert User.objects.get_by_natural_key(" ALICE@example.org ") == alice_user


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"language": "Spanish!"}, "/person/language"),
        ({"language": None}, "/person/language"),
        ({"interpreter_needed": "yes"}, "/person/interpreter_needed"),
    ],
)
def test_a_language_is_a_tag_and_an_interpreter_is_needed_or_not_or_not_known(
    alice: Principal, at: datetime, details: dict[str, object], pointer: str
) -> None:
    assert pointer_of(lambda: builders.open_case(by=alice, at=at, person=details)) == pointer
    for fine in ({"language": "zh-Hant", "interpreter_needed": None}, {"language": "quc"}):
        assert builders.open_case(by=alice, at=at, person=fine).person.language in fine.values()
