"""The rules tried by hand, as a lawyer would: in a clone where nothing is set and nothing runs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.seeds.rows import SEEDS

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
def test_a_day_in_the_past_has_the_definition_of_its_day(on: str, citation: str) -> None:
    found = answered("conclude", "palermo-matrix", "-", "--on", on, said={"p_sexual": "yes"})
    assert found["forms"][0]["citation"] == citation


def test_facts_are_assessed_from_a_file() -> None:
    found = answered(
        "assess", "-", "--pathway", "t-status", said={"victim_labor_trafficking": True}
    )
    (t_status,) = found["assessments"]
    assert t_status["outcome"] == "possible"
    assert t_status["criteria"][0]["because"] == ["victim_labor_trafficking"]
    assert "8 CFR 214.202, 214.209" in t_status["citations"]
    assert t_status["criteria"][2]["would_decide"][0] == ["age_under_18_at_any_act"]


def test_each_offence_of_a_record_has_its_own_answer() -> None:
    offences = [
        {
            "conviction_jurisdiction": state,
            "conviction_offence": "theft",
            "record_kind": "conviction",
        }
        for state in ("NY", "AZ")
    ]
    facts = {"victim_labor_trafficking": True, "conviction_direct_result": True}
    found = answered("assess", "-", said={"facts": facts, "offences": offences})
    outcomes = {
        (one["pathway"], one["offence"]): one["outcome"]
        for one in found["assessments"]
        if one["pathway"].startswith("vacatur-")
    }
    assert outcomes[("vacatur-ny", "1")] in {"likely", "possible"}
    assert outcomes[("vacatur-az", "2")] == "unlikely"


def test_the_text_shows_the_tree() -> None:
    done = manage("assess", "-", "--pathway", "t-status", said="{}")
    assert "[?]   " in done.stdout
    assert "excused if" in done.stdout
    assert "Not placed until visa_class is known" in done.stdout


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
    command: tuple[str, ...], said: str, places: list[str]
) -> None:
    done = manage(*command, said=said)
    assert done.returncode != 0
    assert all(place in done.stderr for place in places)
    assert "Traceback" not in done.stderr


def test_a_pathway_is_explained_for_a_file(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text('{"victim_labor_trafficking": true}', encoding="utf-8")
    done = manage("explain", str(file), "t-status")
    assert "victim_labor_trafficking is yes: yes" in done.stdout
    unknown = manage("explain", str(file), "no-such")
    assert "No pathway “no-such” is in force on that day. There are:" in unknown.stderr


def test_every_demand_of_the_report_is_carried() -> None:
    found = answered("seeds_coverage")
    assert found["gaps"] == []
    assert list(found["carried_by"]) == [f"R{number}" for number in range(1, 31)]
    assert "R30 Published figures" in manage("seeds_coverage").stdout


def test_a_demand_that_nothing_carries_fails(tmp_path: Path) -> None:
    shutil.copytree(SEEDS, tmp_path / "seeds")
    for file in (tmp_path / "seeds").rglob("*.yaml"):
        if file.name != "mission.yaml":
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("R24", "R23"), encoding="utf-8")
    done = manage("seeds_coverage", "--folder", str(tmp_path / "seeds"))
    assert done.returncode == 1
    assert "R24 (Languages): no row carries it" in done.stderr


def test_the_seeds_are_checked_without_a_database(tmp_path: Path) -> None:
    assert "rows are sound" in manage("load_seeds", "--check").stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text("facts:\n  - code: x\n", encoding="utf-8")
    done = manage("load_seeds", "--check", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert "broken.yaml:2: type: Field required" in done.stderr


def test_a_change_of_the_seeds_is_shown_with_whom_it_touches(tmp_path: Path) -> None:
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
    shown = manage("seeds_diff", "seeds", str(tmp_path / "new")).stdout
    assert "t-status: possible → needs_information" in shown
    assert "1 definitions differ" in shown
