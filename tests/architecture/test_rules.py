"""Each rule of the house holds in every file, and each notices when it is broken."""

from collections.abc import Callable, Iterator

import pytest

from tests.architecture import rules
from tests.architecture.sources import Source, parsed, sources

Rule = Callable[[Source], Iterator[str]]
LONG = "def f():\n" + "    x = 1\n" * 60
BROKEN: list[tuple[Rule, str, str]] = [
    (rules.too_long, "casework/services/x.py", "x = 1\n" * 301),
    (rules.too_long, "casework/services/x.py", LONG),
    (rules.imports_inside, "casework/services/x.py", "def f():\n    import json\n"),
    (rules.imports_inside, "tests/x.py", "def f():\n    from json import loads\n"),
    (rules.writes_in_an_edge, "casework/web/x.py", "Case.objects.create(x=1)\n"),
    (rules.writes_in_an_edge, "screening/api/x.py", "row.save()\n"),
    (rules.writes_in_an_edge, "casework/tasks.py", "rows.delete()\n"),
    (rules.writes_in_an_edge, "casework/management/commands/x.py", "rows.update(x=1)\n"),
    (rules.rows_past_the_door, "casework/api/x.py", "Case.objects.filter(x=1)\n"),
    (rules.rows_past_the_door, "screening/web/x.py", "rows = Case._default_manager\n"),
    (rules.rows_past_the_door, "casework/web/x.py", "Fact.objects.get(ref=ref)\n"),
    (rules.signals, "casework/apps.py", "from django.db.models.signals import post_save\n"),
    (rules.signals, "casework/apps.py", "import django.dispatch\n"),
    (rules.signals, "casework/apps.py", "from django import dispatch\n"),
    (rules.signals, "casework/apps.py", "from django.db.models import signals\n"),
    (rules.mocks, "tests/x.py", "from unittest.mock import patch\n"),
    (rules.mocks, "tests/x.py", "from unittest import mock\n"),
    (rules.delays, "casework/services/x.py", "sweep.apply_async(countdown=60)\n"),
    (rules.delays, "casework/tasks.py", "sweep.apply_async(eta=later)\n"),
    (rules.vague_names, "casework/services/utils.py", ""),
    (rules.vague_names, "screening/helpers/x.py", ""),
    (rules.vague_names, "tests/common.py", ""),
    (rules.without_a_reason, "casework/services/x.py", "x = 1\n"),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in BROKEN))


def name_of(rule: Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_the_rule_holds_in_every_file(rule: Rule) -> None:
    assert [problem for source in sources() for problem in rule(source)] == []


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_the_rule_notices_when_it_is_broken(rule: Rule, path: str, text: str) -> None:
    assert list(rule(parsed(path, text))) != []


def test_what_is_no_write_of_the_orm_may_stand_in_an_edge() -> None:
    plain = parsed("casework/web/x.py", "seen = set()\nseen.update(names)\n")
    assert list(rules.writes_in_an_edge(plain)) == []


@pytest.mark.parametrize(
    "text",
    ["rows = Case.objects.none()\n", "Fact.objects.standing().filter(case=case)\n",
     "User.objects.filter(ref=ref)\n"],
)  # fmt: skip
def test_what_is_no_row_past_the_door_may_stand_in_an_edge(text: str) -> None:
    assert list(rules.rows_past_the_door(parsed("casework/web/x.py", text))) == []
