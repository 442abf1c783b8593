"""Webhooks: where a partner's system wants to hear of things, and what became of telling it."""

from typing import ClassVar

from django.db.models import Q, QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
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

    @extend_schema_field_choice(STATUSES)
    def get_status(self, row: Delivery) -> str:
        """How it stands."""
        if row.sent_at is not None:
            return "sent"
        return "needs_attention" if row.needs_attention else "waiting"

    @extend_schema_field_moment
    def get_next_try_at(self, row: Delivery) -> str | None:
        """When it is tried next; null once it was sent, and where its webhook is disabled."""
        if row.sent_at is not None or row.last_error == STRANDED:
            return None
        return Moment().to_representation(row.not_before)
