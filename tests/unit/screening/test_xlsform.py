"""An XLSForm as an instrument: what each column becomes, and what is refused by sheet and row."""

import io
from collections.abc import Mapping
from typing import Any

import pytest
from pyxform.xls2xform import convert

from casework.domain.errors import InvalidInputError
from screening.domain.expansion import expand
from screening.domain.instrument import Instrument
from screening.domain.items import ItemType
from screening.gateways.instrument_files import read_pack
from tests.screening.packs import COLUMNS, ENGLISH, FORM, SURVEY, Cell, Sheets, form, workbook


def read(content: bytes) -> Instrument:
    return Instrument.model_validate(expand(read_pack(content, "own.xlsx").instrument, {}))


def survey(*rows: Mapping[str, Cell], **sheets: list[list[Cell]]) -> bytes:
    """The form with another survey, and other sheets where they are given."""
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    lines = [[row.get(name) for name in columns] for row in rows]
    whole: Sheets = {**FORM, **sheets, "survey": [columns, *lines]}
    return workbook(whole)


def settings(**cells: Cell) -> list[list[Cell]]:
    """The settings with some cells changed or added."""
    headings, row = FORM["settings"]
    changed = dict(zip(headings, row, strict=True)) | cells
    return [list(changed), list(changed.values())]


def question(**cells: Cell) -> dict[str, Cell]:
    return {"type": "select_one yes_no", "name": "q", ENGLISH: "Asked?", **cells}


def refused(content: bytes) -> list[str]:
    with pytest.raises(InvalidInputError) as refusal:
        read_pack(content, "own.xlsx")
    return [problem.detail for problem in refusal.value.problems]


def test_pyxform_reads_the_same_form() -> None:
    made = convert(xlsform=io.BytesIO(form()), validate=False).xform
    for question in ("work/had_work", "work/unpaid", "months", "message", "thanks"):
        assert f'nodeset="/data/{question}"' in made


def test_every_column_has_its_place_in_the_instrument() -> None:
    made = read(form())
    assert [section.id for section in made.sections] == ["work", "part_2"]
    pay = made.items_by_id["unpaid"]
    assert pay.text.root == {
        "en": "Was there pay that you did not get?",
        "es": "¿Hubo pago que no recibió?",
    }
    assert (pay.type, pay.weight, pay.positive_when) == (ItemType.CHOICE, 2, ("yes",))
    assert pay.indicators == ("wages_withheld",)
    assert pay.guidance is not None
    assert pay.guidance.get("en") == "Any pay at all."
    assert [option.missing for option in pay.options] == [None, None, "unknown"]
    assert (made.items_by_id["had_work"].required, pay.required) == ("if-shown", "never")
    assert made.items_by_id["message"].fact == "safe_to_leave_message"
    assert made.languages == ("en", "es")
    assert [band.code for band in made.scoring.bands] == ["nothing_seen", "talk_more"]
    assert (made.status, made.certainty, made.source.citation) == ("draft", "knowledge", "Our own")


def test_relevance_becomes_the_rule_by_which_a_question_shows() -> None:
    months = read(form()).items_by_id["months"].show_when
    assert months is not None
    assert months.model_dump(by_alias=True) == {
        "all": (
            {"item": "had_work", "op": "=", "value": "yes"},
            {"not": {"item": "unpaid", "op": "=", "value": "no"}},
        )
    }


def test_values_are_compared_as_their_questions_have_them() -> None:
    made = read(
        survey(
            {"type": "decimal", "name": "hours", ENGLISH: "Hours?"},
            question(name="a", relevant="${hours} > 7.5 or ${hours} = 3"),
            {"type": "select_multiple yes_no", "name": "m", ENGLISH: "Which?"},
            question(name="b", relevant="selected(${m}, 'yes') and ${a} != ''"),
        )
    )
    a, b = (made.items_by_id[name].show_when for name in "ab")
    assert a is not None
    assert b is not None
    assert [part["value"] for part in a.model_dump(by_alias=True)["any"]] == [7.5, 3]
    assert [part["op"] for part in b.model_dump(by_alias=True)["all"]] == ["contains", "answered"]


def test_flags_numbers_and_words_of_our_own_columns_are_taken_over() -> None:
    made = read(
        survey(
            question(scored="no", safety_flag="yes", strength=None, why_we_ask="To help."),
            {"type": "text", "name": "t", ENGLISH: "Name?", "personal": "true", "how_to_ask": "x"},
            {"type": "integer", "name": "n", ENGLISH: "How many?", "positive_above": 3},
        )
    )
    q, t, n = (made.items_by_id[name] for name in "qtn")
    assert (q.scored, q.safety_flag, t.personal, n.positive_above) == (False, True, True, 3)
    assert q.why_we_ask is not None
    assert q.why_we_ask.root == {"en": "To help."}


def test_settings_say_who_permitted_the_wording_and_whom_it_is_for() -> None:
    granted: dict[str, Cell] = {
        "permission_by": "Ana",
        "permission_on": "2026-01-31",
        "permission_reference": "7",
    }
    cells: dict[str, Cell] = {
        **granted,
        "min_age": 18,
        "status": "active",
        "incomplete_code": "recorded",
    }
    made = read(survey(question(), settings=settings(**cells)))
    assert made.source.permission_granted is not None
    assert made.source.permission_granted.by == "Ana"
    assert (made.population.min_age, made.status) == (18, "active")
    assert made.scoring.incomplete.code == "recorded"


def test_a_form_without_a_language_is_english_and_one_with_another_is_not() -> None:
    plain = survey({"type": "text", "name": "t", "label": "Name?"}, settings=settings(version="2"))
    assert read(plain).languages == ("en",)
    spanish = settings(default_language="Español (es)")
    made = read(survey({"type": "text", "name": "t", "label": "¿Nombre?"}, settings=spanish))
    assert (made.languages, made.title.root) == (("es",), {"es": "Work questions"})


def test_options_keep_their_scores_and_which_one_stands_alone() -> None:
    choices: list[list[Cell]] = [
        ["list_name", "name", "label", "score", "exclusive"],
        ["l", "a", "A", 2, None],
        ["l", "none", "None", None, "yes"],
    ]
    row = {"type": "select_multiple l", "name": "q", ENGLISH: "Which?", "positive_when": "a"}
    first, last = read(survey(row, choices=choices)).items_by_id["q"].options
    assert (first.score, first.exclusive, last.score, last.exclusive) == (2, False, 0, True)


GROUP: dict[str, Cell] = {"type": "begin group", "name": "g", ENGLISH: "Group"}
END: dict[str, Cell] = {"type": "end group"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([question(type="geopoint")], "survey:2: type: “geopoint” is not accepted; accepted"),
        ([question(type="calculate")], "survey:2: type: “calculate” is not accepted"),
        ([question(type=None)], "survey:2: type: a row needs a type"),
        ([question(type="select_one")], "survey:2: type: “select_one” is not accepted"),
        ([question(type="text x")], "survey:2: type: “text x” is not accepted"),
        ([question(type="select_one l")], "survey:2: type: there is no list “l”"),
        ([question(constraint=". > 1")], "survey:2: constraint: this column is not accepted"),
        ([question(calculation="1+1")], "survey:2: calculation: this column is not accepted"),
        ([question(**{"label::French": "Q"})], "survey:2: label::French: write the language's"),
        ([question(required="maybe")], "survey:2: required: write yes or no"),
        ([question(weight="heavy")], "survey:2: weight: write a number"),
        ([GROUP, GROUP, question(), END], "survey:3: type: a group inside a group"),
        ([question(), END], "survey:3: type: no group is open here"),
        ([GROUP, question()], "survey:3: type: the last group is not closed"),
        ([GROUP | {"required": "yes"}, question(), END], "survey:2: required: this column"),
    ],
)
def test_what_would_have_to_be_ignored_is_refused(rows: list[Any], said: str) -> None:
    assert refused(survey(*rows))[0].startswith(f"own.xlsx:{said}")


def test_equality_with_one_of_several_answers_is_refused() -> None:
    many: dict[str, Cell] = {"type": "select_multiple yes_no", "name": "m", ENGLISH: "Which?"}
    (said,) = refused(survey(many, question(relevant="${m} = 'yes'")))
    assert said.startswith("own.xlsx:survey:3: relevant: m takes several answers; use selected(")


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ({"settings": settings(style="pages")}, "settings:2: style: this column is not accepted"),
        ({"settings": settings(permission_on=46053)}, "settings:2: permission_on: write the day"),
        ({"settings": settings(min_age="old")}, "settings:2: min_age: write a number"),
        ({"choices": [["name", "label"], ["a", "A"]]}, "choices:2: list_name: an option belongs"),
        ({"choices": [["list_name", "name", "image"], ["l", "a", "x"]]}, "choices:2: image: this"),
        ({"outcomes": [["min", "color"], [0, "red"]]}, "outcomes:2: color: this column"),
    ],
)
def test_other_sheets_are_read_as_strictly(sheets: dict[str, Any], said: str) -> None:
    assert refused(survey(*SURVEY, **sheets))[0].startswith(f"own.xlsx:{said}")


def test_everything_wrong_is_named_at_once_and_a_missing_sheet_is_no_defect() -> None:
    wrong = refused(survey(question(required="x", weight="y"), question(name="r", type="audio")))
    assert [said.split(": ")[0] for said in wrong] == ["own.xlsx:survey:2"] * 2 + [
        "own.xlsx:survey:3"
    ]
    bare = read_pack(workbook({"survey": [["type", "name"]]}), "own.xlsx")
    assert bare.instrument["sections"] == []
    assert bare.problem(("id",), "missing", "no").detail == "own.xlsx:settings:2: form_id: no"


def test_an_option_is_named_by_its_own_row() -> None:
    file = read_pack(form(), "own.xlsx")
    path = ("sections", 0, "items", 0, "options", 1, "label", "en")
    assert file.problem(path, "c", "no").detail == "own.xlsx:choices:3: label: no"
