"""Input and output in the shapes that the contract promises; nothing is guessed or bent."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from casework.domain.leap_seconds import read_moment

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200
LONGEST_TEXT: Final = 4_000
WHEN_IN: Final = (
    "With offset. A leap second (second 60 at the end of a month in UTC) is read as the first "
    "instant of the next minute."
)
"""What the contract says of a moment that comes in."""
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,2}\Z"


class Named(serializers.Serializer[Any]):
    """Fields by the names of the contract: `class_` in Python, where that is a word of its own."""

    def get_fields(self) -> dict[str, Any]:
        """The fields, the underscore at the end taken off."""
        return {name.removesuffix("_"): field for name, field in super().get_fields().items()}


class Read(Named):
    """What goes out."""


class Sent(Named):
    """What comes in; a name that is not known is refused, so that no typing error is lost."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401
        """The values. ValidationError names everything that is wrong at once."""
        problems: dict[str, Any] = {}
        if isinstance(data, Mapping):
            problems = {
                str(name)[:100]: [ErrorDetail("There is no such field.", code="unknown_field")]
                for name in data
                if name not in self.fields
            }
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            found = error.detail if isinstance(error.detail, dict) else {}
            raise ValidationError({**found, **problems}) from error
        if problems:
            raise ValidationError(problems)
        return values


def fields_of(model: type[Named]) -> tuple[str, ...]:
    """The names that a serializer reads or writes."""
    return tuple(model().get_fields())


class Nothing(Sent):
    """An action that needs no word."""


class Words(serializers.CharField):
    """Text; a number is none."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        options.setdefault("max_length", LONGEST_TEXT)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:  # noqa: ANN401
        """The text, trimmed."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """True or false; no other word for them."""

    def to_internal_value(self, data: Any) -> bool:  # noqa: ANN401
        """The value."""
        if not isinstance(data, bool):
            self.fail("invalid", input=type(data).__name__)
        return data


class Language(serializers.RegexField):
    """A language tag such as `es` or `es-MX`."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        super().__init__(_LANGUAGE, max_length=16, **options)


class OneOf(serializers.ChoiceField):
    """One of a list of codes; what was sent instead is not repeated."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401
        """The code."""
        if not isinstance(data, str) or data not in self.choices:
            detail = f"Choose one of: {', '.join(map(str, self.choices))}."
            raise ValidationError(detail, code="invalid_choice")
        return data


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field[datetime, str, str, Any]):
    """RFC 3339 with an offset; UTC from there on."""

    default_error_messages = {
        "wrong_type": "Give a date and time with offset, as in 2026-03-07T10:00:00-06:00.",
        "no_offset": "Give the offset too, as in 2026-03-07T10:00:00-06:00.",
        "out_of_range": f"Give a moment between {FIRST_YEAR} and {LAST_YEAR}.",
    }

    def to_internal_value(self, data: Any) -> datetime:  # noqa: ANN401
        """The moment in UTC."""
        moment = _moment(data)
        if moment is None:
            self.fail("wrong_type")
        if moment.utcoffset() is None:
            self.fail("no_offset")
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            self.fail("out_of_range")
        return moment.astimezone(UTC)

    def to_representation(self, value: datetime) -> str:
        """UTC with a Z."""
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment(data: object) -> datetime | None:
    """What was sent as a moment; a date alone is none."""
    if not isinstance(data, str) or len(data) > 40 or data[10:11] not in ("T", "t"):
        return None
    try:
        return read_moment(data)
    except ValueError:
        return None


class Day(serializers.DateField):
    """A date; a moment is none."""

    def to_internal_value(self, value: Any) -> date:  # noqa: ANN401
        """The day."""
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        day: date = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            detail = f"Give a day between {FIRST_YEAR} and {LAST_YEAR}."
            raise ValidationError(detail, code="out_of_range")
        return day


@extend_schema_field(
    {
        "oneOf": [
            {"type": "boolean"},
            {"type": "number"},
            {"type": "string"},
            {"type": "array", "items": {"type": "string"}},
            {"type": "null"},
        ]
    }
)
class Value(serializers.Field[Any, Any, Any, Any]):
    """A value whose kind another field decides; checked where that is known."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401
        options.setdefault("allow_null", True)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401
        """As it came."""
        return data

    def to_representation(self, value: Any) -> Any:  # noqa: ANN401
        """As it is kept; a date as its day."""
        return value.isoformat() if isinstance(value, date) else value
