"""What screening adds to the knowledge, and what follows from its rows."""

from pydantic import BaseModel

from casework.domain.definitions import kinds
from screening.domain.kinds import register


class Elsewhere(BaseModel):
    """A row of some other kind."""


def test_registering_twice_adds_nothing() -> None:
    register()
    once = kinds()
    register()
    assert kinds() == once


def test_only_an_indicator_is_also_a_fact() -> None:
    register()
    assert list(kinds()["indicators"].derived(Elsewhere())) == []
