"""Ages: what has to be done before a birthday, or how old somebody was on the day of an event."""

from dataclasses import replace
from datetime import date, timedelta

from casework.domain.circumstances import Circumstances
from casework.domain.clock_days import Moment, started
from casework.domain.clock_periods import Running, by_hand, meetings, standing
from casework.domain.clock_starts import Start
from casework.domain.counting import months_after
from casework.domain.local_time import end_of_day
from casework.domain.readings import Reading, ReadingState, blank

_UNKNOWN = (
    "Cannot compute; safe assumption: the birthday is near, so act now. The date of birth is not "
    "recorded."
)


def age(start: Start, case: Circumstances) -> Reading:
    """Of a duty: its last day, the one before the birthday. Of an age: whether it was below.

    Somebody born on 29 February comes of age on 28 February in other years, the earlier day. Steps
    name no date of birth.
    """
    rule = start.rule
    years, born = rule.age_years or 0, case.facts.get("date_of_birth")
    if not isinstance(born, date):
        unknown = blank(rule, ReadingState.CANNOT_COMPUTE, period=start.period)
        step = "Cannot be computed: the date of birth is not recorded."
        unknown = replace(
            unknown, zone=start.zone, assumption=_UNKNOWN, steps=(f"{started(start)}.", step)
        )
        return by_hand(unknown, start, case)
    birthday = months_after(born, 12 * years)
    if not rule.met_by or birthday <= start.day:
        return _held(start, birthday, case)
    last = birthday - timedelta(days=1)
    step = f"{started(start)}; the last day is the one before the birthday: {last}."
    moment = Moment(on=last, at=end_of_day(last, start.zone), steps=[step])
    period = Running(start=start, moment=moment)
    return standing(period, meetings([period], case).get(start.period), case)


def _held(start: Start, birthday: date, case: Circumstances) -> Reading:
    years = start.rule.age_years
    word = "yes" if start.day < birthday else "no"
    step = f"{started(start)}. Under {years} on that day: {word}. Later birthdays change nothing."
    period = Running(start=start, moment=Moment(steps=[step]))
    reading = standing(period, None, case)
    if reading.state is not ReadingState.RUNNING:
        return reading
    return replace(reading, state=ReadingState.HELD)
