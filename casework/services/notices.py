"""In-app notices: written once per cause and reader, read and acknowledged by that reader."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from casework.domain.permissions import Principal
from casework.models import Agency, Membership, Notice


def notify_members(
    agency: Agency,
    roles: Iterable[str],
    *,
    key: str,
    template: str,
    params: dict[str, str],
    at: datetime,
) -> int:
    """One notice to each active member in these roles; a repeat of the same key adds nothing."""
    members = Membership.objects.active().filter(agency=agency, role__in=list(roles))
    rows = [
        Notice(
            agency=agency,
            recipient_id=user_id,
            key=key,
            template=template,
            params=params,
            created_at=at,
        )
        for user_id in members.values_list("user_id", flat=True).order_by("user_id")
    ]
    return len(Notice.objects.bulk_create(rows, ignore_conflicts=True))


@transaction.atomic
def acknowledge(notice: Notice, *, by: Principal, at: datetime) -> Notice:
    """Mark one of the reader's own notices as read; the first time counts."""
    if notice.recipient_id == by.user_id and notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice
