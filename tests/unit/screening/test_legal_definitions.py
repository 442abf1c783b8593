"""The two definitions of trafficking, as rows."""

import pytest
from pydantic import ValidationError

from casework.domain.findings import Framework
from screening.domain.legal_definitions import LegalDefinition
from tests.seeds import rows


def test_a_federal_definition_without_acts_is_refused() -> None:
    federal = next(
        row.definition
        for row in rows.all_rows()
        if isinstance(row.definition, LegalDefinition)
        and row.definition.framework is Framework.FEDERAL
    )
    with pytest.raises(ValidationError, match="names its acts"):
        LegalDefinition.model_validate({**federal.model_dump(by_alias=True), "acts": ()})
