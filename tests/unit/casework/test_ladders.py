"""When to remind, and whom."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from casework.domain.ladders import Audience, Ladder, PlannedRung, next_repeat, plan
from tests.seeds import rows

LADDERS = rows.ladders()
START = datetime(2026, 3, 7, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ladder", "period", "hours"),
    [
        ("elapsed-72h", 72, [0, 24, 48, 60, 68, 71, 72, 73]),
        ("elapsed-48h", 48, [0, 24, 36, 44, 47, 48, 49]),
        ("report-72h", 72, [48, 68, 72]),
    ],
)
def test_the_rungs_lie_where_they_should(ladder: str, period: int, hours: list[int]) -> None:
    planned = plan(LADDERS[ladder], START, START + timedelta(hours=period))
    assert [(rung.fire_at - START) / timedelta(hours=1) for rung in planned] == hours


def test_an_overdue_deadline_calls_the_supervisor_every_hour_without_end() -> None:
    ladder = LADDERS["elapsed-72h"]
    due_at = START + timedelta(hours=72)
    rung: PlannedRung | None = plan(ladder, START, due_at)[-1]
    for number in range(1, 200):
        assert rung is not None
        assert (rung.code, rung.fire_at) == (f"overdue_{number}", due_at + timedelta(hours=number))
        assert rung.audience == (Audience.SUPERVISOR, Audience.ADMINISTRATOR)
        rung = next_repeat(ladder, rung.code, rung.fire_at)


@pytest.mark.parametrize("code", ["due", "overdue_0", "overdue_x", "overdue_٣", "xoverdue_1"])
def test_only_a_repeat_is_repeated(code: str) -> None:
    assert next_repeat(LADDERS["elapsed-72h"], code, START) is None


def test_a_ladder_without_repeats_ends() -> None:
    assert next_repeat(LADDERS["report-72h"], "overdue_1", START) is None


def test_no_rung_is_left_out_when_the_period_is_shorter_than_the_ladder() -> None:
    planned = plan(LADDERS["elapsed-72h"], START, START + timedelta(hours=1))
    assert len(planned) == 8
    assert planned[0].fire_at < START


RUNG: dict[str, Any] = {
    "code": "due",
    "anchor": "due",
    "offset_minutes": 0,
    "audience": ["assignee"],
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"rungs": [RUNG, RUNG]},
        {"rungs": [{**RUNG, "code": "overdue_1"}]},
        {"rungs": []},
        {"repeat": {"every_minutes": 60, "audience": ["supervisor"], "from": "start"}},
        {"repeat": {"every_minutes": 0, "audience": ["supervisor"], "from": "due"}},
    ],
)
def test_a_ladder_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Ladder.model_validate({"id": "x", "rungs": [RUNG], **wrong})
