"""The knowledge of screening: every row parses, cites, explains itself, and covers the report."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest
from pydantic import BaseModel

from casework.domain.findings import Element, TraffickingForm
from casework.domain.rule_versions import Certainty
from screening.domain.definition import Text
from screening.domain.indicators import FederalPart, Indicator
from screening.domain.instrument import Instrument, Status
from screening.domain.items import ItemType
from tests.row_by_row import every
from tests.seeds.rows import facts, rows
from tests.unit.screening.examples import shipped, shipped_instruments, vocabulary
from tests.unit.screening.interviews import OWN

INDICATORS = list(vocabulary().values())
WRITTEN_OUT = facts()
each_indicator = every(INDICATORS, lambda one: one.code)
each_instrument = pytest.mark.parametrize("one", shipped_instruments(), ids=lambda one: one.id)

SIGNS_OF_THE_REPORT = {
    "R1": "commercial_sex_act forced_labor domestic_servitude diplomatic_household_servitude "
    "sponsor_exploited_child child_begging child_drug_smuggling organ_removal benefits_taken "
    "forced_marriage child_marriage child_labor sector_agriculture sector_landscaping "
    "sector_hospitality sector_restaurants sector_construction sector_domestic_work "
    "sector_diplomatic_household",
    "R2": "recruitment_fee debt_used_to_hold debt_bondage deceived_about_job passport_retained "
    "wages_withheld deportation_threats isolated monitored excessive_hours no_rest_days "
    "wage_deductions physical_abuse sexual_abuse psychological_abuse exploited_ignorance_of_law "
    "family_threats commercial_sex_by_force commercial_sex_by_fraud commercial_sex_under_18 "
    "third_party_profit recruited_by_agency journey_debt debt_blocks_complaint_or_return "
    "wages_reduced",
    "R3": "one_employer_visa status_loss_used_to_hold",
    "R4": "came_without_parent runaway_or_homeless_youth lgbti transgender indigenous "
    "african_american_woman_or_girl person_with_disability man_or_boy irregular_status",
    "R5": "recruited transported harbored provided obtained patronized force_used fraud_used "
    "coercion_used servitude peonage slavery",
    "R28": "was_detained in_removal_proceedings removal_before_screening treated_as_smuggled",
    "R29": "labor_contractor_between others_in_same_situation untraceable_pay",
}
LANGUAGES = {"en", "es", "ar"}
NAMED_BY_THE_REPORT = [
    (row, code) for row, codes in SIGNS_OF_THE_REPORT.items() for code in codes.split()
]


def _texts(part: object, where: str = "") -> Iterator[tuple[str, Text]]:
    """Everything worded in it, with its place."""
    if isinstance(part, Text):
        yield where, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _texts(getattr(part, name), f"{where}/{name}")
    elif isinstance(part, tuple):
        for at, one in enumerate(part):
            yield from _texts(one, f"{where}/{at}")


def test_no_indicator_and_no_version_of_an_instrument_stands_twice() -> None:
    assert len(rows("indicators")) == len(INDICATORS)
    versions = Counter((one.id, one.version) for one in shipped_instruments())
    assert set(versions.values()) == {1}


@every(NAMED_BY_THE_REPORT, " ".join)
def test_every_sign_that_the_report_names_is_an_indicator_of_its_row(
    named: tuple[str, str],
) -> None:
    row, code = named
    assert row in vocabulary()[code].report_rows


@pytest.mark.parametrize("form", list(TraffickingForm))
def test_every_form_has_a_purpose_of_its_own(form: TraffickingForm) -> None:
    assert any(i.element is Element.PURPOSE and form in i.forms for i in INDICATORS)


@pytest.mark.parametrize("part", list(FederalPart))
def test_every_part_of_the_federal_definition_has_an_indicator(part: FederalPart) -> None:
    assert any(indicator.federal is part for indicator in INDICATORS)


@each_indicator
def test_an_indicator_explains_itself_and_waits_for_review(one: Indicator) -> None:
    for text in (one.label, one.question, one.why_we_ask, one.how_to_ask):
        assert text.get("en").strip()
    assert one.paragraphs or "¶" not in one.citation
    assert one.report_rows
    assert one.reviewed is False


@each_indicator
def test_every_text_of_an_indicator_is_there_in_all_three_languages(one: Indicator) -> None:
    texts = dict(_texts(one))
    assert len(texts) == 4
    assert not [where for where, text in texts.items() if not text.root.keys() >= LANGUAGES]


@pytest.mark.parametrize("name", OWN)
def test_every_text_of_an_own_instrument_is_there_in_all_three_languages(name: str) -> None:
    one = shipped(name)
    texts = dict(_texts(one))
    assert set(one.languages) == LANGUAGES
    assert len(texts) > 4 * len(one.items_by_id)
    assert not [where for where, text in texts.items() if not text.root.keys() >= LANGUAGES]


@each_indicator
def test_a_group_at_risk_is_never_part_of_a_definition(one: Indicator) -> None:
    if one.element is Element.VULNERABILITY:
        assert one.federal is FederalPart.NONE
        assert not one.forms


@each_indicator
def test_a_fact_written_out_under_the_same_code_is_a_plain_yes_or_no(one: Indicator) -> None:
    same = WRITTEN_OUT.get(one.code)
    assert same is None or same.type == "boolean"


@each_instrument
def test_an_instrument_uses_only_shared_indicators(one: Instrument) -> None:
    one.check_against(vocabulary())


@each_instrument
def test_an_instrument_explains_itself_before_the_first_question_and_at_each(
    one: Instrument,
) -> None:
    assert one.before_first_question.get("en")
    assert one.reviewed is False
    for item in one.items_by_id.values():
        assert item.why_we_ask, item.id
        assert item.how_to_ask, item.id


@each_instrument
def test_one_answer_is_at_most_one_sign_of_each_element(one: Instrument) -> None:
    for item in one.items_by_id.values():
        elements = [vocabulary()[code].element for code in item.indicators]
        assert len(set(elements)) == len(elements), item.id


@each_instrument
def test_no_option_stands_for_silence_unless_the_instrument_publishes_such_codes(
    one: Instrument,
) -> None:
    published = one.id == "hud-hmis-r15-r16"
    for item in one.items_by_id.values():
        if item.type is ItemType.CHOICE:
            assert any(option.missing for option in item.options) is published


@each_instrument
def test_an_instrument_comes_back_from_json_as_it_was(one: Instrument) -> None:
    assert Instrument.model_validate(one.model_dump(mode="json", by_alias=True)) == one


@pytest.mark.parametrize(
    ("instrument_id", "counts"),
    [
        ("palermo-matrix", [5, 8, 6, 9]),
        ("us-tvpra-contiguous-child-screen", [7]),
        ("ilo-11-forced-labour", [11]),
        ("hud-hmis-r15-r16", [5, 4]),
        ("ilo-ec-delphi-2009-labour-adult", [10, 10, 16, 9, 15, 7]),
        ("ilo-ec-delphi-2009-labour-child", [10, 10, 15, 8, 15, 7]),
    ],
)
def test_no_question_of_a_published_list_was_lost(instrument_id: str, counts: list[int]) -> None:
    assert [len(section.items) for section in shipped(instrument_id).sections] == counts


def test_what_was_transcribed_from_a_secondary_source_is_marked_as_draft() -> None:
    for one in shipped_instruments():
        if one.id.startswith("ilo-ec-delphi"):
            assert one.status is Status.DRAFT_TRANSCRIPTION
            assert one.certainty is Certainty.SECONDARY


def test_every_published_field_of_the_hmis_elements_is_exported_once() -> None:
    items = shipped("hud-hmis-r15-r16").items_by_id.values()
    fields = [str(item.export["hmis_csv"]) for item in items]
    assert not [pair for pair in combinations(fields, 2) if pair[0] == pair[1]]
    assert all("Exit.csv" in field for field in fields)
