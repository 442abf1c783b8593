"""Which version of a rule holds on a day."""

from datetime import date

import pytest
from pydantic import ValidationError

from casework.domain.rule_versions import Enjoined, RuleVersion, in_force


def rule(version: str, **more: object) -> RuleVersion:
    written = {
        "id": "r",
        "version": version,
        "title": "A rule",
        "citation": "1 USC 1",
        "law_sources": ["s"],
        "certainty": "low",
    }
    return RuleVersion.model_validate({**written, **more})


BOUNDED = rule("1", in_force_from=date(2020, 1, 2), in_force_to=date(2020, 1, 4))


@pytest.mark.parametrize(("day", "holds"), [(1, False), (2, True), (4, True), (5, False)])
def test_the_first_and_the_last_day_belong_to_it(day: int, holds: bool) -> None:
    assert in_force([BOUNDED], date(2020, 1, day)) == ([BOUNDED] if holds else [])


@pytest.mark.parametrize(("day", "holds"), [(9, True), (10, False), (12, False), (13, True)])
def test_a_court_can_hold_it_up_for_some_days(day: int, holds: bool) -> None:
    order = {"from": date(2020, 1, 10), "to": date(2020, 1, 12), "case": "A v. B"}
    held_up = rule("1", in_force_from=date(2020, 1, 1), enjoined=[order])
    assert in_force([held_up], date(2020, 1, day)) == ([held_up] if holds else [])


def test_an_order_without_an_end_still_stands() -> None:
    order = Enjoined.model_validate({"from": date(2020, 1, 10), "case": "A v. B"})
    assert in_force([rule("1", enjoined=[order])], date(2099, 1, 1)) == []


def test_what_is_no_law_holds_on_every_day_and_versions_come_in_order() -> None:
    later, timeless = rule("2", in_force_from=date(2020, 1, 1)), rule("0")
    assert in_force([later, timeless], date(2020, 1, 1)) == [timeless, later]


def test_it_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValidationError, match="in_force_to lies before"):
        rule("1", in_force_from=date(2020, 1, 2), in_force_to=date(2020, 1, 1))
