"""What every resource does alike: who asks, when, by what right, and that repeats are harmless."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, TypeVar

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from casework.api.fields import Read, Sent
from casework.api.preconditions import etag, matched_version
from casework.api.problems import LengthRequiredError, field_problems
from casework.api.repeats import RepeatedError, again, attempt_of, kept
from casework.domain.errors import FieldProblem, InvalidInputError, NotFoundError
from casework.domain.permissions import Capability, Principal, require
from casework.models import IdempotencyRecord
from casework.services import idempotency

_Found = TypeVar("_Found")
Rights = Mapping[str, tuple[Capability, ...]]


class Resource(APIView):
    """One address. `needs` says for each method which capabilities are asked before any row is."""

    needs: ClassVar[Rights] = {}
    question: ClassVar[type[Sent] | None] = None
    """What may stand behind the `?`; None: nothing."""
    at: datetime
    """The moment of the request."""
    _claim: IdempotencyRecord | None = None

    @property
    def by(self) -> Principal:
        """Who asks."""
        principal = self.request.auth
        if not isinstance(principal, Principal):
            raise TypeError(principal)
        return principal

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Before the method: principal, rights, query, and whether this was answered before."""
        super().initial(request, *args, **kwargs)
        self.at = datetime.now(UTC)
        method = "GET" if request.method == "HEAD" else request.method
        for capability in self.needs.get(method or "", ()):
            require(self.by, capability)
        if method == "GET":
            self.check_question(request)
        if "Transfer-Encoding" in request.headers:
            raise LengthRequiredError
        attempt = attempt_of(request, self.by)
        if attempt is not None:
            claim = idempotency.begin(attempt, by=self.by, at=self.at)
            if isinstance(claim, idempotency.Answer):
                raise RepeatedError(claim)
            self._claim = claim

    def check_question(self, request: Request) -> None:
        """Refuse a query parameter that this address does not know, naming it."""
        model = self.question or Sent
        form = model(data=request.query_params.dict())
        if not form.is_valid():
            raise InvalidInputError(
                "Something in the query is not accepted.",
                problems=tuple(_query_problems(form.errors)),
            )
        self.asked: dict[str, Any] = form.validated_data

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal as a problem; a repeat as its first answer."""
        if isinstance(exc, RepeatedError):
            return again(exc.answer)
        return super().handle_exception(exc)

    def finalize_response(
        self,
        request: Request,
        response: Any,  # noqa: ANN401
        *args: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> Response:
        """Keep the answer of a POST that named a key, in the transaction of its deed."""
        final = super().finalize_response(request, response, *args, **kwargs)
        if self._claim is not None and final.status_code < 400:
            idempotency.finish(self._claim, kept(final))
        return final

    def sent(self, model: type[Sent]) -> dict[str, Any]:
        """The body as the model reads it. ValidationError names what is wrong."""
        form = model(data=self.request.data or {})
        form.is_valid(raise_exception=True)
        values: dict[str, Any] = form.validated_data
        return values

    def version(self, *, required: bool = False) -> int | None:
        """The version that If-Match names."""
        return matched_version(self.request.headers.get("If-Match"), required=required)

    @staticmethod
    def answer(
        model: type[Read], content: object, *, status: int = 200, version: int | None = None
    ) -> Response:
        """One thing, with the ETag of its version where it has one."""
        headers = {} if version is None else {"ETag": etag(version)}
        return Response(model(content).data, status=status, headers=headers)


@contextmanager
def named(pointer: str) -> Iterator[None]:
    """A thing that the body refers to and that is not there is refused by its place."""
    try:
        yield
    except NotFoundError as error:
        problem = FieldProblem(pointer=pointer, code=error.code, detail=error.detail)
        raise NotFoundError(error.detail, problems=(problem,)) from error


def _query_problems(errors: Mapping[str, Any]) -> Iterator[FieldProblem]:
    for name, details in errors.items():
        yield from field_problems(details, f"?{name}")
