"""Row security: no table escapes it, no context means no rows, and none leak over a connection."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import cycle, islice, product

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from psycopg import sql

from casework.access import agency_context, set_context
from casework.domain.permissions import Principal
from casework.models import Agency, Case, Fact, Person, Referral, ReferralOrigin, User
from casework.services.absences import NewAbsence, record_absence
from casework.services.calendar_feeds import make_feed
from casework.services.deadline_acts import Deed, waive_deadline
from casework.services.idempotency import Answer, Attempt, begin, finish
from casework.services.journal import seal
from casework.services.sweep import sweep_agency
from screening.models import Screening
from tests import builders
from tests.database import Database
from tests.hooks import webhook
from tests.security import catalogue

QUERIES = 10_000
DAY = timedelta(days=1)
ForeignRows = Callable[[str, int], int]
Inside = Callable[[int], AbstractContextManager[None]]


def rows_in(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return int(cursor.fetchone()[0])


def fill(case: Case, by: Principal, reviewer: Principal, to: Agency, at: datetime) -> None:
    """At least one row in every fenced table for the agency of the case."""
    builders.concluded_screening(case=case, by=by, at=at)
    _event, moved = builders.record_event(case=case, by=by, at=at, kind="uac_determined")
    builders.sent_referral(case=case, recipient=to, by=by, reviewer=reviewer, at=at)
    agency = case.agency
    with agency_context(agency.pk):
        attempt = Attempt.of(by, "POST /cases", f"key-{agency.pk}", b"{}")
        claimed = begin(attempt, by=by, at=at)
        assert not isinstance(claimed, Answer)
        finish(claimed, Answer(status=201, body={}, headers={}))
        waive_deadline(moved[0].deadline, Deed(reason="Moot."), by=by, at=at)
        make_feed(by=by, at=at)
        away = NewAbsence(user=User.objects.get(ref=by.ref), from_at=at, until_at=at + DAY)
        record_absence(away, by=by, at=at)
        seal(agency, at=at)
    sweep_agency(agency)


@pytest.fixture
def both_full(
    harbor: Agency,
    northside: Agency,
    alice: Principal,
    bob: Principal,
    request: pytest.FixtureRequest,
) -> None:
    """Rows of both agencies in every fenced table, an entry waiting in each journal too."""
    long_ago = datetime.fromisoformat("2026-01-05T12:00:00+00:00")
    charlie, nora = (request.getfixturevalue(name) for name in ("charlie", "nora"))
    for partner in ("dora", "stranger"):
        webhook(by=request.getfixturevalue(partner), url="https://partner.example/")
    for by, reviewer, to in ((alice, bob, northside), (charlie, nora, harbor)):
        case = builders.open_case(by=by, at=long_ago, person={"name": "Rosa Fuentes"})
        fill(case, by, reviewer, to, long_ago)


@pytest.mark.usefixtures("db")
def test_every_table_is_fenced_or_has_a_reason_not_to_be() -> None:
    assert catalogue.unfenced() == []
    assert {table.name for table in catalogue.tables()} >= set(catalogue.GLOBAL)


def test_a_new_table_without_a_fence_is_noticed(as_owner: Database) -> None:
    as_owner.execute("CREATE TABLE casework_forgotten (id bigint, agency_id bigint)")
    try:
        assert catalogue.unfenced() == ["casework_forgotten"]
        as_owner.execute("ALTER TABLE casework_forgotten ENABLE ROW LEVEL SECURITY")
        as_owner.execute("CREATE POLICY p ON casework_forgotten FOR SELECT USING (true)")
        assert catalogue.unfenced() == ["casework_forgotten"]
    finally:
        as_owner.execute("DROP TABLE casework_forgotten")


@pytest.mark.usefixtures("db")
def test_the_application_owns_nothing_and_cannot_step_over_the_fence() -> None:
    role = settings.DATABASES["default"]["USER"]
    assert role not in {table.owner for table in catalogue.tables()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
            " has_schema_privilege('public', 'CREATE'),"
            " has_database_privilege(current_database(), 'CREATE'),"
            " has_database_privilege(current_database(), 'TEMPORARY'),"
            " (SELECT count(*) FROM pg_auth_members WHERE member = pg_roles.oid)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (role, *[False] * 7, 0)


@pytest.mark.usefixtures("both_full")
def test_without_a_context_no_table_shows_a_row_though_each_has_some(
    harbor: Agency, inside: Inside
) -> None:
    tables = catalogue.fenced()
    with inside(harbor.pk):
        empty = [table for table in tables if rows_in(table) == 0]
    assert empty == []
    assert {table: rows_in(table) for table in tables} == dict.fromkeys(tables, 0)


@pytest.mark.usefixtures("both_full")
def test_without_a_context_nothing_can_be_added(harbor: Agency, inside: Inside) -> None:
    with inside(harbor.pk):
        copied = {table: _copy_of_a_row(table) for table in catalogue.fenced()}
    refused = []
    for table, row in copied.items():
        if row is not None and _is_refused(table, row):
            refused.append(table)
    assert refused == [table for table, row in copied.items() if row is not None]
    assert len(refused) > 20


def _copy_of_a_row(table: str) -> str | None:
    with connection.cursor() as cursor:
        query = "SELECT to_jsonb(t)::text FROM {} t LIMIT 1"
        cursor.execute(sql.SQL(query).format(sql.Identifier(table)))
        row = cursor.fetchone()
        return str(row[0]) if row else None


def _is_refused(table: str, row: str) -> bool:
    query = "INSERT INTO {0} SELECT * FROM jsonb_populate_record(null::{0}, %s::jsonb)"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.SQL(query).format(sql.Identifier(table)), [row])
    except ProgrammingError as error:
        return "row-level security" in str(error)
    return False


@pytest.mark.usefixtures("both_full")
def test_one_agency_cannot_write_into_another(
    harbor: Agency, northside: Agency, inside: Inside
) -> None:
    with inside(harbor.pk):
        row = _copy_of_a_row("casework_person")
    with inside(northside.pk):
        assert row is not None
        assert _is_refused("casework_person", row)
        assert Person.objects.filter(agency=harbor).update(language="xx") == 0


@pytest.mark.usefixtures("both_full")
def test_the_recipient_reads_nothing_of_the_sender_but_the_envelope(
    harbor: Agency, northside: Agency, inside: Inside
) -> None:
    with inside(northside.pk):
        for model in (Case, Person, Fact, Screening):
            assert model._default_manager.filter(agency=harbor).count() == 0
        assert ReferralOrigin.objects.filter(agency=harbor).count() == 0
        received = Referral.objects.get(sender=harbor)
        assert received.sent_at is not None
        assert not ReferralOrigin.objects.filter(referral=received).exists()


def test_a_draft_is_not_seen_by_its_recipient(
    case: Case, alice: Principal, northside: Agency, at: datetime, inside: Inside
) -> None:
    builders.drafted_referral(case=case, recipient=northside, by=alice, at=at)
    with inside(northside.pk):
        assert Referral.objects.count() == 0


@pytest.fixture
def foreign_rows(stage: None) -> ForeignRows:  # noqa: ARG001
    """Counts rows in a table that belong to another than the agency in whose context we are."""
    shapes: dict[str, sql.Composed] = {}
    own = sql.SQL("agency_id = %(agency)s")
    shared = sql.SQL("%(agency)s IN (sender_id, recipient_id)")
    for table in catalogue.fenced():
        condition = shared if table == "casework_referral" else own
        shapes[table] = sql.SQL("SELECT count(*) FILTER (WHERE NOT ({})), count(*) FROM {}").format(
            condition, sql.Identifier(table)
        )

    def count(table: str, agency: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(shapes[table], {"agency": agency})
            foreign, seen = cursor.fetchone()
        assert seen
        return int(foreign)

    return count


@pytest.mark.usefixtures("committed_db", "both_full")
def test_alternating_agencies_over_one_connection_never_see_each_other(
    harbor: Agency, northside: Agency, foreign_rows: ForeignRows
) -> None:
    pids, foreign = set(), 0
    turns = cycle(product(catalogue.fenced(), (harbor.pk, northside.pk)))
    for table, agency in islice(turns, QUERIES):
        with transaction.atomic():
            set_context(agency_id=agency)
            foreign += foreign_rows(table, agency)
            pids.add(connection.connection.info.backend_pid)
    assert (foreign, len(pids)) == (0, 1)


@pytest.mark.usefixtures("committed_db", "both_full")
@pytest.mark.parametrize("is_kept", [True, False])
def test_the_context_ends_with_its_transaction(
    harbor: Agency,
    is_kept: bool,
) -> None:
    with transaction.atomic():
        set_context(agency_id=harbor.pk)
        assert Case.objects.exists()
        transaction.set_rollback(not is_kept)
    assert not Case.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('casework.agency', true)")
        assert not cursor.fetchone()[0]


@pytest.mark.usefixtures("committed_db")
def test_a_context_cannot_be_set_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError):
        set_context(agency_id=1)


@pytest.mark.usefixtures("committed_db")
def test_the_application_cannot_become_somebody_else() -> None:
    for statement in ("SET ROLE casework_owner", "SET SESSION AUTHORIZATION casework_owner"):
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("SET row_security = off")
        with pytest.raises(ProgrammingError, match="row-level security"):
            cursor.execute("SELECT count(*) FROM casework_case")
        cursor.execute("RESET row_security")


@pytest.mark.usefixtures("case")
def test_row_security_holds_for_the_owner_too(as_owner: Database) -> None:
    assert as_owner.execute("SELECT count(*) FROM casework_case").fetchone() == (0,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_owner.execute("SET SESSION AUTHORIZATION postgres")
