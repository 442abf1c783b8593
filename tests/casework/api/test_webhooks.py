"""Webhooks by REST: a secret is shown once, a delivery can be seen and repeated, by one's own."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from casework.access import agency_context
from casework.domain.permissions import Principal, Scope
from casework.models import Agency, User, Webhook
from casework.models.journal import JournalEntry
from casework.services import outbox
from casework.services.calls import call_all
from casework.services.webhooks import MOST
from tests.casework.api.clients import Answer, Api, Json, Partners, People
from tests.casework.api.counting import row_counts
from tests.casework.api.test_answers_keep_the_contract import keeps
from tests.hook_sink import HookSink

BASE = "/api/v1/webhooks/"
DELIVERIES = f"{BASE}deliveries/"
URL = "https://partner.example/hooks"
NEW = {"url": URL, "events": ["deadline.met", "deadline.overdue"]}


@pytest.fixture
def api(partner_client: Partners, dora: Principal) -> Api:
    return partner_client(dora)


@pytest.fixture
def made(api: Api, sink: HookSink) -> Json:
    """A webhook that leads to the sink."""
    body = {"url": sink.url(), "events": ["deadline.met"]}
    return api.post(BASE, body).json()


def pointers(answer: Answer) -> list[tuple[str, str]]:
    return [(one["pointer"], one["code"]) for one in answer.json()["errors"]]


def post(agency: Agency, number: int = 1) -> None:
    at = datetime.now(UTC) - timedelta(minutes=1)
    with agency_context(agency.pk):
        for _ in range(number):
            params = {"case": str(uuid4())}
            outbox.post_to_webhooks(agency, "deadline.met", params, f"cause:{uuid4()}", at)


def test_a_secret_is_shown_once(api: Api) -> None:
    answer = api.post(BASE, NEW)
    assert answer.status_code == 201
    made, secret = answer.json()["webhook"], answer.json()["secret"]
    assert secret.startswith("whsec_")
    assert (made["url"], made["events"]) == (URL, NEW["events"])
    assert (made["disabled_at"], made["both_secrets_sign_until"]) == (None, None)
    for path in (BASE, f"{BASE}{made['ref']}/"):
        shown = api.get(path)
        assert shown.status_code == 200
        assert secret not in shown.content.decode()
    assert api.get(f"{BASE}{made['ref']}/").json() == made


def test_a_secret_does_not_lie_in_the_clear(api: Api, harbor: Agency) -> None:
    secret = api.post(BASE, NEW).json()["secret"]
    with agency_context(harbor.pk):
        row = Webhook.objects.select_related("key").get()
        assert secret.encode() not in bytes(row.secret)
        assert row.key.ref != row.ref
        entry = JournalEntry.objects.get(action="webhook.created")
    assert entry.subject == f"webhook:{row.ref}"
    assert "partner.example" not in str(entry.detail)


def test_a_repeat_with_the_same_key_makes_no_second_one(api: Api) -> None:
    first, again = (api.post(BASE, NEW, headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert first.json() == again.json()
    assert len(api.get(BASE).json()["results"]) == 1


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ({"url": "http://partner.example/"}, ("/url", "not_secure")),
        ({"url": "https://127.0.0.1/"}, ("/url", "not_public")),
        ({"url": "https://169.254.169.254/latest"}, ("/url", "not_public")),
        ({"url": "https://me:secret@partner.example/"}, ("/url", "not_a_url")),
        ({"url": "nonsense"}, ("/url", "not_a_url")),
        ({"url": "https://partner.example/" + "x" * 500}, ("/url", "too_long")),
        ({"url": 7}, ("/url", "wrong_type")),
        ({"events": []}, ("/events", "required")),
        ({"events": ["deadline.met", "case.opened"]}, ("/events/1", "not_an_option")),
        ({"events": "deadline.met"}, ("/events", "not_a_list")),
        ({"secret": "mine"}, ("/secret", "unknown_field")),
        ({"agency": "mine"}, ("/agency", "unknown_field")),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_and_leaves_nothing(
    api: Api, harbor: Agency, wrong: Json, expected: tuple[str, str]
) -> None:
    before = row_counts(harbor)
    answer = api.post(BASE, NEW | wrong)
    assert (answer.status_code, pointers(answer)) == (400, [expected])
    assert row_counts(harbor) == before


def test_there_is_an_end_to_how_many(api: Api) -> None:
    made = [api.post(BASE, NEW).json()["webhook"]["ref"] for _ in range(MOST)]
    full = api.post(BASE, NEW)
    assert (full.status_code, full.json()["code"]) == (409, "not_allowed_now")
    api.post(f"{BASE}{made[0]}/disable/", {})
    assert api.post(BASE, NEW).status_code == 201


def test_a_new_secret_is_shown_once_and_the_old_one_signs_for_a_day(api: Api, made: Json) -> None:
    path = f"{BASE}{made['webhook']['ref']}/"
    before = datetime.now(UTC)
    answer = api.post(f"{path}rotate/", {})
    assert answer.status_code == 200
    assert answer.json()["secret"] != made["secret"]
    until = datetime.fromisoformat(answer.json()["webhook"]["both_secrets_sign_until"])
    assert timedelta(hours=24) <= until - before < timedelta(hours=24, minutes=1)
    assert answer.json()["secret"] not in api.get(path).content.decode()


def test_a_disabled_one_stays_to_be_seen_and_does_nothing_more(
    api: Api, made: Json, harbor: Agency, sink: HookSink
) -> None:
    path = f"{BASE}{made['webhook']['ref']}/"
    ended = api.post(f"{path}disable/", {})
    assert (ended.status_code, ended.json()["disabled_because"]) == (200, "asked")
    for deed in ("disable/", "rotate/"):
        again = api.post(f"{path}{deed}", {})
        assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")
    post(harbor)
    assert (call_all(), sink.heard) == (0, [])
    assert api.get(DELIVERIES).json()["results"] == []
    assert api.get(path).json() == ended.json()


def test_a_delivery_is_seen_from_waiting_to_sent(
    api: Api, made: Json, harbor: Agency, sink: HookSink
) -> None:
    post(harbor)
    (waiting,) = api.get(DELIVERIES).json()["results"]
    assert (waiting["status"], waiting["attempts"], waiting["sent_at"]) == ("waiting", 0, None)
    assert waiting["next_try_at"]
    sink.mood = "500"
    call_all()
    failed = api.get(f"{DELIVERIES}{waiting['ref']}/").json()
    assert (failed["attempts"], failed["last_error"]) == (1, "HTTP 500")
    sink.mood = "200"
    api.post(f"{DELIVERIES}{waiting['ref']}/replay/", {})
    call_all()
    (sent,) = api.get(DELIVERIES, {"status": "sent"}).json()["results"]
    assert (sent["attempts"], sent["last_error"], sent["next_try_at"]) == (2, "", None)
    assert (sent["webhook"], sent["event"]) == (made["webhook"]["ref"], "deadline.met")
    assert {one.number for one in sink.heard} == {sent["webhook_id"]}


def test_what_was_sent_is_sent_again_under_the_same_id(
    api: Api, made: Json, harbor: Agency, sink: HookSink
) -> None:
    post(harbor)
    call_all()
    (sent,) = api.get(DELIVERIES).json()["results"]
    again = api.post(f"{DELIVERIES}{sent['ref']}/replay/", {})
    assert (again.status_code, again.json()["status"]) == (200, "waiting")
    call_all()
    assert sink.counts() == {sent["webhook_id"]: 2}
    with agency_context(harbor.pk):
        entry = JournalEntry.objects.get(action="webhook.replayed")
    assert entry.subject == f"webhook:{made['webhook']['ref']}"


@pytest.mark.usefixtures("made")
def test_what_is_being_sent_is_not_asked_for_again(api: Api, harbor: Agency) -> None:
    post(harbor)
    with agency_context(harbor.pk):
        outbox.claim_calls(harbor, uuid4(), limit=9)
    (row,) = api.get(DELIVERIES).json()["results"]
    answer = api.post(f"{DELIVERIES}{row['ref']}/replay/", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_now")


def test_what_waits_for_a_disabled_one_needs_attention(
    api: Api, made: Json, harbor: Agency
) -> None:
    post(harbor)
    api.post(f"{BASE}{made['webhook']['ref']}/disable/", {})
    call_all()
    (row,) = api.get(DELIVERIES, {"status": "needs_attention"}).json()["results"]
    assert (row["last_error"], row["next_try_at"]) == ("webhook_disabled", None)
    assert api.post(f"{DELIVERIES}{row['ref']}/replay/", {}).status_code == 409


def test_deliveries_are_found_by_webhook_event_and_status(
    api: Api, made: Json, harbor: Agency, sink: HookSink
) -> None:
    other = api.post(BASE, {"url": sink.url("/b"), "events": ["deadline.met"]}).json()
    post(harbor, 2)
    found = {
        name: len(api.get(DELIVERIES, question).json()["results"])
        for name, question in {
            "all": {},
            "one": {"webhook": made["webhook"]["ref"]},
            "other": {"webhook": other["webhook"]["ref"], "event": "deadline.met"},
            "late": {"event": "deadline.late"},
            "sent": {"status": "sent"},
            "waiting": {"status": "waiting", "ordering": "created_at"},
        }.items()
    }
    assert found == {"all": 4, "one": 2, "other": 2, "late": 0, "sent": 0, "waiting": 4}
    assert pointers(api.get(DELIVERIES, {"status": "lost"})) == [("?status", "not_an_option")]


def test_administrators_manage_them_and_nobody_else_does(
    people_client: People,
    ada_user: User,
    bob_user: User,
    alice_user: User,
    olga_user: User,
) -> None:
    ada = people_client(ada_user)
    assert ada.post(BASE, NEW, "application/json").status_code == 201
    assert len(ada.get(BASE).json()["results"]) == 1
    for user in (bob_user, alice_user, olga_user):
        client = people_client(user)
        assert client.get(BASE).status_code == 403
        assert client.post(BASE, NEW, "application/json").status_code == 403


def test_a_partner_needs_the_scope(partner_client: Partners, dora: Principal) -> None:
    others = frozenset(Scope) - {Scope.WEBHOOKS_MANAGE}
    bare = partner_client(dora, scopes=others)
    assert [bare.get(path).status_code for path in (BASE, DELIVERIES)] == [403, 403]
    own = partner_client(dora, scopes=frozenset({Scope.WEBHOOKS_MANAGE}))
    assert own.get(BASE).status_code == 200
    assert own.get("/api/v1/cases/").status_code == 403


def test_for_another_agency_there_are_none(
    api: Api, made: Json, harbor: Agency, partner_client: Partners, stranger: Principal
) -> None:
    post(harbor)
    (delivery,) = api.get(DELIVERIES).json()["results"]
    other = partner_client(stranger)
    assert [other.get(path).json()["results"] for path in (BASE, DELIVERIES)] == [[], []]
    missing = other.get(f"{BASE}{uuid4()}/")
    ref = made["webhook"]["ref"]
    for path in (f"{BASE}{ref}/", f"{DELIVERIES}{delivery['ref']}/"):
        denied = other.get(path)
        assert (denied.status_code, denied.json()) == (404, missing.json())
    for path in (
        f"{BASE}{ref}/rotate/",
        f"{BASE}{ref}/disable/",
        f"{DELIVERIES}{delivery['ref']}/replay/",
    ):
        assert other.post(path, {}).status_code == 404
    assert api.get(f"{BASE}{ref}/").json() == made["webhook"]


def test_every_answer_keeps_the_contract(api: Api, harbor: Agency, sink: HookSink) -> None:
    made = keeps(api.post(BASE, NEW | {"url": sink.url()}), "post", "webhooks/")["webhook"]
    own, one = f"{BASE}{made['ref']}/", "webhooks/{ref}/"
    post(harbor, 2)
    call_all()
    keeps(api.get(BASE), "get", "webhooks/")
    keeps(api.get(own), "get", one)
    keeps(api.post(f"{own}rotate/", {}), "post", f"{one}rotate/")
    sent = keeps(api.get(DELIVERIES), "get", "webhooks/deliveries/")["results"][0]
    delivery, one_delivery = f"{DELIVERIES}{sent['ref']}/", "webhooks/deliveries/{ref}/"
    keeps(api.get(delivery), "get", one_delivery)
    keeps(api.post(f"{delivery}replay/", {}), "post", f"{one_delivery}replay/")
    keeps(api.post(f"{own}disable/", {}), "post", f"{one}disable/")
    keeps(api.post(BASE, {}), "post", "webhooks/")
