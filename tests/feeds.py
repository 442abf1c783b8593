"""Calendar feeds as their owners make them and calendar programs read them."""

from datetime import datetime

from casework.access import agency_context
from casework.domain.permissions import Principal
from casework.models import User
from casework.services.calendar_feeds import feed_for, feed_text, make_feed
from tests.cast import without_context


def made(by: Principal, at: datetime) -> str:
    """The secret of a new feed."""
    with agency_context(by.agency_id):
        return make_feed(by=by, at=at).secret


def read(user: User, secret: str, at: datetime) -> str:
    """What a calendar program gets that has the address and nothing else."""
    with without_context():
        owner, by = feed_for(user.ref, secret)
        return feed_text(owner, by, at=at).decode()
