"""Packets: the values that would leave with a referral, and the frozen copy that did."""

import json
from datetime import UTC, datetime
from typing import Any

from casework.domain.errors import NotFoundError, SealBrokenError
from casework.gateways import vault
from casework.models import Case, FindingRecord, Referral
from casework.services.ledger import known_facts
from casework.services.people import opened
from casework.services.sealing import open_value

_IDENTITY = ("name", "preferred_name", "date_of_birth", "phone", "safe_contact")


def releasable_values(case: Case, referral: Referral, *, at: datetime) -> dict[str, object]:
    """Every field a packet could hold, as it stands now; disclosure rules choose among them.

    A placement address is not among them, whatever was consented to.
    """
    identity = opened(case.person)
    facts = known_facts(case, on=at.date())
    texts = referral_texts(referral)
    values: dict[str, object] = {name: identity[name] for name in _IDENTITY}
    values |= {
        "language": case.person.language,
        "interpreter_needed": case.person.interpreter_needed,
        "age_band": _age_band(facts.get("age_now_under_18")),
        "country_of_nationality": facts.get("country_of_nationality"),
        "visa_class": facts.get("visa_class"),
        "pathway": referral.origin.pathway or None,
        "needs": texts.get("needs"),
        "summary": texts.get("summary"),
        "forms_indicated": _forms_indicated(case),
        "clocks": _running_clocks(case),
    }
    return values


def _age_band(under_18: object) -> str | None:
    if not isinstance(under_18, bool):
        return None
    return "under_18" if under_18 else "18_or_over"


def _forms_indicated(case: Case) -> list[str]:
    """Forms that some finding of the case supports at least in part, under either definition."""
    forms = {
        form["form"]
        for content in FindingRecord.objects.filter(case=case).values_list("content", flat=True)
        for form in content["forms"]
        if form["band"] in ("strong", "some")
    }
    return sorted(forms)


def _running_clocks(case: Case) -> list[dict[str, str]]:
    return [
        {"rule": row.rule, "due_at": row.due_at.astimezone(UTC).isoformat()}
        for row in case.deadlines.running().soonest_first()
        if row.due_at is not None
    ]


def referral_texts(referral: Referral) -> dict[str, str]:
    """Needs and summary as the caseworker wrote them."""
    origin = referral.origin
    return open_value(origin, "texts", key=origin.case.person.key) or {}


def freeze(referral: Referral, packet: dict[str, Any], *, until: datetime) -> None:
    """Put the packet into the envelope under a key of its own; the caller saves the row."""
    made = vault.new_key(str(referral.ref))
    referral.packet_key = made.wrapped
    referral.packet_wrapping_key = made.wrapping_key
    referral.packet_until = until
    referral.packet = seal_in_envelope(referral, "packet", packet)


def seal_in_envelope(referral: Referral, column: str, value: object) -> bytes:
    """Seal a value that both agencies may read."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return vault.seal(_key(referral), plain, _place(referral, column))


def open_from_envelope(referral: Referral, column: str) -> Any:  # noqa: ANN401
    """The value again; None where there is none."""
    sealed = getattr(referral, column)
    if sealed is None:
        return None
    return json.loads(vault.unseal(_key(referral), bytes(sealed), _place(referral, column)))


def open_packet(referral: Referral, *, at: datetime) -> dict[str, Any]:
    """What was sent. NotFoundError once the consent behind it has ended."""
    ended = referral.packet_until is None or at >= referral.packet_until
    if ended or referral.packet_closed_at is not None:
        msg = "The consent behind this packet has ended; ask the sender for a new referral."
        raise NotFoundError(msg)
    packet: dict[str, Any] = open_from_envelope(referral, "packet")
    return packet


def _key(referral: Referral) -> bytes:
    if referral.packet_key is None:
        raise SealBrokenError
    wrapped = vault.WrappedKey(
        wrapped=bytes(referral.packet_key), wrapping_key=referral.packet_wrapping_key
    )
    return vault.open_key(wrapped, str(referral.ref))


def _place(referral: Referral, column: str) -> vault.Place:
    ref = str(referral.ref)
    return vault.Place(table="casework_referral", column=column, row=ref, key=ref)
