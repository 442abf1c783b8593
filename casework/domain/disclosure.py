"""What of a case may ever leave it, and the packet that does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from casework.domain.consent import Coverage
from casework.domain.errors import ConsentMissingError, FieldProblem, InvalidInputError


class FieldKind(StrEnum):
    """Where the value of a releasable field comes from."""

    IDENTITY = "identity"
    FACT = "fact"
    FINDING = "finding"
    TEXT = "text"


class Sensitivity(StrEnum):
    """How much harm the field can do in the wrong hands; shown to whoever reviews a packet."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasableField:
    """One field that a person can consent to release."""

    code: str
    label: str
    kind: FieldKind
    sensitivity: Sensitivity


_FIELDS = (
    ("name", "Name", FieldKind.IDENTITY, Sensitivity.HIGH),
    ("preferred_name", "Name the person goes by", FieldKind.IDENTITY, Sensitivity.HIGH),
    ("date_of_birth", "Date of birth", FieldKind.IDENTITY, Sensitivity.HIGH),
    ("age_band", "Age band", FieldKind.FACT, Sensitivity.LOW),
    ("phone", "Telephone", FieldKind.IDENTITY, Sensitivity.HIGH),
    ("safe_contact", "How to make contact safely", FieldKind.IDENTITY, Sensitivity.HIGH),
    ("language", "Language", FieldKind.FACT, Sensitivity.LOW),
    ("interpreter_needed", "Whether an interpreter is needed", FieldKind.FACT, Sensitivity.LOW),
    ("country_of_nationality", "Nationality", FieldKind.FACT, Sensitivity.MEDIUM),
    ("needs", "What the person needs", FieldKind.TEXT, Sensitivity.MEDIUM),
    ("summary", "Summary written for this referral", FieldKind.TEXT, Sensitivity.HIGH),
    ("forms_indicated", "Forms the answers point to", FieldKind.FINDING, Sensitivity.HIGH),
    ("pathway", "Form of relief in view", FieldKind.FINDING, Sensitivity.MEDIUM),
    ("clocks", "Legal deadlines that are running", FieldKind.FINDING, Sensitivity.MEDIUM),
    ("visa_class", "Visa class", FieldKind.FACT, Sensitivity.MEDIUM),
)

RELEASABLE: dict[str, ReleasableField] = {
    code: ReleasableField(code=code, label=label, kind=kind, sensitivity=sensitivity)
    for code, label, kind, sensitivity in _FIELDS
}
"""Everything that can leave a case. What is not listed never does, whatever anybody signs.

Above all the address of a placement (`placement_address`): shelter addresses stay confidential.
"""


def build_packet(
    values: Mapping[str, object], fields: Iterable[str], coverage: Coverage
) -> dict[str, object]:
    """Exactly the named fields, by code; None where nothing is recorded.

    Raises InvalidInputError for a field that can never leave and ConsentMissingError for one that
    no consent covers; both name the fields.
    """
    asked = sorted(set(fields))
    never = [code for code in asked if code not in RELEASABLE]
    if never:
        detail = f"Can never be released: {', '.join(never)}."
        raise InvalidInputError(detail, problems=_problems(never, "not_releasable", detail))
    bare = [code for code in asked if code not in coverage.by_field or code in coverage.missing]
    if bare:
        detail = f"No consent covers: {', '.join(bare)}."
        raise ConsentMissingError(detail, problems=_problems(bare, "consent_missing", detail))
    return {code: values.get(code) for code in asked}


def _problems(codes: Iterable[str], problem: str, detail: str) -> tuple[FieldProblem, ...]:
    return tuple(
        FieldProblem(pointer=f"/fields/{code}", code=problem, detail=detail) for code in codes
    )
