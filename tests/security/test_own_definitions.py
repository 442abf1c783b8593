"""The fence around what agencies add: seen by their own, instruments only, one at a time."""

from datetime import datetime
from functools import partial

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Agency, Definition
from screening.services.packs import add_pack
from tests.racing import race, winners, within
from tests.screening.packs import ID, changed, example

SHARED = {"kind": "instrument", "code": "palermo-matrix"}


def _row(at: datetime, **parts: object) -> Definition:
    plain = {"kind": "instrument", "code": "forged", "version": "1", "digest": "x", "content": {}}
    return Definition(**{**plain, "loaded_at": at, **parts})


def _is_refused(row: Definition) -> bool:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except ProgrammingError as error:
        return "row-level security" in str(error)
    return False


@pytest.mark.parametrize("kind", ["fact", "pathway", "clock", "indicator", "legal_definition"])
def test_the_database_itself_lets_an_agency_add_no_law(
    kind: str, harbor: Agency, at: datetime
) -> None:
    with agency_context(harbor.pk):
        assert _is_refused(_row(at, kind=kind, agency=harbor))
        assert not _is_refused(_row(at, agency=harbor))


def test_nothing_is_added_for_everyone_or_for_another_from_within_an_agency(
    harbor: Agency, northside: Agency, at: datetime
) -> None:
    with agency_context(harbor.pk):
        assert _is_refused(_row(at))
        assert _is_refused(_row(at, agency=northside))


def test_an_agency_withdraws_neither_what_is_everyones_nor_what_is_anothers(
    harbor: Agency, northside: Agency, at: datetime
) -> None:
    with agency_context(harbor.pk):
        _row(at, agency=harbor).save()
        assert Definition.objects.filter(**SHARED).update(withdrawn_at=at) == 0
    with agency_context(northside.pk):
        assert Definition.objects.update(withdrawn_at=at) == 0
    with agency_context(harbor.pk):
        assert Definition.objects.filter(code="forged").update(withdrawn_at=at) == 1


def test_an_own_row_is_seen_inside_its_agency_only(
    harbor: Agency, northside: Agency, at: datetime
) -> None:
    with agency_context(harbor.pk):
        _row(at, agency=harbor).save()
        assert Definition.objects.filter(code="forged").exists()
        assert Definition.objects.filter(**SHARED).exists()
    with agency_context(northside.pk):
        assert not Definition.objects.filter(code="forged").exists()
        assert Definition.objects.filter(**SHARED).exists()
    assert not Definition.objects.filter(code="forged").exists()


@pytest.mark.usefixtures("committed_db")
def test_of_many_versions_added_at_once_one_is_left_current(
    harbor: Agency, bob: Principal, at: datetime
) -> None:
    versions = [changed('"2026-01"', f'"2026-0{n}"') for n in range(1, 5)]
    deeds = [
        within(harbor.pk, partial(add_pack, content, "own.yaml", by=bob, at=at))
        for content in versions
    ]
    assert len(winners(race(deeds))) == len(versions)
    with agency_context(harbor.pk):
        assert Definition.objects.filter(code=ID).current().count() == 1


@pytest.mark.usefixtures("committed_db")
def test_of_the_same_version_added_at_once_one_is_stored(
    harbor: Agency, bob: Principal, at: datetime
) -> None:
    deed = partial(add_pack, example().encode(), "own.yaml", by=bob, at=at)
    assert len(winners(race([within(harbor.pk, deed)] * 4))) == 1
    with agency_context(harbor.pk):
        assert Definition.objects.filter(code=ID).count() == 1
