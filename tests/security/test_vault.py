"""The vault: what does not fit does not open, and nothing comes out as if it had been readable."""

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from casework.access import agency_context
from casework.domain.errors import SealBrokenError
from casework.domain.permissions import Principal
from casework.gateways import vault
from casework.models import Case, Person, SubjectKey
from casework.services.sealing import open_value, seal_value
from tests import builders
from tests.builders import MOMENT

KEY = bytes(range(32))
PLACE = vault.Place(table="casework_person", column="name", row="row-1", key="key-1")
SECRET = b"Rosa Fuentes"
SEALED = vault.seal(KEY, SECRET, PLACE)
FALSY = ["", 0, False, [], {}, " ", 0.0]


@pytest.mark.parametrize("place", range(len(SEALED)))
def test_one_flipped_bit_anywhere_opens_nothing(place: int) -> None:
    for bit in range(8):
        damaged = bytearray(SEALED)
        damaged[place] ^= 1 << bit
        with pytest.raises(SealBrokenError):
            vault.unseal(KEY, bytes(damaged), PLACE)


@pytest.mark.parametrize("length", [0, 1, 12, 13, 28, len(SEALED) - 1])
def test_a_shortened_seal_opens_nothing(length: int) -> None:
    with pytest.raises(SealBrokenError):
        vault.unseal(KEY, SEALED[:length], PLACE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        vault.Place(table="casework_fact", column="name", row="row-1", key="key-1"),
        vault.Place(table="casework_person", column="phone", row="row-1", key="key-1"),
        vault.Place(table="casework_person", column="name", row="row-2", key="key-1"),
        vault.Place(table="casework_person", column="name", row="row-1", key="key-2"),
    ],
)
def test_a_seal_moved_elsewhere_opens_nothing(elsewhere: vault.Place) -> None:
    with pytest.raises(SealBrokenError):
        vault.unseal(KEY, SEALED, elsewhere)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBrokenError):
        vault.unseal(bytes(32), SEALED, PLACE)


@given(st.binary(max_size=500))
def test_what_was_sealed_comes_back(plain: bytes) -> None:
    assert vault.unseal(KEY, vault.seal(KEY, plain, PLACE), PLACE) == plain


@given(st.binary(max_size=100))
def test_bytes_that_were_never_sealed_open_nothing(noise: bytes) -> None:
    with pytest.raises(SealBrokenError):
        vault.unseal(KEY, noise, PLACE)


def test_ten_thousand_seals_of_the_same_have_ten_thousand_nonces() -> None:
    seals = {vault.seal(KEY, b"same", PLACE) for _ in range(10_000)}
    assert len({sealed[1:13] for sealed in seals}) == 10_000


def test_a_wrapped_key_belongs_to_one_owner() -> None:
    wrapped = vault.new_key("owner-1")
    assert len(vault.open_key(wrapped, "owner-1")) == 32
    with pytest.raises(SealBrokenError):
        vault.open_key(wrapped, "owner-2")


def test_a_key_wrapped_under_an_unknown_key_opens_nothing() -> None:
    wrapped = vault.new_key("owner-1")
    foreign = vault.WrappedKey(wrapped=wrapped.wrapped, wrapping_key="000000000000")
    with pytest.raises(SealBrokenError):
        vault.open_key(foreign, "owner-1")


def test_after_a_change_of_the_outer_key_what_was_wrapped_before_still_opens(
    settings: Settings,
) -> None:
    wrapped = vault.new_key("owner-1")
    before = vault.open_key(wrapped, "owner-1")
    settings.CASEWORK_KEK_PREVIOUS = (django_settings.CASEWORK_KEK,)
    settings.CASEWORK_KEK = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    assert vault.open_key(wrapped, "owner-1") == before
    assert vault.new_key("owner-1").wrapping_key != wrapped.wrapping_key


def test_an_outer_key_of_the_wrong_length_is_refused(settings: Settings) -> None:
    settings.CASEWORK_KEK = "c2hvcnQ="
    with pytest.raises(ValueError, match="32 bytes"):
        vault.new_key("owner-1")


@pytest.mark.parametrize("value", FALSY)
def test_a_falsy_value_comes_back_as_it_was(case: Case, value: object) -> None:
    with agency_context(case.agency_id):
        person = Person.objects.get(pk=case.person_id)
        person.own_words = seal_value(person, "own_words", value, key=person.key)
        person.save()
        person.refresh_from_db()
        back = open_value(person, "own_words", key=person.key)
    assert (back, type(back)) == (value, type(value))


def test_nothing_stays_nothing(case: Case) -> None:
    with agency_context(case.agency_id):
        person = Person.objects.get(pk=case.person_id)
        assert seal_value(person, "own_words", None, key=person.key) is None
        assert open_value(person, "own_words", key=person.key) is None


def test_a_value_written_past_the_service_is_never_read_as_plain(case: Case) -> None:
    with agency_context(case.agency_id):
        Person.objects.update(name=b"Rosa Fuentes")
        person = Person.objects.get(pk=case.person_id)
        with pytest.raises(SealBrokenError):
            open_value(person, "name", key=person.key)


def test_a_value_copied_to_another_column_or_person_opens_nothing(
    case: Case, alice: Principal
) -> None:
    other = builders.open_case(by=alice, at=MOMENT, person={"name": "Ana"})
    with agency_context(case.agency_id):
        stolen = Person.objects.get(pk=case.person_id).name
        Person.objects.filter(pk=other.person_id).update(name=stolen, own_words=stolen)
        for person, column in ((other.person, "name"), (other.person, "own_words")):
            person.refresh_from_db()
            with pytest.raises(SealBrokenError):
                open_value(person, column, key=person.key)


def test_a_destroyed_key_opens_nothing_any_more(case: Case) -> None:
    with agency_context(case.agency_id):
        SubjectKey.objects.update(wrapped=None, destroyed_at=MOMENT)
        person = Person.objects.select_related("key").get(pk=case.person_id)
        with pytest.raises(SealBrokenError):
            open_value(person, "name", key=person.key)


def test_two_people_never_share_a_key(case: Case, alice: Principal) -> None:
    other = builders.open_case(by=alice, at=MOMENT)
    assert case.person.key.wrapped != other.person.key.wrapped
