"""The page of one case: the person behind a mask, clocks, what is known, and where it led."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

from casework.access import case_for, referrals_for
from casework.domain.facts import Assertion, FactDefinition, Standing
from casework.domain.permissions import Capability, may
from casework.models import Case, ConsentRecord, Event, Fact
from casework.services.facts import current_facts
from casework.services.knowledge import fact_vocabulary
from casework.services.people import SEALED_FIELDS, reveal_identity
from casework.services.relief import assess_case
from casework.services.sealing import open_value
from casework.web.clocks import paired
from casework.web.deadline_acts import case_clocks
from casework.web.doors import Visitor, for_people, show
from casework.web.names import names_of
from casework.web.panels import case_panels
from casework.web.relief import pathway_views
from casework.web.wording import FIELD_LABELS, LANGUAGES_SPOKEN, PERSON_LABELS, Words, word
from casework.web.written_in import fact_label, option_label


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One fact as it stands, with where it came from."""

    line: Assertion
    label: Words
    value: Words
    hidden: bool
    who: str

    @property
    def from_screening(self) -> bool:
        """Whether a screening asserted it."""
        return self.line.source == Fact.Source.SCREENING


@for_people
@require_safe
def case_page(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """The case, the person hidden."""
    case = case_for(me.by, ref)
    return show(request, me, "casework/case.html", _context(case, me, None))


@for_people
@require_POST
def case_reveal(request: HttpRequest, me: Visitor, ref: UUID) -> HttpResponse:
    """The case with the person shown: in this answer only, and journaled."""
    case = case_for(me.by, ref, Capability.REVEAL_IDENTITY)
    identity = reveal_identity(case, by=me.by, at=me.at)
    return show(request, me, "casework/case.html", _context(case, me, identity))


def _context(case: Case, me: Visitor, identity: Mapping[str, str | None] | None) -> dict[str, Any]:
    shown = identity is not None
    facts = _facts(case, shown=shown)
    clocks = paired(case_clocks(case, me))
    return {
        "case": case,
        "identity": identity and {PERSON_LABELS[name]: identity[name] for name in SEALED_FIELDS},
        "language": dict(LANGUAGES_SPOKEN).get(case.person.language, case.person.language),
        "safe_contact": identity["safe_contact"] if identity else "",
        "recorded": [
            PERSON_LABELS[n] for n in SEALED_FIELDS if getattr(case.person, n) is not None
        ],
        "clocks": [pair for pair in clocks if not pair.over],
        "clocks_over": [pair for pair in clocks if pair.over],
        "events": _events(case, shown=shown),
        "facts": [fact for fact in facts if not fact.from_screening],
        "screened_facts": [fact for fact in facts if fact.from_screening],
        "relief": pathway_views(assess_case(case, by=me.by, on=me.at.date()).assessments)
        if may(me.by, Capability.ASSESS_RELIEF)
        else [],
        "referrals": referrals_for(me.by).filter(origin__case=case).order_by("-updated_at"),
        "consents": _consents(case, me),
        "panels": case_panels(case, me),
    }


def _facts(case: Case, *, shown: bool) -> list[FactLine]:
    """What stands, by label; personal values only where the person is shown."""
    vocabulary = fact_vocabulary()
    lines = current_facts(case).values()
    names = names_of(line.by for line in lines)
    found = [
        FactLine(
            line=line,
            label=_label(vocabulary.get(line.code), line.code),
            value=_value(line, vocabulary.get(line.code)),
            hidden=not shown and _personal(vocabulary.get(line.code)),
            who=names[line.by],
        )
        for line in lines
    ]
    return sorted(found, key=lambda fact: str(fact.label).lower())


def _label(definition: FactDefinition | None, code: str) -> Words:
    return fact_label(definition) if definition else code


def _personal(definition: FactDefinition | None) -> bool:
    return definition is None or definition.personal


def _value(line: Assertion, definition: FactDefinition | None) -> Words:
    if line.standing is not Standing.KNOWN:
        return word(line.standing)
    if isinstance(line.value, bool):
        return word("yes" if line.value else "no")
    if isinstance(line.value, date):
        return format_html(
            '<time datetime="{}">{}</time>',
            line.value.isoformat(),
            date_format(line.value, "j M Y"),
        )
    if isinstance(line.value, str) and definition and definition.options:
        return option_label(definition, line.value)
    if isinstance(line.value, str) and line.value.islower():
        return word(line.value)
    return str(line.value)


def _events(case: Case, *, shown: bool) -> list[dict[str, Any]]:
    """Standing events, newest first, with who recorded them; notes only where shown."""
    rows = list(Event.objects.standing().filter(case=case).order_by("-at", "-id"))
    names = names_of(row.recorded_by for row in rows)
    return [
        {
            "row": row,
            "who": names[row.recorded_by],
            "note": open_value(row, "note", key=case.person.key) if shown else "",
        }
        for row in rows
    ]


def _consents(case: Case, me: Visitor) -> list[dict[str, Any]]:
    """Every release, newest first, with whether it holds now."""
    rows = ConsentRecord.objects.filter(case=case).select_related("recipient").order_by("-id")
    return [
        {
            "row": row,
            "holds": row.withdrawn_at is None and row.valid_from <= me.at < row.valid_until,
            "ended": row.valid_until <= me.at,
            "fields": [FIELD_LABELS.get(code, code) for code in row.fields],
        }
        for row in rows
    ]
