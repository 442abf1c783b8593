"""Nothing that a person said lies in the clear: not in a dump, a queue, a log or a letter."""

import base64
import logging
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from django.db import DataError, connection

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.domain.referral_flow import ReferralAction
from casework.models import Agency, Case, IdempotencyRecord
from casework.services import cases, events, people, received_referrals, referrals
from casework.services.loops import relay_once, seal_once, sweep_once
from casework.tasks import relay, seal, sweep
from config.celery import app
from config.postgres_files import cluster_place, owner_of, programs
from screening.services.answering import save_answers
from tests import builders
from tests.cast import PartnerApi
from tests.database import Database
from tests.mail import MailServer
from tests.security.canaries import Canaries

pytestmark = pytest.mark.usefixtures("committed_db")
HOUR = timedelta(hours=1)


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def then() -> datetime:
    logging.getLogger("casework").info("the story begins")
    return datetime.now(UTC) - HOUR


@pytest.fixture
def story(
    canaries: Canaries,
    harbor: Agency,
    alice: Principal,
    bob: Principal,
    then: datetime,
) -> Case:
    """A case with a word of its own in every personal and every free-text field."""
    details = {name: canaries.for_field(f"person.{name}") for name in people.SEALED_FIELDS}
    case = builders.open_case(by=alice, at=then, person=details)
    event, _ = builders.record_event(
        case=case, by=alice, at=then, kind="uac_determined", note=canaries.for_field("event.note")
    )
    note = canaries.for_field("event.note amended")
    again = events.NewEvent(kind="uac_determined", at=then, zone="UTC", note=note)
    with agency_context(harbor.pk):
        events.amend_event(event, again, by=alice, at=then)
        changed = {"preferred_name": canaries.for_field("person.preferred_name changed")}
        cases.change_case(case, {"person": changed}, by=alice, at=then)
        people.reveal_identity(case, by=bob, at=then)
    canaries.words["fact.date_of_birth"] = "1931-03-17"
    builders.assert_fact(case=case, by=alice, at=then, code="date_of_birth", value="1931-03-17")
    _screen(case, alice, then, canaries)
    return case


def _screen(case: Case, by: Principal, at: datetime, canaries: Canaries) -> None:
    screening = builders.started_screening(
        case=case, by=by, at=at, instrument="us-tvpra-contiguous-child-screen"
    )
    said = {"c1": "no", "rationale": canaries.for_field("answer.text")}
    sent = builders.answers(said, note=canaries.for_field("answer.note"))
    with agency_context(by.agency_id):
        save_answers(screening, sent, by=by, at=at)
    builders.concluded_screening(by=by, at=at, note=canaries.for_field("anonymous answer.note"))


@pytest.fixture
def told(
    story: Case,
    canaries: Canaries,
    harbor: Agency,
    northside: Agency,
    request: pytest.FixtureRequest,
    then: datetime,
) -> Case:
    """The same case with its referrals: returned, declined, accepted, each with words; closed."""
    alice, bob, charlie = (request.getfixturevalue(name) for name in ("alice", "bob", "charlie"))
    fields = (*builders.RELEASED, "name", "safe_contact", "summary")
    draft = builders.submitted_referral(
        case=story,
        recipient=northside,
        by=alice,
        at=then,
        fields=fields,
        needs=canaries.for_field("referral.needs"),
        summary=canaries.for_field("referral.summary"),
    )
    builders.consent(case=story, recipient=northside, by=alice, at=then, fields=fields)
    reason = canaries.for_field("referral.returned_because")
    with agency_context(harbor.pk):
        referrals.return_referral(draft, reason=reason, by=bob, at=then)
        referrals.submit_referral(draft, by=alice, at=then)
        referrals.approve_referral(draft, by=bob, at=then)
        first = referrals.send_referral(draft, by=alice, at=then)
    second = builders.sent_referral(
        case=story, recipient=northside, by=alice, reviewer=bob, at=then, fields=fields
    )
    with agency_context(northside.pk):
        for sent, action in ((first, ReferralAction.ACCEPT), (second, ReferralAction.DECLINE)):
            received_referrals.read_packet(sent, by=charlie, at=then)
            word = canaries.for_field(f"referral.note {action}")
            received_referrals.answer_referral(sent, action, by=charlie, at=then, note=word)
    reason = canaries.for_field("case.closing_reason")
    return builders.close_case(case=story, by=alice, at=then, reason=reason)


@pytest.fixture
def over_the_wire(
    told: Case,
    canaries: Canaries,
    dora: Principal,
    partner_client: Callable[..., PartnerApi],
) -> Case:
    """The same once more by REST: a case, a repeat of it, a search, and what is refused."""
    api = partner_client(dora)
    name = canaries.for_field("api person.name")
    body = {"door": "hotline", "person": {"name": name}}
    opened = [
        api.post("/api/v1/cases/", body, headers={"Idempotency-Key": "canary-1"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in opened] == [201, 201]
    searched = api.post("/api/v1/cases/search/", {"name": name})
    assert searched.status_code == 200
    for wrong in (
        {"door": canaries.for_field("api refused door"), "person": {}},
        {"person": {canaries.for_field("api refused field"): "x"}},
        {"person": {"name": canaries.for_field("api refused name") + "\x00"}},
    ):
        assert api.post("/api/v1/cases/", wrong).status_code == 400
    missing = canaries.for_field("api path")
    assert api.get(f"/api/v1/cases/{missing}/").status_code == 404
    assert api.get(f"/api/v1/cases/?{missing}={missing}").status_code == 400
    with agency_context(told.agency_id):
        assert IdempotencyRecord.objects.count() == 1
    return told


def _go_round() -> None:
    """Everything that leaves: reminders fired, letters and words sent, entries chained, pokes."""
    sweep_once()
    assert relay_once() > 0
    assert seal_once(at=datetime.now(UTC)) > 0
    for task in (sweep, relay, seal):
        task.delay()
    app.close()


def _database_dump(url: str, folder: Path) -> bytes:
    data = Path(os.environ.get("DATA_DIR", "."))
    target = folder / "dump.sql"
    where = owner_of(cluster_place(data)) if (data / "postgres").exists() else owner_of(folder)
    with target.open("wb") as file:
        subprocess.run(
            [str(programs(where) / "pg_dump"), "--no-owner", url], stdout=file, check=True
        )
    return target.read_bytes()


def _queue_dump() -> bytes:
    client = redis.Redis.from_url(os.environ["REDIS_URL"])
    try:
        keys = list(client.scan_iter())
        lists = [key for key in keys if client.type(key) == b"list"]
        queued = [str(client.lrange(key, 0, -1)).encode() for key in lists]
        return b"\n".join([*keys, *(client.dump(key) or b"" for key in keys), *queued])
    finally:
        client.delete("celery")
        client.close()


def test_no_word_of_a_person_lies_in_the_clear(
    over_the_wire: Case,
    canaries: Canaries,
    mail_server: MailServer,
    caplog: pytest.LogCaptureFixture,
    superuser_url: str,
    tmp_path: Path,
) -> None:
    _go_round()
    lines = [*caplog.get_records("setup"), *caplog.get_records("call")]
    sinks = {
        "dump": _database_dump(superuser_url, tmp_path),
        "queue": _queue_dump(),
        "log": "\n".join(logging.Formatter().format(line) for line in lines).encode(),
        "mail": b"\n".join(mail_server.messages),
    }
    assert b"the story begins" in sinks["log"]
    assert b"Please sign in" in sinks["mail"]
    assert b"reminder.fired" in sinks["dump"]
    assert b"casework.tasks.sweep" in sinks["queue"]
    assert len(canaries.words) > 25
    assert {sink: sorted(canaries.found_in(content)) for sink, content in sinks.items()} == {
        sink: [] for sink in sinks
    }
    assert over_the_wire.status == "closed"


def test_a_word_that_does_lie_in_the_clear_is_found(
    canaries: Canaries,
    as_superuser: Database,
    harbor: Agency,
    caplog: pytest.LogCaptureFixture,
    superuser_url: str,
    tmp_path: Path,
) -> None:
    plain, in_bytes = canaries.for_field("plain"), canaries.for_field("bytes")
    encoded, logged = canaries.for_field("base64"), canaries.for_field("logged")
    as_superuser.execute("UPDATE casework_agency SET name = %s", [plain.upper()])
    in_base64 = base64.b64encode(b"ab" + encoded.encode()).decode()
    as_superuser.execute(
        "INSERT INTO casework_user (password, ref, email, name, language, is_active, date_joined)"
        " VALUES ('', gen_random_uuid(), 'x@example.org', %s, 'en', true, now())",
        [in_base64],
    )
    as_superuser.execute(
        "INSERT INTO casework_idempotencyrecord (agency_id, ref, principal, route, key,"
        " fingerprint, created_at) VALUES (%s, gen_random_uuid(), '', '', '', %s, now())",
        [harbor.pk, in_bytes.encode()],
    )
    logging.getLogger("casework").warning("heard %s", logged)
    dump = _database_dump(superuser_url, tmp_path)
    assert canaries.found_in(dump) == {"plain", "bytes", "base64"}
    assert canaries.found_in(caplog.text.encode()) == {"logged"}


def test_the_servers_own_log_quotes_nothing(canaries: Canaries) -> None:
    data = Path(os.environ.get("DATA_DIR", "."))
    if not (data / "postgres").exists():
        pytest.skip("a server that was given to us keeps its log elsewhere")
    log = cluster_place(data) / "postgres.log"
    word = canaries.for_field("quoted by the server")
    with pytest.raises(DataError, match=word), connection.cursor() as cursor:
        cursor.execute("SELECT %s::text::int", [word])
    content = log.read_bytes()
    assert content
    assert canaries.found_in(content) == set()
