"""One's own notices."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.access import notice_for, notices_for
from casework.api.fields import Moment, Nothing, Read
from casework.api.listings import Listing
from casework.api.resources import Resource, Rights
from casework.domain.permissions import Capability
from casework.models import Notice
from casework.services.notices import acknowledge


class NoticeOut(Read):
    """What to tell: a code and references, never a name."""

    ref = serializers.UUIDField()
    template = serializers.CharField()
    params = serializers.DictField(child=serializers.CharField())
    created_at = Moment()
    read_at = Moment(allow_null=True)


class Notices(Listing):
    """`notices/`"""

    needs: ClassVar[Rights] = {"GET": (Capability.READ_NOTICES,)}
    queryset = Notice.objects.none()
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-created_at": ("-created_at", "-id")}

    @extend_schema(responses=NoticeOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Your notices, newest first."""
        return self.page(NoticeOut, notices_for(self.by))


class AcknowledgeNotice(Resource):
    """`notices/{ref}/acknowledge/`"""

    needs: ClassVar[Rights] = {"POST": (Capability.READ_NOTICES,)}

    @extend_schema(request=Nothing, responses=NoticeOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Mark one of your notices as read; the first time counts."""
        notice = notice_for(self.by, ref)
        self.sent(Nothing)
        return self.answer(NoticeOut, acknowledge(notice, by=self.by, at=self.at))
