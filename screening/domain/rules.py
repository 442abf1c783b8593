"""How a definition says when a question shows and what the answers add up to."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from casework.domain.rule_versions import Definition
from screening.domain.definition import Identifier, NotEmpty, Text

Scalar: TypeAlias = bool | int | float | str


def _kind(raw: object) -> str | None:
    """The one key that says which kind of rule this is."""
    if isinstance(raw, Mapping):
        return next((key for key in raw if key in _KINDS), None)
    return getattr(raw, "kind", None)


_KINDS = frozenset(
    ("item", "all", "any", "not", "positive", "any_positive", "always", "population")
)
_BY_KIND = Discriminator(
    _kind,
    custom_error_type="unknown_rule",
    custom_error_message="this is none of the rules that may stand here",
)


class Operator(StrEnum):
    """What a condition may ask of one answer."""

    EQUALS = "="
    DIFFERS = "!="
    IN = "in"
    CONTAINS = "contains"
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="
    ANSWERED = "answered"


class Comparison(Definition):
    """One answer compared with a value; `answered` asks only whether there is one."""

    kind: ClassVar[str] = "item"
    item: Identifier
    op: Operator
    value: Scalar | tuple[Scalar, ...] = True

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The value or values compared with, always as a tuple."""
        return self.value if isinstance(self.value, tuple) else (self.value,)


class Every(Definition):
    """Holds when all its parts hold."""

    kind: ClassVar[str] = "all"
    parts: Annotated[tuple["Condition", ...], NotEmpty] = Field(alias="all")


class Either(Definition):
    """Holds when one of its parts holds."""

    kind: ClassVar[str] = "any"
    parts: Annotated[tuple["Condition", ...], NotEmpty] = Field(alias="any")


class Negation(Definition):
    """Holds when its part is known not to hold."""

    kind: ClassVar[str] = "not"
    part: "Condition" = Field(alias="not")


Condition: TypeAlias = Annotated[
    Annotated[Comparison, Tag("item")]
    | Annotated[Every, Tag("all")]
    | Annotated[Either, Tag("any")]
    | Annotated[Negation, Tag("not")],
    _BY_KIND,
]


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Every comparison anywhere in the condition."""
    if isinstance(condition, Comparison):
        yield condition
    elif isinstance(condition, Negation):
        yield from comparisons(condition.part)
    else:
        for part in condition.parts:
            yield from comparisons(part)


class SectionPositive(Definition):
    """The named section is positive."""

    kind: ClassVar[str] = "positive"
    positive: Identifier


class AnySectionPositive(Definition):
    """At least one of the named sections is positive."""

    kind: ClassVar[str] = "any_positive"
    any_positive: Annotated[tuple[Identifier, ...], NotEmpty]


class EveryOutcome(Definition):
    """All parts are met."""

    kind: ClassVar[str] = "all"
    parts: Annotated[tuple["When", ...], NotEmpty] = Field(alias="all")


class EitherOutcome(Definition):
    """One of the parts is met."""

    kind: ClassVar[str] = "any"
    parts: Annotated[tuple["When", ...], NotEmpty] = Field(alias="any")


class Always(Definition):
    """What is left when no earlier rule was met."""

    kind: ClassVar[str] = "always"
    always: Literal[True]


class Population(Definition):
    """The person was a child, or an adult, when it happened."""

    kind: ClassVar[str] = "population"
    population: Literal["child", "adult"]


When: TypeAlias = Annotated[
    Annotated[SectionPositive, Tag("positive")]
    | Annotated[AnySectionPositive, Tag("any_positive")]
    | Annotated[EveryOutcome, Tag("all")]
    | Annotated[EitherOutcome, Tag("any")]
    | Annotated[Always, Tag("always")]
    | Annotated[Population, Tag("population")],
    _BY_KIND,
]


def sections_named(when: When) -> Iterator[str]:
    """Every section that the rule looks at."""
    if isinstance(when, SectionPositive):
        yield when.positive
    elif isinstance(when, AnySectionPositive):
        yield from when.any_positive
    elif isinstance(when, EveryOutcome | EitherOutcome):
        for part in when.parts:
            yield from sections_named(part)


class Mix(Definition):
    """One sufficient mix of signs: at least so many of each strength."""

    strong: int = Field(default=0, ge=0)
    medium: int = Field(default=0, ge=0)
    weak: int = Field(default=0, ge=0)
    medium_or_weak: int = Field(default=0, ge=0)

    def met_by(self, *, strong: int, medium: int, weak: int) -> bool:
        """Whether these counts of positive signs are enough."""
        return (
            strong >= self.strong
            and medium >= self.medium
            and weak >= self.weak
            and medium + weak >= self.medium_or_weak
        )


class DimensionRule(Definition):
    """The mixes of which one makes a dimension positive (ILO/EC 2009)."""

    any_of: Annotated[tuple[Mix, ...], NotEmpty]

    def met_by(self, *, strong: int, medium: int, weak: int) -> bool:
        """Whether these counts of positive signs make the dimension positive."""
        return any(mix.met_by(strong=strong, medium=medium, weak=weak) for mix in self.any_of)


class OutcomeName(Definition):
    """A result: a stable code and what it says in words."""

    code: Identifier = Field(alias="outcome")
    label: Text


class OutcomeRule(OutcomeName):
    """A result and when it is given."""

    when: When


class ScoreBand(Definition):
    """The result for a number from `min` up to the next band's `min`."""

    min: float
    max: float | None = None
    code: Identifier
    label: Text
    action: str = ""


class Method(StrEnum):
    """How an instrument turns answers into its own result."""

    NONE = "none"
    ANY_POSITIVE = "any_positive"
    COUNT_POSITIVE = "count_positive"
    WEIGHTED_SUM = "weighted_sum"
    STRENGTH_COMBINATION = "strength_combination"
    MATRIX = "matrix"


NUMERIC = frozenset((Method.ANY_POSITIVE, Method.COUNT_POSITIVE, Method.WEIGHTED_SUM))
BY_RULES = frozenset((Method.STRENGTH_COMBINATION, Method.MATRIX))


class Scoring(Definition):
    """The instrument's own rule. Its last rule or lowest band is the only 'nothing found'.

    That negative result is never given while a question that counts is open:
    `incomplete` is given in its place.
    """

    method: Method
    missing_policy: Text
    incomplete: OutcomeName
    dimension_rule: DimensionRule | None = None
    bands: tuple[ScoreBand, ...] = ()
    outcome_rules: tuple[OutcomeRule, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_method_needs(self) -> "Scoring":
        for missing, said in (
            (self.method in NUMERIC and not self.bands, "this method needs bands"),
            (self.method in BY_RULES and not self.outcome_rules, "this method needs outcome_rules"),
            (
                self.method is Method.STRENGTH_COMBINATION and self.dimension_rule is None,
                "this method needs a dimension_rule",
            ),
            (not self._bands_ascend(), "the bands must start at 0 and ascend without overlap"),
            (not self._ends_with_always(), "the last of the outcome_rules, and only it, is always"),
        ):
            if missing:
                raise PydanticCustomError("incomplete_scoring", "{said}", {"said": said})
        return self

    def _bands_ascend(self) -> bool:
        starts = [band.min for band in self.bands]
        ends = [band.min if band.max is None else band.max for band in self.bands]
        follows = all(end < start for end, start in zip(ends, starts[1:], strict=False))
        return follows and (not starts or starts[0] == 0)

    def _ends_with_always(self) -> bool:
        kinds = [isinstance(rule.when, Always) for rule in self.outcome_rules]
        return not kinds or (kinds[-1] and sum(kinds) == 1)
