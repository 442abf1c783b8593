"""Answering: begin a screening, save answers part by part, read them back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from casework.domain.errors import (
    FieldProblem,
    InvalidInputError,
    NotAllowedNowError,
    StaleVersionError,
)
from casework.domain.facts import Standing
from casework.domain.permissions import Capability, Principal, require
from casework.models import Agency, Case, Definition
from casework.services import journal
from casework.services.sealing import new_subject_key, open_value, seal_value
from casework.services.wording import clean_text
from screening.domain.answers import Answer, check_answer
from screening.domain.instrument import Instrument
from screening.models import Screening, ScreeningAnswer
from screening.services.instruments import instrument_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewScreening:
    """Which instrument, in which language, and whether an interpreter is present."""

    definition: Definition
    case: Case | None = None
    language: str = "en"
    interpreter_present: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAnswer:
    """One answer as it was sent; `pointer` says where it stood."""

    item: str
    standing: Standing
    value: object
    pointer: str
    note: str = ""


@transaction.atomic
def start_screening(new: NewScreening, *, by: Principal, at: datetime) -> Screening:
    """Begin. Without a case the screening is anonymous and has a key of its own."""
    require(by, Capability.SCREEN)
    agency = Agency.objects.get(pk=by.agency_id)
    screening = Screening.objects.create(
        agency=agency,
        case=new.case,
        key=new.case.person.key if new.case else new_subject_key(agency, at=at),
        definition=new.definition,
        language=new.language,
        interpreter_present=new.interpreter_present,
        started_at=at,
        started_by=f"{by.kind}:{by.ref}",
        started_by_user=by.user_id,
        updated_at=at,
    )
    journal.record(
        "screening.started",
        f"screening:{screening.ref}",
        by=by,
        at=at,
        instrument=new.definition.code,
        case=str(new.case.ref) if new.case else None,
    )
    return screening


def locked_open(screening: Screening, version: int | None = None) -> Screening:
    """The row, held. NotAllowedNowError when concluded, StaleVersionError when it moved."""
    row = Screening.objects.locked().for_display().get(pk=screening.pk)
    if version is not None and row.version != version:
        raise StaleVersionError
    if row.concluded_at is not None:
        detail = "This screening is concluded; start another one to ask again."
        concluded = FieldProblem(pointer="/concluded_at", code="concluded", detail=detail)
        raise NotAllowedNowError(detail, problems=(concluded,))
    return row


@transaction.atomic
def save_answers(
    screening: Screening,
    sent: Iterable[SentAnswer],
    *,
    by: Principal,
    at: datetime,
    version: int | None = None,
) -> dict[str, Answer]:
    """Save these answers beside those already there; all of them or none.

    What was typed for a question that is hidden by another answer stays and returns with it.
    InvalidInputError names every answer that cannot be taken.
    """
    require(by, Capability.SCREEN)
    row = locked_open(screening, version)
    instrument = instrument_of(row.definition)
    answers = answers_of(row)
    checked = _check_all(instrument, list(sent), answers)
    for answer in checked.values():
        _store(row, answer, by, at)
    row.version += 1
    row.updated_at = at
    row.save(update_fields=["version", "updated_at"])
    journal.record(
        "screening.answered", f"screening:{row.ref}", by=by, at=at, items=sorted(checked)
    )
    return answers | checked


def _check_all(
    instrument: Instrument, sent: list[SentAnswer], saved: Mapping[str, Answer]
) -> dict[str, Answer]:
    """Check in the instrument's own order, so that an answer may open the question after it."""
    places = {item: place for place, item in enumerate(instrument.order)}
    checked: dict[str, Answer] = {}
    problems: list[FieldProblem] = []
    for answer in sorted(sent, key=lambda one: places.get(one.item, -1)):
        try:
            checked[answer.item] = _check(instrument, answer, {**saved, **checked})
        except InvalidInputError as error:
            problems.extend(error.problems)
    if problems:
        raise InvalidInputError(problems[0].detail, problems=tuple(problems))
    return checked


def _check(instrument: Instrument, sent: SentAnswer, known: Mapping[str, Answer]) -> Answer:
    value = sent.value
    if isinstance(value, str):
        value = clean_text(value, sent.pointer)
    answer = check_answer(instrument, sent.item, sent.standing, value, sent.pointer, known)
    note = clean_text(sent.note, sent.pointer)
    return Answer(item=answer.item, standing=answer.standing, value=answer.value, note=note)


def _store(screening: Screening, answer: Answer, by: Principal, at: datetime) -> None:
    row = ScreeningAnswer.objects.filter(screening=screening, item=answer.item).first()
    if row is None:
        row = ScreeningAnswer(
            agency_id=screening.agency_id, screening=screening, item=answer.item, ref=uuid4()
        )
    content: dict[str, Any] = {
        "standing": answer.standing.value,
        "value": list(answer.value) if isinstance(answer.value, tuple) else answer.value,
        "note": answer.note,
    }
    row.sealed = seal_value(row, "sealed", content, key=screening.key) or b""
    row.saved_at = at
    row.saved_by = f"{by.kind}:{by.ref}"
    row.save()


def answers_of(screening: Screening) -> dict[str, Answer]:
    """Every saved answer by item id, hidden ones included."""
    rows = ScreeningAnswer.objects.filter(screening=screening)
    return {row.item: _opened(row, screening) for row in rows}


def _opened(row: ScreeningAnswer, screening: Screening) -> Answer:
    content = open_value(row, "sealed", key=screening.key)
    value = content["value"]
    return Answer(
        item=row.item,
        standing=Standing(content["standing"]),
        value=tuple(value) if isinstance(value, list) else value,
        note=content["note"],
    )
