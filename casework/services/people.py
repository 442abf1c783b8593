"""People: sealed on the way in, opened only when asked for, each opening in the journal."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from casework.domain.errors import InvalidInputError
from casework.domain.permissions import Capability, Principal, require
from casework.models import Agency, Case, Person
from casework.services import journal
from casework.services.sealing import new_subject_key, open_value, seal_value
from casework.services.search import index_person
from casework.services.wording import clean_text

SEALED_FIELDS = (
    "name",
    "preferred_name",
    "date_of_birth",
    "phone",
    "email",
    "placement_address",
    "safe_contact",
    "own_words",
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)


def add_person(agency: Agency, details: Mapping[str, object], *, at: datetime) -> Person:
    """A new person with a key of their own. `details` maps field names to values.

    InvalidInputError names the first field that cannot be accepted. Journaled by the caller,
    which is always the service that gives the person a case.
    """
    person = Person(agency=agency, key=new_subject_key(agency, at=at), created_at=at)
    _write(person, details)
    person.save()
    _index(person)
    return person


@transaction.atomic
def change_person(
    case: Case, details: Mapping[str, object], *, by: Principal, at: datetime
) -> Person:
    """Change only the fields that were sent; what the editor cannot see stays as it is."""
    require(by, Capability.CHANGE_CASE)
    person = (
        Person.objects.select_for_update(of=("self",))
        .select_related("key", "agency")
        .get(pk=case.person_id)
    )
    _write(person, details)
    person.version += 1
    person.save()
    _index(person)
    journal.record("person.changed", f"person:{person.ref}", by=by, at=at, fields=sorted(details))
    return person


@transaction.atomic
def reveal_identity(case: Case, *, by: Principal, at: datetime) -> dict[str, str | None]:
    """The sealed fields in the clear, for someone whose role allows it; each time journaled."""
    require(by, Capability.REVEAL_IDENTITY)
    journal.record("person.revealed", f"case:{case.ref}", by=by, at=at)
    return opened(case.person)


def opened(person: Person) -> dict[str, str | None]:
    """The sealed fields in the clear, for services that have already answered for it."""
    return {field: open_value(person, field, key=person.key) for field in SEALED_FIELDS}


def _write(person: Person, details: Mapping[str, object]) -> None:
    for field, value in details.items():
        if field in SEALED_FIELDS:
            text = clean_text(value, f"/person/{field}", longest=2_000)
            setattr(person, field, seal_value(person, field, text or None, key=person.key))
        elif field == "language":
            person.language = _language(value)
        elif field == "interpreter_needed":
            person.interpreter_needed = _yes_no_or_open(value)
        else:
            raise InvalidInputError.at(
                f"/person/{field}", "unknown_field", f"A person has no field “{field}”."
            )


def _language(value: object) -> str:
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise InvalidInputError.at(
            "/person/language", "not_a_language", "Give a language tag, such as es or zh-Hant."
        )
    return value


def _yes_no_or_open(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise InvalidInputError.at(
            "/person/interpreter_needed", "wrong_type", "Give true, false, or null for not known."
        )
    return value


def _index(person: Person) -> None:
    names = [
        open_value(person, column, key=person.key) or "" for column in ("name", "preferred_name")
    ]
    index_person(person, names)
