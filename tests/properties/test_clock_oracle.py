"""The clocks beside an oracle: PostgreSQL adds the hours, a walk counts the days."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from casework.domain.calendars import FurtherHoliday, WorkDays
from casework.domain.clocks import Act, ActKind, Circumstances, ClockRule, Reading, derive
from casework.domain.events import EventKind, RecordedEvent
from tests.properties.clock_cases import stories
from tests.properties.clock_oracle import expected
from tests.properties.clock_story import Hours, Says, Story
from tests.seeds import rows

EXAMPLES = 50_000 if os.environ.get("PROVE") else 60
FEDERAL = next(one for one in rows.calendars() if one.id == "federal")
