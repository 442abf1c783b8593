"""The rows of the States, and the pathways that follow from them, for tests."""

from datetime import date
from typing import Any

from casework.domain.conditions import Evaluation, evaluate
from casework.domain.facts import FactDefinition
from casework.domain.pathways import Criterion, Pathway
from casework.domain.rule_versions import in_force
from casework.domain.safe_harbor import SafeHarborRule
from casework.domain.safe_harbor import pathways_of as safe_harbor_pathways
from casework.domain.vacatur import VacaturRule
from casework.domain.vacatur import pathways_of as vacatur_pathways
from tests.seeds import rows

NOW = date(2026, 11, 23)
VACATUR = [VacaturRule.model_validate(row) for row in rows.rows("vacatur_rules")]
HARBOR = [SafeHarborRule.model_validate(row) for row in rows.rows("safe_harbor_rules")]
RULES: list[VacaturRule | SafeHarborRule] = [*VACATUR, *HARBOR]
FACTS = {row["code"]: FactDefinition.model_validate(row) for row in rows.rows("facts")}
SOURCES = {row["id"] for row in rows.rows("sources")}
PATHWAYS = [
    pathway
    for derived in (
        *(vacatur_pathways(rule) for rule in VACATUR),
        *(safe_harbor_pathways(rule) for rule in HARBOR),
    )
    for _, pathway in derived
    if isinstance(pathway, Pathway)
]


def on(id_: str, day: date = NOW) -> Pathway:
    (found,) = [pathway for pathway in in_force(PATHWAYS, day) if pathway.id == id_]
    return found


def vacatur(state: str, day: date = NOW) -> Pathway:
    return on(f"vacatur-{state.lower()}", day)


def criterion(pathway: Pathway, id_: str) -> Criterion:
    return next(each for each in pathway.criteria if each.id == id_)


def held(pathway: Pathway, id_: str, facts: dict[str, Any]) -> Evaluation:
    return evaluate(criterion(pathway, id_).when, facts)
