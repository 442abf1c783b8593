"""The rules tried by hand, as a lawyer would: in a clone where nothing is set and nothing runs."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from casework.management.commands import assess, explain, seeds_coverage
from casework.services.seed_rows import Row, read_rows
from screening.management.commands import conclude, seeds_diff
from tests.seeds.rows import SEEDS, all_rows

ROOT = SEEDS.parent
FORGOTTEN = ("SECRET_KEY", "CASEWORK_KEK", "CASEWORK_INDEX_KEY", "DEMO", "REDIS_URL")


def manage(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command with nothing in the environment and no local data."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in FORGOTTEN and not name.startswith("DATABASE_")
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**kept, "DATA_DIR": "/nonexistent/data"},
        input=said,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def answered(*arguments: str, said: object = None) -> Any:  # noqa: ANN401
    done = manage(*arguments, "--json", said=json.dumps(said))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def read_once(folder: Path) -> list[Row]:
    return list(all_rows()) if folder.resolve() == SEEDS else read_rows(folder)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Runs a command in this process, which reads the seeds once for all; no test here has a
    database. Gives what it wrote."""
    for module in (assess, conclude, explain, seeds_coverage, seeds_diff):
        monkeypatch.setattr(module, "read_rows", read_once)

    def run(*arguments: str, said: str = "") -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO(said))
        out = io.StringIO()
        call_command(*arguments, stdout=out)
        return out.getvalue()

    return run


def test_an_instrument_is_concluded_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    answers = {
        "a_recruitment": "yes",
        "m_force": {"standing": "declined"},
        "p_sexual": "yes",
        "f_sex_value": "yes",
    }
    file.write_text(json.dumps({"answers": answers, "minor": "yes"}), encoding="utf-8")
    found = answered("conclude", "palermo-matrix", str(file), "--on", "2026-11-24")
    sex = next(f for f in found["forms"] if f["form"] == "commercial_sex")
    assert (sex["band"], sex["citation"]) == ("strong", "22 USC 7102(11)(A)")
    assert found["dimensions"] == {"act": "yes", "means": "unknown", "purpose": "yes"}
    assert "a_recruitment" in found["because"]
    assert "22 USC 7102(11)(A)" in found["citations"]


@pytest.mark.parametrize(
    ("on", "citation"),
    [
        ("2000-10-28", "22 USC 7102(8)(A)"),
        ("2014-06-01", "22 USC 7102(9)(A)"),
        ("2019-01-09", "22 USC 7102(11)(A)"),
    ],
)
def test_a_day_in_the_past_has_the_definition_of_its_day(
    here: Callable[..., str], on: str, citation: str
) -> None:
    answers = '{"p_sexual": "yes"}'
    found = here("conclude", "palermo-matrix", "-", "--on", on, "--json", said=answers)
    assert json.loads(found)["forms"][0]["citation"] == citation


def test_facts_are_assessed_from_a_file() -> None:
    found = answered(
        "assess", "-", "--pathway", "t-status", said={"victim_labor_trafficking": True}
    )
    (t_status,) = found["assessments"]
    assert t_status["outcome"] == "possible"
    assert t_status["criteria"][0]["because"] == ["victim_labor_trafficking"]
    assert "8 CFR 214.202, 214.209" in t_status["citations"]
    assert t_status["criteria"][2]["would_decide"][0] == ["age_under_18_at_any_act"]


def test_each_offence_of_a_record_has_its_own_answer(here: Callable[..., str]) -> None:
    offences = [
        {
            "conviction_jurisdiction": state,
            "conviction_offence": "theft",
            "record_kind": "conviction",
        }
        for state in ("NY", "AZ")
    ]
    facts = {"victim_labor_trafficking": True, "conviction_direct_result": True}
    file = json.dumps({"facts": facts, "offences": offences})
    found = json.loads(here("assess", "-", "--json", said=file))
    outcomes = {
        (one["pathway"], one["offence"]): one["outcome"]
        for one in found["assessments"]
        if one["pathway"].startswith("vacatur-")
    }
    assert outcomes[("vacatur-ny", "1")] in {"likely", "possible"}
    assert outcomes[("vacatur-az", "2")] == "unlikely"
    assert "Offence: 1\n" in here("assess", "-", "--pathway", "vacatur-ny", said=file)


def test_the_text_shows_the_tree(here: Callable[..., str]) -> None:
    text = here("assess", "-", "--pathway", "t-status", said="{}")
    assert "[?]   " in text
    assert "excused if" in text
    assert "Not placed until visa_class is known" in text


@pytest.mark.parametrize(
    ("command", "said", "places"),
    [
        (("assess", "-"), '{"no_such": 1, "in_custody": "yes"}', ["/no_such:", "/in_custody:"]),
        (("assess", "-"), "{", ["-:1: not valid JSON"]),
        (("assess", "no-such-file.json"), "", ["no-such-file.json cannot be read"]),
        (("conclude", "palermo-matrix", "-"), '{"no_such": 1}', ["/no_such:"]),
        (("conclude", "no-such", "-"), "{}", ["There is no such instrument. Known are:"]),
        (("conclude", "palermo-matrix", "-", "--on", "yesterday"), "{}", ["year-month-day"]),
        (("explain", "no-such-file.json", "t-status"), "", ["cannot be read"]),
        (("seeds_diff", "seeds", "no-such-revision"), "", ["neither a folder nor a revision"]),
    ],
)
def test_a_mistake_is_named_with_its_place(
    here: Callable[..., str], command: tuple[str, ...], said: str, places: list[str]
) -> None:
    with pytest.raises(CommandError) as refused:
        here(*command, said=said)
    assert all(place in str(refused.value) for place in places)


def test_a_mistake_ends_a_command_with_its_place_and_nothing_of_ours() -> None:
    done = manage("assess", "-", said='{"no_such": 1}')
    assert done.returncode != 0
    assert "/no_such:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pathway_is_explained_for_a_file(here: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"victim_labor_trafficking": true}', encoding="utf-8")
    done = manage("explain", str(file), "t-status")
    assert "victim_labor_trafficking is yes: yes" in done.stdout
    with pytest.raises(
        CommandError, match=r"No pathway “no-such” is in force on that day\. There are:"
    ):
        here("explain", str(file), "no-such")


def test_each_offence_of_a_file_is_explained_by_itself(
    here: Callable[..., str], tmp_path: Path
) -> None:
    offences = [
        {"label": label, "conviction_jurisdiction": state, "record_kind": "conviction"}
        for label, state in (("Theft in New York", "NY"), ("Theft in Arizona", "AZ"))
    ]
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"facts": {}, "offences": offences}), encoding="utf-8")
    shown = here("explain", str(file), "vacatur-ny")
    new_york, arizona = shown.split("Offence: Theft in Arizona\n")
    assert new_york.startswith("Offence: Theft in New York\n")
    assert "Outcome: needs_information" in new_york
    assert arizona.endswith("does not concern this, because of conviction_jurisdiction.\n")


def test_what_is_explained_may_come_from_standard_input(here: Callable[..., str]) -> None:
    facts = '{"in_custody": true}'
    shown = here("explain", "--on", "2026-01-22", "-", "t-status", said=facts)
    assert "T nonimmigrant status" in shown


@pytest.mark.parametrize(
    "command", ["assess", "conclude", "explain", "load_seeds", "seeds_coverage", "seeds_diff"]
)
def test_how_a_command_is_used_is_told_in_a_bare_clone(command: str) -> None:
    done = manage(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"usage: manage.py {command}" in done.stdout


def test_without_a_key_nothing_that_needs_a_database_starts() -> None:
    assert "SECRET_KEY is not set" in manage("sweep").stderr


MEANS = "force coercion abduction fraud deception power vulnerability payments"


def told_of_an_adult(**answers: str) -> str:
    """A file: an adult, of whom this was answered to the matrix."""
    said = {"p_sexual": "yes", "f_sex_value": "yes"} | answers
    return json.dumps({"answers": said, "minor": "no"})


def test_an_open_element_names_its_open_questions(here: Callable[..., str]) -> None:
    shown = here("conclude", "palermo-matrix", "-", said=told_of_an_adult())
    assert "  act: unknown (open: a_harbouring, " in shown


def test_an_element_known_to_be_absent_is_not_called_open(here: Callable[..., str]) -> None:
    told = told_of_an_adult(**{f"m_{kind}": "no" for kind in MEANS.split()})
    assert "  means: no\n" in here("conclude", "palermo-matrix", "-", said=told)


def test_every_demand_of_the_report_is_carried(here: Callable[..., str]) -> None:
    found = answered("seeds_coverage")
    assert found["gaps"] == []
    assert list(found["carried_by"]) == [f"R{number}" for number in range(1, 31)]
    assert "R30 Published figures" in here("seeds_coverage")


def test_a_demand_that_nothing_carries_fails(here: Callable[..., str], tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    for file in (tmp_path / "seeds").rglob("*.yaml"):
        if file.name != "mission.yaml":
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("R24", "R23"), encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        here("seeds_coverage", "--folder", str(tmp_path / "seeds"))
    assert str(refused.value) == "R24 (Languages): no row carries it"


def test_the_seeds_are_checked_without_a_database(tmp_path: Path) -> None:
    assert "rows are sound" in manage("load_seeds", "--check").stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text("facts:\n  - code: x\n", encoding="utf-8")
    done = manage("load_seeds", "--check", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert "broken.yaml:2: type: Field required" in done.stderr


def test_a_change_of_the_seeds_is_shown_with_whom_it_touches(
    here: Callable[..., str], tmp_path: Path
) -> None:
    shutil.copytree(SEEDS, tmp_path / "new")
    file = tmp_path / "new" / "pathways" / "t_status.yaml"
    text = file.read_text(encoding="utf-8")
    gateway = "- {fact: victim_labor_trafficking, is: true}"
    in_force = text.replace(gateway, "- {fact: in_removal_proceedings, is: true}", 1)
    file.write_text(in_force, encoding="utf-8")
    found = answered("seeds_diff", "seeds", str(tmp_path / "new"))
    assert {(one["what"], one["kind"], one["code"]) for one in found["changes"]} == {
        ("changed", "pathway", "t-status")
    }
    assert any(place["where"].startswith("/criteria/") for place in found["changes"][0]["places"])
    assert {effect["about"].split(" / ")[0] for effect in found["effects"]} == {"t-status"}
    shown = here("seeds_diff", str(SEEDS), str(tmp_path / "new"))
    assert "t-status: possible → needs_information" in shown
    assert "1 definitions differ" in shown
