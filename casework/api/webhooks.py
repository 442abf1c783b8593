"""Webhooks: where a partner's system wants to hear of things, and what became of telling it."""

from typing import ClassVar

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.fields import Moment, Nothing, Read, Sent, Words
from casework.api.listings import Listing
from casework.api.resources import Resource, Rights
from casework.domain.permissions import Capability
from casework.domain.webhook_events import WebhookEvent
from casework.domain.webhook_targets import LONGEST
from casework.gateways.webhooks import call_id
from casework.models import Webhook
from casework.services import webhooks
from casework.services.outbox import Delivery
from casework.services.waiting import STRANDED

EVENTS = [event.value for event in WebhookEvent]
STATUSES = ("waiting", "needs_attention", "sent")
_BECAUSE = ("", "asked", "gone")
_MANAGE = (Capability.MANAGE_WEBHOOKS,)


class WebhookOut(Read):
    """One address and what it hears of. Its secret is not shown again."""

    ref = serializers.UUIDField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(choices=EVENTS))
    created_by = serializers.CharField()
    created_at = Moment()
    both_secrets_sign_until = Moment(
        source="old_until", allow_null=True, help_text="Set by the last change of secret."
    )
    disabled_at = Moment(allow_null=True)
    disabled_because = serializers.ChoiceField(
        choices=_BECAUSE, help_text="`gone`: the receiver answered with 410."
    )


class IssuedWebhookOut(Read):
    """A webhook with its secret: shown this once, kept sealed."""

    webhook = WebhookOut()
    secret = serializers.CharField(help_text="Of Standard Webhooks, as in whsec_…")


class NewWebhookIn(Sent):
    """Where to, and what it wants to hear of."""

    url = Words(max_length=LONGEST, help_text="https, and reachable from the internet.")
    events = serializers.ListField(child=Words(max_length=40), max_length=40)


class DeliveryOut(Read):
    """What was or will be sent to one webhook, and how it went."""

    ref = serializers.UUIDField()
    webhook = serializers.UUIDField(source="webhook.ref")
    event = serializers.CharField(source="template")
    webhook_id = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    attempts = serializers.IntegerField()
    last_error = serializers.CharField()
    created_at = Moment()
    next_try_at = serializers.SerializerMethodField()
    sent_at = Moment(allow_null=True)

    def get_webhook_id(self, row: Delivery) -> str:
        """The `webhook-id` of the request; repeats carry the same."""
        return call_id(row.key)

    @extend_schema_field(serializers.ChoiceField(choices=STATUSES))
    def get_status(self, row: Delivery) -> str:
        """How it stands."""
        if row.sent_at is not None:
            return "sent"
        return "needs_attention" if row.needs_attention else "waiting"

    @extend_schema_field(Moment(allow_null=True))
    def get_next_try_at(self, row: Delivery) -> str | None:
        """When it is tried next; null once it was sent, and where its webhook is disabled."""
        if row.sent_at is not None or row.last_error == STRANDED:
            return None
        return Moment().to_representation(row.not_before)


class DeliveryFilter(filters.FilterSet):
    """Which deliveries to list."""

    webhook = filters.UUIDFilter(field_name="webhook__ref")
    event = filters.ChoiceFilter(
        field_name="template", choices=[(event, event) for event in EVENTS]
    )
    status = filters.ChoiceFilter(
        method="standing", choices=[(status, status) for status in STATUSES]
    )

    def standing(self, rows: QuerySet[Delivery], _name: str, value: str) -> QuerySet[Delivery]:
        """Rows that stand so."""
        if value == "sent":
            return rows.filter(sent_at__isnull=False)
        return rows.filter(sent_at__isnull=True, needs_attention=value == "needs_attention")


class Webhooks(Listing):
    """`webhooks/`"""

    needs: ClassVar[Rights] = {"GET": _MANAGE, "POST": _MANAGE}
    queryset = Webhook.objects.none()
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-created_at": ("-created_at", "-id")}

    @extend_schema(responses=WebhookOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Your agency's webhooks, newest first, disabled ones too."""
        return self.page(WebhookOut, webhooks.webhooks_of(self.by))

    @extend_schema(request=NewWebhookIn, responses={201: IssuedWebhookOut}, filters=False)
    def post(self, request: Request) -> Response:  # noqa: ARG002
        """Subscribe. Keep the secret: it is shown this once."""
        sent = self.sent(NewWebhookIn)
        new = webhooks.NewWebhook(url=sent["url"], events=sent["events"])
        issued = webhooks.create_webhook(new, by=self.by, at=self.at)
        return self.answer(IssuedWebhookOut, issued, status=201)


class OneWebhook(Resource):
    """`webhooks/{ref}/`"""

    needs: ClassVar[Rights] = {"GET": _MANAGE}

    @extend_schema(responses=WebhookOut)
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """One webhook."""
        return self.answer(WebhookOut, webhooks.webhook_of(self.by, ref))


class RotateSecret(Resource):
    """`webhooks/{ref}/rotate/`"""

    needs: ClassVar[Rights] = {"POST": _MANAGE}

    @extend_schema(request=Nothing, responses=IssuedWebhookOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """A new secret, shown this once. For 24 hours the one before signs too."""
        webhook = webhooks.webhook_of(self.by, ref)
        self.sent(Nothing)
        issued = webhooks.rotate_secret(webhook, by=self.by, at=self.at)
        return self.answer(IssuedWebhookOut, issued)


class DisableWebhook(Resource):
    """`webhooks/{ref}/disable/`"""

    needs: ClassVar[Rights] = {"POST": _MANAGE}

    @extend_schema(request=Nothing, responses=WebhookOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """End it for good. What waits for it is kept and asks for a person."""
        webhook = webhooks.webhook_of(self.by, ref)
        self.sent(Nothing)
        ended = webhooks.disable_webhook(webhook, by=self.by, at=self.at)
        return self.answer(WebhookOut, ended)


class Deliveries(Listing):
    """`webhooks/deliveries/`"""

    needs: ClassVar[Rights] = {"GET": _MANAGE}
    queryset = Webhook.objects.none()
    filterset_class = DeliveryFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-created_at": ("-created_at", "-id"),
        "created_at": ("created_at", "id"),
    }

    @extend_schema(responses=DeliveryOut(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """What was or will be sent to your agency's webhooks, newest first."""
        return self.page(DeliveryOut, webhooks.deliveries_of(self.by))


class OneDelivery(Resource):
    """`webhooks/deliveries/{ref}/`"""

    needs: ClassVar[Rights] = {"GET": _MANAGE}

    @extend_schema(responses=DeliveryOut)
    def get(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """One delivery."""
        return self.answer(DeliveryOut, webhooks.delivery_of(self.by, ref))


class ReplayDelivery(Resource):
    """`webhooks/deliveries/{ref}/replay/`"""

    needs: ClassVar[Rights] = {"POST": _MANAGE}

    @extend_schema(request=Nothing, responses=DeliveryOut)
    def post(self, request: Request, ref: str) -> Response:  # noqa: ARG002
        """Send it now, once more if it was sent, under the same webhook-id."""
        delivery = webhooks.delivery_of(self.by, ref)
        self.sent(Nothing)
        again = webhooks.replay_delivery(delivery, by=self.by, at=self.at)
        return self.answer(DeliveryOut, again)
