"""What each side does with a referral; one table of transitions stands behind all of it."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import referral_for
from casework.api.case_actions import ReasonIn
from casework.api.fields import Nothing, Sent, Words
from casework.api.preconditions import etag
from casework.api.referrals import ReferralOut, referral_view
from casework.api.resources import Resource, Rights
from casework.domain.errors import StaleVersionError
from casework.domain.permissions import Capability
from casework.domain.referral_flow import ReferralAction
from casework.models import Referral
from casework.services.received_referrals import answer_referral
from casework.services.referrals import (
    approve_referral,
    return_referral,
    send_referral,
    submit_referral,
    withdraw_referral,
)

_WRITE = (Capability.READ_REFERRALS, Capability.DRAFT_REFERRAL)
_REVIEW = (Capability.READ_REFERRALS, Capability.APPROVE_REFERRAL)
_ANSWER = (Capability.READ_REFERRALS, Capability.ANSWER_REFERRAL)


class NoteIn(Sent):
    """A word to the sender."""

    note = Words(required=False, allow_blank=True, default="")


class Step(Resource):
    """One action on one referral."""

    model: ClassVar[type[Sent]] = Nothing

    def take(self, referral: Referral, sent: dict[str, Any]) -> Referral:
        """Call the one service."""
        raise NotImplementedError

    def step(self, ref: str) -> Response:
        """Door, body, service, answer. With If-Match only on the version that was read."""
        referral = referral_for(self.by, ref)
        sent = self.sent(self.model)
        version = self.version()
        if version is not None and version != referral.version:
            raise StaleVersionError
        moved = self.take(referral, sent)
        view = referral_view(moved, self.by)
        return Response(ReferralOut(view).data, headers={"ETag": etag(moved.version)})


class SubmitReferral(Step):
    """`referrals/{ref}/submit/`"""

    needs: ClassVar[Rights] = {"POST": _WRITE}

    @extend_schema(request=Nothing, responses=ReferralOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Ask the supervisor to review it."""
        return self.step(ref)

    def take(self, referral: Referral, sent: dict[str, Any]) -> Referral:  # noqa: ARG002
        """Draft or returned → submitted."""
        return submit_referral(referral, by=self.by, at=self.at)


class ApproveReferral(Step):
    """`referrals/{ref}/approve/`"""

    needs: ClassVar[Rights] = {"POST": _REVIEW}

    @extend_schema(request=Nothing, responses=ReferralOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Approve what someone else wrote; consent must cover every field."""
        return self.step(ref)

    def take(self, referral: Referral, sent: dict[str, Any]) -> Referral:  # noqa: ARG002
        """Submitted → approved."""
        return approve_referral(referral, by=self.by, at=self.at)


class ReturnReferral(Step):
    """`referrals/{ref}/return/`"""

    needs: ClassVar[Rights] = {"POST": _REVIEW}
    model = ReasonIn

    @extend_schema(request=ReasonIn, responses=ReferralOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Give it back to its writer with a reason."""
        return self.step(ref)

    def take(self, referral: Referral, sent: dict[str, Any]) -> Referral:
        """Submitted → returned."""
        return return_referral(referral, reason=sent["reason"], by=self.by, at=self.at)


class SendReferral(Step):
    """`referrals/{ref}/send/`"""

    needs: ClassVar[Rights] = {"POST": _WRITE}

    @extend_schema(request=Nothing, responses=ReferralOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Freeze the packet on the consent that holds now, and send it."""
        return self.step(ref)

    def take(self, referral: Referral, sent: dict[str, Any]) -> Referral:  # noqa: ARG002
        """Approved → sent."""
        return send_referral(referral, by=self.by, at=self.at)


class WithdrawReferral(Step):
    """`referrals/{ref}/withdraw/`"""

    needs: ClassVar[Rights] = {"POST": _WRITE}

    @extend_schema(request=Nothing, responses=ReferralOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Take it back, at the latest before it was answered."""
        return self.step(ref)

    def take(self, referral: Referral, sent: dict[str, Any]) -> Referral:  # noqa: ARG002
        """Anything not yet answered → withdrawn."""
        return withdraw_referral(referral, by=self.by, at=self.at)


class AnswerReferral(Step):
    """`referrals/{ref}/accept|decline|start|complete/`: the word of the agency that was asked."""

    needs: ClassVar[Rights] = {"POST": _ANSWER}
    model = NoteIn
    action = ReferralAction.ACCEPT

    @extend_schema(request=NoteIn, responses=ReferralOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Answer it, or say how it goes on; declining needs a note."""
        return self.step(ref)

    def take(self, referral: Referral, sent: dict[str, Any]) -> Referral:
        """The step that the address names."""
        return answer_referral(referral, self.action, by=self.by, at=self.at, note=sent["note"])
