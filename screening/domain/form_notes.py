"""What has to be said beside a finding so that it is not read for more, or for less, than it is."""

from collections.abc import Iterator, Mapping

from casework.domain.findings import Framework, TraffickingForm
from screening.domain.legal_definitions import LegalDefinition

AGE_OPEN = "Means are needed unless the person was under 18. The age is not known, so it is open."
SEX_ALONE = "Commercial sex by itself is not trafficking of an adult: ask about the act and means."
NOTHING_ASKED = "Nothing was asked that points to this form."
UN_AT_LEAST = (
    "Article 3(a) names its purposes 'at a minimum'; a lawyer decides whether this counts."
)
_LIMBS_ELSEWHERE = "Ask whether work, services or commercial sex was also demanded."
_OUTSIDE_FEDERAL: Mapping[TraffickingForm, str] = {
    TraffickingForm.ORGAN_REMOVAL: (
        "Removing organs is not a purpose under {citation}; trading in them is a separate federal "
        "crime (42 USC 274e)."
    ),
    TraffickingForm.DISABILITY_BENEFIT_THEFT: (
        "Taking benefits is by itself not a purpose under {citation}."
    ),
    TraffickingForm.FORCED_MARRIAGE: "Marriage is by itself not a purpose under {citation}.",
    TraffickingForm.OTHER: "{citation} knows two limbs only.",
}
_OPEN_LISTED = frozenset(
    (
        TraffickingForm.DISABILITY_BENEFIT_THEFT,
        TraffickingForm.FORCED_MARRIAGE,
        TraffickingForm.OTHER,
    )
)


def no_means_needed(definition: LegalDefinition) -> str:
    """Why the definition asks for no means here, with its place."""
    what = "under 18 in commercial sex" if definition.framework is Framework.FEDERAL else "under 18"
    return f"No means needed: {what} ({definition.under_18_citation})."


def means_for_child_labor(definition: LegalDefinition) -> str:
    """That for labour the federal definition asks for means at every age."""
    return (
        "For labor the federal definition asks for force, fraud or coercion also under 18 "
        f"({definition.labor_citation}); the UN Protocol does not. Ask how the child was made to "
        "do it."
    )


def of_the_definition(form: TraffickingForm, definition: LegalDefinition) -> Iterator[str]:
    """What the definition makes of the form itself, whatever was answered."""
    if definition.framework is Framework.FEDERAL and form in _OUTSIDE_FEDERAL:
        outside = _OUTSIDE_FEDERAL[form].format(citation=definition.citation)
        yield f"{outside} {_LIMBS_ELSEWHERE}"
    if definition.framework is Framework.UN_PROTOCOL and form in _OPEN_LISTED:
        yield UN_AT_LEAST
