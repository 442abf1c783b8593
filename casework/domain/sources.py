"""The documents that every rule, instrument and question rests on."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from casework.domain.rule_versions import Certainty, Definition


class SourceKind(StrEnum):
    """What sort of document a source is."""

    REPORT = "report"
    TREATY = "treaty"
    STATUTE = "statute"
    REGULATION = "regulation"
    POLICY = "policy"
    GUIDANCE = "guidance"
    STANDARD = "standard"
    STUDY = "study"


class Source(Definition):
    """One document, named so that a reader can find it without an address."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    citation: str = Field(min_length=1)
    kind: SourceKind
    dated: date | None = None
    """The day it was enacted, adopted or published, where known to the day."""
    in_force_from: date | None = None
    """The first day on which it binds, where it is law and the day is known."""
    certainty: Certainty
    reviewed: bool = False
    notes: str = ""
