"""What the report asks of this software, row by row, so that no demand is carried by nothing."""

from typing import Annotated

from pydantic import Field

from casework.domain.facts import ReportRow
from casework.domain.rule_versions import Certainty, Definition

Paragraph = Annotated[int, Field(ge=1, le=93)]


class MissionRow(Definition):
    """One demand of the report, in our own words."""

    id: ReportRow
    title: str = Field(min_length=1)
    demand: str = Field(min_length=1)
    paragraphs: tuple[Paragraph, ...] = Field(min_length=1)
    citation: str = Field(min_length=1)
    law_sources: tuple[str, ...] = Field(min_length=1)
    certainty: Certainty
    reviewed: bool = False
