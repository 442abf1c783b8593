"""Every definition of the knowledge, for reading: found, followed through its versions, compared.

Whoever asks sees what everybody has and what their own agency added; row security hides the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from django.db.models import Count, F, Func, Q, Value
from django.db.models import fields as column
from django.db.models.expressions import Combinable, ExpressionWrapper, OrderBy
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from casework.domain.definitions import kinds
from casework.domain.differences import Difference, differences
from casework.domain.errors import NotFoundError
from casework.models import Definition
from casework.models.knowledge import DefinitionQuerySet

Rows: TypeAlias = DefinitionQuerySet
Ref: TypeAlias = tuple[str, str]
"""Kind and code: a definition, whichever of its versions."""
MOST_MENTIONS = 500
_SEARCHED = (
    *("title", "label", "summary", "meaning", "demand", "question", "translations", "unit"),
    *("binds", "notes"),
)
_ENJOINED = "'$.enjoined[*] ? (@.from <= $on && (@.to == null || @.to >= $on))'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What a definition is called."""

    title: str
    """In English, or in whatever language it has."""
    own_title: str
    """In the language asked for; empty where it has none in that."""


def kind_names() -> list[str]:
    """Every kind there is, in the order of the alphabet."""
    return sorted(kind.name for kind in kinds().values())


def described(rows: Rows, *, on: date, language: str = "en") -> Rows:
    """The rows with what a list says of them, and whether each holds on the day; no content.

    `holds` is false on a day on which a court keeps the rule from being applied.
    """
    return rows.annotate(
        title=_title(),
        own_title=_own_title(language),
        jurisdiction=KT("content__jurisdiction"),
        report_rows=KeyTransform("report_rows", "content"),
        enjoined=KeyTransform("enjoined", "content"),
        holds=_holds(on),
        place=Concat(
            *("kind", Value("/"), "code", Value("/"), "version"), output_field=column.TextField()
        ),
    ).defer("content")


def current(*, on: date, language: str = "en") -> Rows:
    """What is loaded now, every version of it."""
    return described(Definition.objects.current(), on=on, language=language)


def _title() -> Combinable:
    any_language = Func(
        F("content"),
        template="(jsonb_path_query_first(%(expressions)s, '$.title.*') #>> '{}')",
        output_field=column.TextField(),
    )
    return Coalesce(
        KT("content__title__en"),
        any_language,
        NullIf(KT("content__title"), Value("")),
        KT("content__label__en"),
        KT("content__label"),
        Cast("code", column.TextField()),
        output_field=column.TextField(),
    )


def _own_title(language: str) -> Combinable:
    return Coalesce(
        KT(f"content__title__{language}"),
        KT(f"content__label__{language}"),
        KT(f"content__translations__{language}__label"),
        Value(""),
        output_field=column.TextField(),
    )


def _holds(on: date) -> Combinable:
    """In force on the day, and by no court kept from being applied on it."""
    starts = Q(in_force_from__isnull=True) | Q(in_force_from__lte=on)
    ends = Q(in_force_to__isnull=True) | Q(in_force_to__gte=on)
    enjoined = Func(
        F("content"),
        Value(on.isoformat()),
        function="jsonb_path_exists",
        arg_joiner=f", {_ENJOINED}, jsonb_build_object('on', ",
        template="%(function)s(%(expressions)s))",
        output_field=column.BooleanField(),
    )
    return ExpressionWrapper(
        Q(withdrawn_at__isnull=True) & starts & ends & ~Q(enjoined),
        output_field=column.BooleanField(),
    )


def matching(rows: Rows, words: str) -> Rows:
    """Rows in whose code, citation or wording, in any language, every one of the words stands."""
    texts = [KT(f"content__{name}") for name in _SEARCHED]
    searched = Func(
        Value(" "),
        "code",
        "citation",
        *texts,
        function="concat_ws",
        output_field=column.TextField(),
    )
    found = rows.alias(searched=searched)
    for word in words.split():
        found = found.filter(searched__icontains=word)
    return found


def answering(rows: Rows, report_row: str) -> Rows:
    """Rows that answer a demand of the report."""
    return rows.filter(content__report_rows__contains=[report_row])


def in_place(rows: Rows, jurisdiction: str) -> Rows:
    """Rows of one jurisdiction, as in US or US-NY."""
    return rows.filter(content__jurisdiction=jurisdiction)


def in_force(rows: Rows) -> Rows:
    """Rows that hold on the day they were described for."""
    return rows.filter(Q(holds=True))


def one_of_each(rows: Rows) -> Rows:
    """Of every definition one row: the agency's own, then the one that holds, then the newest.

    The rows are those that `described` gave.
    """
    best = rows.order_by(
        "kind", "code", F("agency").asc(nulls_last=True), F("holds").desc(), *_newest_first()
    ).distinct("kind", "code")
    return rows.filter(pk__in=best.values("pk"))


def _newest_first() -> tuple[OrderBy, ...]:
    begun = F("in_force_from").desc(nulls_last=True)
    return (begun, F("loaded_at").desc(), F("pk").desc())


def versions_of(kind: str, code: str, *, on: date, language: str = "en") -> list[Definition]:
    """Every version ever loaded, newest first, the agency's own before what everyone has.

    NotFoundError if there is none.
    """
    rows = Definition.objects.of_kind(kind).filter(code=code)
    ordered = (F("agency").asc(nulls_last=True), *_newest_first())
    found = list(described(rows, on=on, language=language).order_by(*ordered))
    if not found:
        raise NotFoundError
    return found


def chosen(versions: Iterable[Definition], name: str = "") -> Definition:
    """The version of that name or digest; without a name the one that holds, or the newest.

    NotFoundError if none is called so. Of a version that was loaded twice, what is loaded now.
    """
    loaded_first = sorted(versions, key=lambda row: row.withdrawn_at is not None)
    if name:
        called = [row for row in loaded_first if name in (row.version, row.digest)]
    else:
        called = sorted(loaded_first, key=lambda row: not holds(row))
    if not called:
        raise NotFoundError
    return called[0]


def holds(row: Definition) -> bool:
    """Whether a row from `described` holds on the day it was described for."""
    return bool(vars(row).get("holds"))


def by_digest(digest: str, *, on: date) -> Definition:
    """Exactly the content that was concluded under, also if it was replaced. NotFoundError."""
    rows = Definition.objects.filter(digest=digest)
    row = described(rows, on=on).order_by("-loaded_at", "-pk").first()
    if row is None:
        raise NotFoundError
    return row


def compared(old: Definition, new: Definition) -> list[Difference]:
    """What two versions say differently, place by place."""
    return list(differences(old.content, new.content))


def names_of(refs: Iterable[Ref], *, on: date, language: str = "en") -> dict[Ref, Name]:
    """What the definitions are called, in one look; those that are not there are left out."""
    codes: dict[str, set[str]] = defaultdict(set)
    for kind, code in refs:
        codes[kind].add(code)
    if not codes:
        return {}
    wanted = Q()
    for kind, some in codes.items():
        wanted |= Q(kind=kind, code__in=some)
    rows = one_of_each(current(on=on, language=language).filter(wanted))
    return {(row.kind, row.code): name_of(row) for row in rows}


def name_of(row: Definition) -> Name:
    """What a row from `described` is called."""
    said = vars(row)
    return Name(title=said.get("title", row.code), own_title=said.get("own_title", ""))


def counts() -> dict[str, int]:
    """How many definitions of each kind there are, not counting their versions."""
    rows = Definition.objects.current().order_by("kind").values_list("kind")
    counted = rows.annotate(number=Count("code", distinct=True))
    return dict(counted)


def carriers(*, on: date, language: str = "en") -> Mapping[str, list[Definition]]:
    """Demand of the report → what carries it, by kind and code."""
    described_now = current(on=on, language=language)
    answering_any = described_now.exclude(kind="mission").filter(content__has_key="report_rows")
    found: dict[str, list[Definition]] = defaultdict(list)
    for row in one_of_each(answering_any).order_by("kind", "code"):
        for name in vars(row)["report_rows"]:
            found[name].append(row)
    return found


def demands(*, on: date, language: str = "en") -> list[Definition]:
    """What the report asks, in its order, content included."""
    rows = current(on=on, language=language).of_kind("mission").defer(None)
    return sorted(rows, key=lambda row: int(row.code.removeprefix("R")))


def mentions(row: Definition, *, on: date, language: str = "en") -> list[Definition]:
    """Definitions that rest on this one: that cite the source, ask for the fact, and so on."""
    named = _MENTIONED_IN.get(row.kind)
    if named is None:
        return []
    rows = current(on=on, language=language).alias(text=Cast("content", column.TextField()))
    found = one_of_each(rows.filter(named(row.code)))
    return list(found.order_by("kind", "code")[:MOST_MENTIONS])


_MENTIONED_IN = {
    "source": lambda code: Q(content__law_sources__contains=[code]),
    "fact": lambda code: Q(text__contains=f'"fact": "{code}"'),
    "indicator": lambda code: Q(kind="instrument", text__contains=f'"{code}"'),
    "ladder": lambda code: Q(kind="clock", content__rungs=code),
    "mission": lambda code: Q(content__report_rows__contains=[code]),
}


def namesakes(row: Definition, *, on: date, language: str = "en") -> list[Definition]:
    """The same thing as other kinds: the State's row behind a pathway, the fact of an indicator."""
    rows = current(on=on, language=language).filter(code=row.code).exclude(kind=row.kind)
    return list(one_of_each(rows).order_by("kind"))
