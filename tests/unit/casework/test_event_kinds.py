"""The events that can be recorded: grouped, short enough to be stored, each with words."""

from collections import Counter

from casework.domain.events import MAY_LIE_AHEAD, EventKind, event_groups
from casework.models import Event
from casework.web.event_words import EVENT_WORDS
from casework.web.wording import word
from tests.row_by_row import every


@every(EventKind)
def test_a_kind_can_be_stored_and_has_words_of_its_own(kind: EventKind) -> None:
    assert kind.name.lower() == kind.value
    assert len(kind.value) <= (Event._meta.get_field("kind").max_length or 0)
    assert word(kind) == EVENT_WORDS[kind.value]


def test_no_words_stand_for_two_kinds_or_for_none() -> None:
    assert set(Counter(map(str, EVENT_WORDS.values())).values()) == {1}
    assert set(EVENT_WORDS) == set(EventKind)


def test_every_kind_stands_in_one_group() -> None:
    grouped = [kind for group in event_groups().values() for kind in group]
    assert grouped == list(EventKind)
    assert all(event_groups().values())


def test_what_may_lie_ahead_is_known_before_it_comes() -> None:
    assert EventKind.REMOVAL_SCHEDULED in MAY_LIE_AHEAD
    assert EventKind.APPREHENDED not in MAY_LIE_AHEAD
