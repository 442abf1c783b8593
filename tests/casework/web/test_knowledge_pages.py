"""The knowledge as pages: everything stored can be read, followed to its sources, and compared."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import Case, Definition, User
from casework.services.definitions import carriers, kind_names
from casework.services.seed_coverage import coverage
from screening.services.packs import add_pack
from tests.cast import PersonClient
from tests.screening.packs import ID, changed, example
from tests.seeds import rows as seeds

Clients = Callable[[User], PersonClient]
NEWER, OLDER = "2024-08-28", "2021-10-20"
_OF_EACH_KIND = 8


def one(kind: str, code: str) -> str:
    return reverse("knowledge_one", args=[kind, code])


def page(browser: Client, address: str, **question: str) -> str:
    answer = browser.get(address, question)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.fixture
def browser(alice_user: User, people_client: Clients) -> PersonClient:
    """Alice's."""
    return people_client(alice_user)


def test_every_kind_and_every_form_of_relief_has_its_page(browser: Client) -> None:
    shown = 0
    for kind in kind_names():
        rows = Definition.objects.current().of_kind(kind).shared()
        largest = {row.code: row for row in sorted(rows, key=lambda row: len(str(row.content)))}
        codes = list(largest) if kind == "pathway" else list(largest)[-_OF_EACH_KIND:]
        for row in (largest[code] for code in codes):
            text = page(browser, one(kind, row.code), digest=row.digest)
            assert row.digest in text
            assert "{&#x27;" not in text, row
            shown += 1
    assert shown > 200


def test_the_words_of_a_sign_stand_in_every_language_as_that_language(browser: Client) -> None:
    text = page(browser, one("indicator", "child_begging"))
    assert '<p lang="en" dir="ltr">Did an adult make you ask people for money' in text
    assert '<p lang="es" dir="ltr">¿Alguna persona adulta' in text
    assert '<p lang="ar" dir="rtl">' in text
    assert "translation not reviewed by a person" in text


def test_the_options_of_a_fact_stand_in_every_language(browser: Client) -> None:
    text = page(browser, one("fact", "visa_class"))
    assert "No visa" in text
    assert "Sin visa" in text
    assert "بلا تأشيرة" in text


def test_a_form_of_relief_leads_to_its_sources_and_facts(browser: Client) -> None:
    text = page(browser, one("pathway", "t-status"))
    assert f'href="{one("source", "usc-8-1101-a-15-t")}"' in text
    assert f'href="{one("fact", "present_in_us")}"' in text
    assert f'href="{one("mission", "R16")}"' in text
    assert "not reviewed by counsel" in text
    assert "Any of these" in text
    assert "All of these" in text


def test_a_row_of_the_comparison_leads_to_the_form_of_relief_and_back(browser: Client) -> None:
    assert f'href="{one("pathway", "vacatur-ny")}"' in page(
        browser, one("vacatur_rule", "vacatur-ny")
    )
    assert f'href="{one("vacatur_rule", "vacatur-ny")}"' in page(
        browser, one("pathway", "vacatur-ny")
    )


@pytest.mark.parametrize(
    ("kind", "code", "other"),
    [
        ("source", "usc-8-1101-a-15-t", ("pathway", "t-status")),
        ("fact", "present_in_us", ("pathway", "t-status")),
        ("ladder", "elapsed-72h", ("clock", "UAC-TRANSFER-72H")),
        ("mission", "R16", ("pathway", "t-status")),
        ("indicator", "child_begging", ("instrument", "palermo-matrix")),
    ],
)
def test_a_page_says_what_rests_on_it(
    browser: Client, kind: str, code: str, other: tuple[str, str]
) -> None:
    text = page(browser, one(kind, code))
    _, found, mentions = text.partition('id="mentions"')
    assert found
    assert f'href="{one(*other)}"' in mentions


def test_why_offences_are_not_settled_is_said_only_where_some_are_not(browser: Client) -> None:
    assert "Why it is not settled" not in page(browser, one("vacatur_rule", "vacatur-ny"))
    some_open = next(
        row
        for row in Definition.objects.current().of_kind("vacatur_rule")
        if row.content["terms"] and row.content["terms"]["offences"]["open"]
    )
    text = page(browser, one("vacatur_rule", some_open.code), version=some_open.version)
    assert "Why it is not settled" in text


def test_without_a_choice_the_version_in_force_is_shown(browser: Client) -> None:
    text = page(browser, one("pathway", "t-status"))
    assert f"t-status · {NEWER}" in text
    assert "in force today" in text
    older = page(browser, one("pathway", "t-status"), version=OLDER)
    assert f"t-status · {OLDER}" in older
    assert "This is not the version in force today." in older


def test_rules_of_an_instrument_are_put_into_words(browser: Client) -> None:
    text = page(browser, one("instrument", "palermo-matrix"))
    assert "the answer to p_sexual is yes" in text
    assert "the part act is positive" in text
    assert "in all other cases" in text


def test_two_versions_stand_side_by_side_and_what_changed_is_marked_in_words(
    browser: Client,
) -> None:
    address = reverse("knowledge_compare", args=["pathway", "t-status"])
    text = page(browser, address, **{"from": OLDER, "to": NEWER})
    assert "interim rule as read since October 2021" in text
    assert '<mark class="cw-changed">' in text
    assert ">differs</span>" in text
    same = text.partition("What both say alike")[2]
    assert "files Form I-914" in same
    assert "files Form I-914" not in text.partition("What both say alike")[0]


def test_without_a_choice_the_newest_is_compared_with_the_one_before(browser: Client) -> None:
    text = page(browser, reverse("knowledge_compare", args=["pathway", "t-status"]))
    head = text.partition("<thead>")[2].partition("</thead>")[0]
    assert head.index(OLDER) < head.index(NEWER)


def test_what_only_one_version_has_is_said_to_be_there_alone(browser: Client) -> None:
    address = reverse("knowledge_compare", args=["pathway", "t-status"])
    forth = page(browser, address, **{"from": "2000-10-28", "to": NEWER})
    back = page(browser, address, **{"from": NEWER, "to": "2000-10-28"})
    assert forth.count("only in the second") == back.count("only in the first") > 0


def test_a_version_is_no_different_from_itself(browser: Client) -> None:
    address = reverse("knowledge_compare", args=["pathway", "t-status"])
    assert "differ in 0 places" in page(browser, address, **{"from": NEWER, "to": NEWER})


def test_a_search_finds_words_in_any_language_and_a_filter_narrows(browser: Client) -> None:
    found = page(browser, reverse("knowledge"), q="pasaporte")
    assert one("indicator", "passport_retained") in found
    assert one("indicator", "child_begging") not in found
    answers = page(browser, reverse("knowledge"), row="R16", q="nonimmigrant")
    assert one("pathway", "t-status") in answers
    assert "Nothing is found" in page(browser, reverse("knowledge"), q="zzzz no such words")


def test_a_kind_is_listed_in_pages_and_filtered_by_place_day_and_certainty(browser: Client) -> None:
    address = reverse("knowledge_kind", args=["vacatur_rule"])
    first, second = page(browser, address), page(browser, address, page="2")
    assert one("vacatur_rule", "vacatur-al") in first
    assert one("vacatur_rule", "vacatur-wy") in second
    here = page(browser, address, place="US-NY")
    assert one("vacatur_rule", "vacatur-ny") in here
    assert one("vacatur_rule", "vacatur-nj") not in here
    assert "Nothing is found" in page(browser, address, on="1999-01-01")
    sure = page(browser, address, certainty="verified")
    assert one("vacatur_rule", "vacatur-al") not in sure


def test_every_demand_of_the_report_stands_with_what_carries_it(browser: Client) -> None:
    text = page(browser, reverse("knowledge_mission"))
    assert all(f'<li id="R{number}">' in text for number in range(1, 31))
    assert "Nothing that is loaded carries it." not in text
    assert f'href="{reverse("knowledge_kind", args=["pathway"])}?row=R16"' in text


@pytest.mark.django_db
def test_what_is_loaded_carries_the_same_as_the_files(now: datetime) -> None:
    found = {
        name: {(row.kind, row.code) for row in rows}
        for name, rows in carriers(on=now.date()).items()
    }
    assert found == {
        name: {(kind, code) for kind, codes in kinds.items() for code in codes}
        for name, kinds in coverage(seeds.all_rows()).carried_by.items()
    }


@pytest.mark.parametrize(
    "address",
    [
        "/knowledge/poem/",
        "/knowledge/poem/t-status/",
        "/knowledge/pathway/none/",
        "/knowledge/pathway/none/compare/",
        "/knowledge/pathway/t-status/?version=1",
        "/knowledge/pathway/t-status/compare/?from=1",
    ],
)
def test_what_is_not_there_is_missing(browser: Client, address: str) -> None:
    assert browser.get(address).status_code == 404


def test_an_agencys_own_instrument_is_its_own_alone(
    browser: Client, charlie_user: User, people_client: Clients, bob: Principal, at: datetime
) -> None:
    with agency_context(bob.agency_id):
        old = add_pack(example().encode(), "own.yaml", by=bob, at=at)
        add_pack(changed('version: "2026-01"', "version: another"), "own.yaml", by=bob, at=at)
    assert "your agency's own" in page(browser, one("instrument", ID))
    replaced = page(browser, one("instrument", ID), digest=old.digest)
    assert "was taken out of use" in replaced
    stranger = people_client(charlie_user)
    compare = reverse("knowledge_compare", args=["instrument", ID])
    for address in (one("instrument", ID), compare):
        assert browser.get(address).status_code == 200
        assert stranger.get(address).status_code == 404
    assert one("instrument", ID) not in page(stranger, reverse("knowledge"), q=ID)


def test_everyone_who_works_here_reads_it_and_strangers_log_in(
    ada_user: User, olga_user: User, people_client: Clients, client: Client
) -> None:
    for user in (ada_user, olga_user):
        assert f'href="{reverse("knowledge")}"' in page(people_client(user), reverse("knowledge"))
    assert client.get(reverse("knowledge")).status_code == 302


def test_relief_leads_to_the_rule_in_full(browser: Client, case: Case) -> None:
    text = page(browser, reverse("case_relief", args=[case.ref]))
    assert f'href="{one("pathway", "t-status")}?digest=' in text


def test_law_in_english_is_marked_on_a_page_of_another_language(browser: Client) -> None:
    browser.post(reverse("language"), {"language": "ar", "back": "/"})
    text = page(browser, one("pathway", "t-status"))
    assert '<h1><span lang="en" dir="ltr">T nonimmigrant status</span></h1>' in text
    fact = page(browser, one("fact", "in_custody"))
    assert "<h1><span" not in fact


@pytest.mark.parametrize(
    "address",
    [
        "/knowledge/",
        "/knowledge/?q=status",
        "/knowledge/mission/",
        "/knowledge/fact/",
        "/knowledge/pathway/t-status/",
        "/knowledge/instrument/palermo-matrix/",
        "/knowledge/source/un-report-2017/",
        "/knowledge/pathway/t-status/compare/",
    ],
)
def test_a_page_asks_the_database_little(
    browser: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    address: str,
) -> None:
    with django_assert_max_num_queries(20):
        assert browser.get(address).status_code == 200


def test_what_changed_in_a_text_is_one_run_of_words_from_left_to_right(
    browser: PersonClient,
) -> None:
    browser.post("/language/", {"language": "ar", "back": "/"})
    page = browser.get("/knowledge/pathway/t-status/compare/").content.decode()
    assert '<bdi lang="en">8 CFR <mark class="cw-changed">214' in page


def test_a_date_is_kept_in_its_own_order_on_a_page_from_right_to_left(
    browser: PersonClient,
) -> None:
    browser.post("/language/", {"language": "ar", "back": "/"})
    page = browser.get("/knowledge/pathway/t-status/").content.decode()
    assert '<bdi class="cw-day">2024-08-28</bdi>' in page
    assert "<bdi>t-status</bdi>" in page
