"""Finding a person again by name, on keyed tokens: no name is ever compared in the database."""

import hashlib
import hmac
import unicodedata
from base64 import b64decode
from difflib import SequenceMatcher

import jellyfish
from django.conf import settings
from django.db.models import Count, Q

from casework.access import cases_for
from casework.domain.permissions import Capability, Principal, require
from casework.models import Case, Person, SearchToken
from casework.services.sealing import open_value

_TOKEN_BYTES = 8
_PREFIX_LETTERS = 3
_CANDIDATES = 200
_ALIKE = 0.6


def folded(name: str) -> str:
    """Lower case, without accents or punctuation, single spaces; any script is kept."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    letters = (c for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in letters).split())


def _tokens(agency_ref: str, name: str) -> set[tuple[str, bytes]]:
    """The tokens of one name: each word exactly, by its first letters, and by its sound."""
    words = folded(name).split()
    raw: set[tuple[str, str]] = set()
    for word in words:
        raw.add((SearchToken.Kind.EXACT, word))
        raw.add((SearchToken.Kind.PREFIX, word[:_PREFIX_LETTERS]))
        sound = jellyfish.metaphone(word)
        if sound:
            raw.add((SearchToken.Kind.PHONETIC, sound))
    return {(kind, _keyed(agency_ref, kind, text)) for kind, text in raw}


def _keyed(agency_ref: str, kind: str, text: str) -> bytes:
    """A truncated MAC; the key differs by agency, so tokens cannot be compared across agencies."""
    secret = b64decode(settings.CASEWORK_INDEX_KEY)
    pepper = hmac.new(secret, f"search:{agency_ref}".encode(), hashlib.sha256).digest()
    return hmac.new(pepper, f"{kind}:{text}".encode(), hashlib.sha256).digest()[:_TOKEN_BYTES]


def index_person(person: Person, names: list[str]) -> None:
    """Replace the person's tokens with those of `names`, within the caller's transaction."""
    person.search_tokens.all().delete()
    wanted = set().union(*(_tokens(str(person.agency.ref), name) for name in names if name))
    SearchToken.objects.bulk_create(
        SearchToken(agency_id=person.agency_id, person=person, kind=kind, token=token)
        for kind, token in sorted(wanted)
    )


def find_cases(name: str, *, by: Principal, limit: int = 20) -> list[Case]:
    """Cases whose person's name is like `name`, best first, among those the principal may read.

    Tokens only propose; the names are opened and compared here, so that a shared token shows
    nobody who does not resemble what was asked.
    """
    require(by, Capability.SEARCH_PEOPLE)
    wanted = _tokens(by.agency_ref, name)
    if not wanted:
        return []
    match = Q(pk__in=[])
    for kind, token in wanted:
        match |= Q(person__search_tokens__kind=kind, person__search_tokens__token=token)
    rows = (
        cases_for(by)
        .filter(match)
        .annotate(shared=Count("person__search_tokens"))
        .order_by("-shared", "-opened_at")[:_CANDIDATES]
    )
    asked = folded(name)
    scored = ((_likeness(asked, case.person), case) for case in rows)
    good = sorted(
        ((score, case) for score, case in scored if score >= _ALIKE), key=lambda pair: -pair[0]
    )
    return [case for _, case in good[:limit]]


def _likeness(asked: str, person: Person) -> float:
    names = [
        open_value(person, column, key=person.key) or "" for column in ("name", "preferred_name")
    ]
    return max(_best_words(asked, folded(name)) for name in names)


def _best_words(asked: str, name: str) -> float:
    """How well each asked word is matched by some word of the name, 0 to 1."""
    words = name.split()
    if not words:
        return 0.0
    scores = [max(_word_likeness(want, word) for word in words) for want in asked.split()]
    return sum(scores) / len(scores)


def _word_likeness(want: str, word: str) -> float:
    if word.startswith(want):
        return 1.0
    if jellyfish.metaphone(want) and jellyfish.metaphone(want) == jellyfish.metaphone(word):
        return 0.9
    return SequenceMatcher(None, want, word).ratio()
