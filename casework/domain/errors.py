"""Every way the work can be refused, each with a code that partners can rely on."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """One thing wrong with one input: where it stands, what kind of wrong, what to do."""

    pointer: str
    """RFC 6901 JSON pointer into what was sent, e.g. `/answers/3/value`."""
    code: str
    detail: str


class CaseworkError(Exception):
    """The request was refused."""

    code: ClassVar[str] = "refused"

    def __init__(self, detail: str = "", *, problems: tuple[FieldProblem, ...] = ()) -> None:
        self.detail = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.problems = problems
        super().__init__(self.detail)


class InvalidInputError(CaseworkError):
    """Something that was sent cannot be accepted as it stands."""

    code = "invalid_input"

    @classmethod
    def at(cls, pointer: str, code: str, detail: str) -> "InvalidInputError":
        """The refusal of one field."""
        problem = FieldProblem(pointer=pointer, code=code, detail=detail)
        return cls(detail, problems=(problem,))


class NotFoundError(CaseworkError):
    """There is no such thing, or you may not know of it: the two answers are the same."""

    code = "not_found"


class NotPermittedError(CaseworkError):
    """Your role does not allow this."""

    code = "not_permitted"


class NotAllowedNowError(CaseworkError):
    """This cannot be done in the present state."""

    code = "not_allowed_now"


class ConsentMissingError(CaseworkError):
    """The person's written consent does not cover this disclosure."""

    code = "consent_missing"


class StaleVersionError(CaseworkError):
    """Someone changed this meanwhile; read it again and repeat your change."""

    code = "stale_version"


class SealBrokenError(CaseworkError):
    """An encrypted value does not fit its key, its row or its column."""

    code = "seal_broken"


class SeedError(CaseworkError):
    """A row of the knowledge cannot be loaded; nothing was changed."""

    code = "bad_seed"
