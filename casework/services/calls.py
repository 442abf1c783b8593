"""The relay of calls: what partners' systems are told, all of them side by side.

Each webhook has a lane of its own. A slow one holds up nobody, one that does not answer is left
alone for a while with everything that waits for it, and one that says it is gone is closed.
Threads only speak HTTP; everything of the database happens in the thread that called.
"""

import logging
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from casework.access import agency_context
from casework.domain.errors import CaseworkError
from casework.domain.webhook_events import WebhookEvent, event_at_sending, payload
from casework.gateways import webhooks as gateway
from casework.models import Agency
from casework.services import outbox, waiting
from casework.services.alarms import tell_disabled, tell_undelivered
from casework.services.fault_points import CLAIM_COMMIT, FENCE, MARK, SEND, reach
from casework.services.relay import STRIKES, UndeliverableError
from casework.services.send_journal import note_sent
from casework.services.webhooks import addressed, close_gone

logger = logging.getLogger(__name__)
AT_A_TIME = 100
AT_A_TIME_EACH = 1
"""Calls under way altogether, and of one webhook: one after the other, so that a process that dies
repeats one of them and not several. Only the first two of a round begin together, for two that go
unanswered say that it is away."""
CLAIMED_EACH = 100
ROUND_SECONDS = 10.0
"""After this no further call is begun; those under way end within a call's own time."""
_GRACE_SECONDS = 2.0


@dataclass(slots=True, kw_only=True)
class _Lane:
    """What one webhook is to be told in this round, and how it went so far."""

    agency: Agency
    webhook_id: int
    queue: deque[outbox.Claimed]
    under_way: int = 0
    sent: int = 0
    unanswered: list[int] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)
    """Keys of which people have to hear, unless it is the webhook itself that is away."""
    error: str = ""
    wish_seconds: int = 0
    is_closed: bool = False

    @property
    def has_room(self) -> bool:
        """Whether another call may begin beside those under way."""
        if self.sent:
            return self.under_way < AT_A_TIME_EACH
        return self.under_way + len(self.unanswered) < STRIKES

    @property
    def is_away(self) -> bool:
        """Whether it failed again and again and took nothing."""
        return len(self.unanswered) >= STRIKES and not self.sent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flight:
    """One call under way."""

    lane: _Lane
    message: outbox.Claimed


def call_all(*, seconds: float = ROUND_SECONDS) -> int:
    """One round for every agency's webhooks. Returns how many calls were taken."""
    agencies = list(Agency.objects.order_by("pk"))
    for agency in agencies:
        _strand(agency)
    pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="webhook")
    try:
        return _Round(pool, ends=time.monotonic() + seconds).run(agencies)
    finally:
        # A thread that hangs in name resolution is not waited for: its call's time is over.
        pool.shutdown(wait=False, cancel_futures=True)


def _strand(agency: Agency) -> None:
    """What waits for a webhook that is no more asks for a person, who hears of it."""
    for ref in waiting.strand(agency):
        tell_disabled(agency, str(ref))


class _Round:
    """Calls begun, landed and followed by the next until all is told or the time is over."""

    def __init__(self, pool: ThreadPoolExecutor, *, ends: float) -> None:
        self._pool = pool
        self._ends = ends
        self._owner: UUID = uuid4()
        self._lanes: list[_Lane] = []
        self._flights: dict[Future[gateway.Answer], _Flight] = {}

    def run(self, agencies: list[Agency]) -> int:
        """The whole round."""
        for agency in agencies:
            self._open_lanes(agency)
        if self._lanes:
            reach(CLAIM_COMMIT)
        self._begin()
        while self._flights:
            patience = gateway.CALL_SECONDS + _GRACE_SECONDS
            landed, hanging = wait(self._flights, patience, return_when=FIRST_COMPLETED)
            for future in landed or hanging:
                self._land(future)
            self._begin()
        for lane in self._lanes:
            waiting.give_back(lane.agency, lane.queue, self._owner)
            for key in [] if lane.is_away else lane.failing:
                tell_undelivered(lane.agency, key)
        return sum(lane.sent for lane in self._lanes)

    def _open_lanes(self, agency: Agency) -> None:
        lanes: dict[int, _Lane] = {}
        for message in outbox.claim_calls(agency, self._owner, limit=CLAIMED_EACH):
            key = message.webhook_id or 0
            lane = lanes.setdefault(key, _Lane(agency=agency, webhook_id=key, queue=deque()))
            lane.queue.append(message)
        self._lanes.extend(lanes.values())

    def _begin(self) -> None:
        """Begin a call in every lane that has room, in turn, until nothing more may begin."""
        begun = True
        while begun and time.monotonic() < self._ends:
            begun = False
            for lane in self._lanes:
                if len(self._flights) < AT_A_TIME and self._has_room(lane):
                    begun |= self._begin_one(lane)

    def _has_room(self, lane: _Lane) -> bool:
        if lane.is_closed or not lane.has_room:
            return False
        if not lane.queue and lane.sent and not lane.under_way:
            more = outbox.claim_calls(
                lane.agency, self._owner, limit=CLAIMED_EACH, webhook=lane.webhook_id
            )
            lane.queue.extend(more)
        return bool(lane.queue)

    def _begin_one(self, lane: _Lane) -> bool:
        message = lane.queue.popleft()
        now = outbox.fence(lane.agency, message, self._owner)
        if now is None:
            return True
        try:
            call = _call_of(lane.agency, message, now)
        except CaseworkError as error:
            self._put_back(lane, message, type(error).__name__, hopeless=True)
            return True
        if call is None:
            self._close(lane, message)
            return True
        reach(FENCE)
        lane.under_way += 1
        future = self._pool.submit(gateway.post, call)
        self._flights[future] = _Flight(lane=lane, message=message)
        return True

    def _land(self, future: Future[gateway.Answer]) -> None:
        flight = self._flights.pop(future)
        lane, message = flight.lane, flight.message
        lane.under_way -= 1
        error = future.exception() if future.done() else TimeoutError()
        if error is not None:
            self._failed(
                lane, message, type(error).__name__, hopeless=isinstance(error, CaseworkError)
            )
        else:
            self._answered(lane, message, future.result())
        if lane.is_away and not lane.under_way and not lane.is_closed:
            self._leave_alone(lane)

    def _answered(self, lane: _Lane, message: outbox.Claimed, answer: gateway.Answer) -> None:
        if answer.is_taken:
            note_sent(
                lane.agency, key=message.key, channel=message.channel, template=message.template
            )
            reach(SEND)
            lane.sent += outbox.mark_sent(lane.agency, message, self._owner)
            reach(MARK)
        elif answer.is_gone:
            close_gone(lane.agency, lane.webhook_id)
            self._close(lane, message)
        else:
            lane.wish_seconds = max(lane.wish_seconds, answer.pause_seconds)
            self._failed(lane, message, f"HTTP {answer.status}", hopeless=False)

    def _close(self, lane: _Lane, message: outbox.Claimed) -> None:
        """The webhook is no more: nothing is sent to it, and nothing for it is lost."""
        lane.is_closed = True
        waiting.give_back(lane.agency, [message, *lane.queue], self._owner)
        lane.queue.clear()
        _strand(lane.agency)

    def _failed(self, lane: _Lane, message: outbox.Claimed, error: str, *, hopeless: bool) -> None:
        self._put_back(lane, message, error, hopeless=hopeless)
        lane.unanswered.append(message.id)
        lane.error = error

    def _put_back(
        self, lane: _Lane, message: outbox.Claimed, error: str, *, hopeless: bool
    ) -> None:
        """Keep it for another try; people hear of it at the fifth, or when trying cannot help."""
        outbox.put_back(lane.agency, message, self._owner, error=error, attention=hopeless)
        logger.warning("outbox.not_called attempts=%d %s", message.attempts + 1, error)
        if hopeless or message.is_failing:
            lane.failing.append(message.key)

    def _leave_alone(self, lane: _Lane) -> None:
        """It does not answer: let go of the rest, and let it all wait until it may be back."""
        lane.is_closed = True
        waiting.give_back(lane.agency, lane.queue, self._owner)
        lane.queue.clear()
        away = waiting.Away(
            webhook_id=lane.webhook_id,
            tried=lane.unanswered,
            error=lane.error,
            wish_seconds=lane.wish_seconds,
        )
        failing = waiting.rest(lane.agency, away)
        if failing is not None:
            tell_undelivered(lane.agency, failing)


def _call_of(agency: Agency, message: outbox.Claimed, now: datetime) -> gateway.Call | None:
    """What is sent; None when the webhook is disabled by now.

    UndeliverableError or SealBrokenError where nothing can be sent as it stands.
    """
    try:
        event = WebhookEvent(message.template)
    except ValueError as error:
        raise UndeliverableError from error
    with agency_context(agency.pk):
        receiver = addressed(message.webhook_id or 0, now)
    if receiver is None:
        return None
    told = event_at_sending(event, message.params, now)
    return gateway.Call(
        url=receiver.url,
        key=message.key,
        content=payload(told, message.params, message.created_at),
        secrets=receiver.secrets,
        at=now,
    )
