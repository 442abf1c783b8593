"""What follows from a row of another kind: an indicator is also a fact, nothing else is."""

from casework.domain.definitions import kinds
from tests.seeds.rows import sources


def test_from_what_is_no_indicator_no_fact_follows() -> None:
    derived = kinds()["indicators"].derived
    assert [list(derived(source)) for source in sources().values()][:3] == [[], [], []]
