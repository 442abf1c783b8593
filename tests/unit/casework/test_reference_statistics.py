"""Published figures: each said once, for a period that can be read."""

from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.reference_statistics import ReferenceSeries, for_row

SERIES: dict[str, Any] = {
    "id": "t-visas",
    "title": "T visas",
    "unit": "people",
    "citation": "A report",
    "law_sources": ["a-report"],
    "certainty": "verified",
    "report_rows": ["R30"],
    "points": [{"period": "2014", "value": 613}, {"period": "2014", "value": 3, "category": "x"}],
}


def series(**more: object) -> ReferenceSeries:
    return ReferenceSeries.model_validate({**SERIES, **more})


@pytest.mark.parametrize(
    "period",
    ["2014", "FY2014", "2009/2012", "FY2020/FY2022", "2014-08-01/2015-07-31", "since 2005"],
)
def test_a_period_can_be_written_in_these_ways(period: str) -> None:
    assert series(points=[{"period": period, "value": 1.5}]).value(period) == 1.5


@pytest.mark.parametrize(
    "wrong",
    [
        {"points": []},
        {"points": [{"period": "last year", "value": 1}]},
        {"points": [{"period": "2014", "value": -1}]},
        {"points": [{"period": "2014", "value": float("nan")}]},
        {"points": [{"period": "2014", "value": 1}, {"period": "2014", "value": 2}]},
        {"report_rows": []},
        {"law_sources": []},
        {"id": "T Visas"},
        {"unit": ""},
    ],
)
def test_a_series_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        series(**wrong)


def test_a_figure_is_found_by_period_and_category() -> None:
    assert series().value("2014") == 613
    assert series().value("2014", "x") == 3
    assert series().value("2015") is None


def test_series_are_found_by_the_demand_they_stand_beside() -> None:
    both = [series(id="b"), series(id="a"), series(id="c", report_rows=["R16"])]
    assert [one.id for one in for_row(both, "R30")] == ["a", "b"]
