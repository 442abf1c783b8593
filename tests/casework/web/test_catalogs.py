"""The catalogs of the pages are whole: nothing untranslated, nothing lost, nothing out of date."""

import gettext
import re
from collections import Counter

import pytest

from casework.domain.disclosure import RELEASABLE
from casework.domain.permissions import Role
from casework.domain.referral_flow import ReferralStatus
from casework.web.wording import FIELD_LABELS, has_words
from tests.casework.web.po_files import APPS, LANGUAGES, PLACE, Entry, asked_for, catalog, entries

FORMS = {"es": 3, "ar": 6}
_ONE_NUMBER = {"es": (0,), "ar": (0, 1, 2)}
"""The plural forms that stand for one number each, where the number may be said in a word."""
ALL = pytest.mark.parametrize(("app", "language"), [(a, code) for a in APPS for code in LANGUAGES])


def _messages(app: str, language: str) -> list[Entry]:
    return [entry for entry in entries(catalog(app, language)) if entry.msgid]


@ALL
def test_the_catalog_holds_what_the_sources_ask_for(app: str, language: str) -> None:
    held = {entry.msgid for entry in _messages(app, language)}
    assert asked_for(app) - held == set(), "run makemessages, then translate what is new"


@ALL
def test_nothing_is_left_untranslated(app: str, language: str) -> None:
    left = [
        entry.msgid
        for entry in _messages(app, language)
        if entry.fuzzy or not all(said.strip() for said in entry.said.values())
    ]
    assert left == []


@ALL
def test_every_plural_form_is_there(app: str, language: str) -> None:
    short = [
        entry.msgid
        for entry in _messages(app, language)
        if entry.plural and sorted(entry.said) != list(range(FORMS[language]))
    ]
    assert short == []


@ALL
def test_no_placeholder_is_lost(app: str, language: str) -> None:
    wrong = [
        (entry.msgid, said)
        for entry in _messages(app, language)
        for form, said in entry.said.items()
        if not _places_fit(entry, form, said, language)
    ]
    assert wrong == []


def _places_fit(entry: Entry, form: int, said: str, language: str) -> bool:
    expected = Counter(PLACE.findall(entry.plural or entry.msgid))
    found = Counter(PLACE.findall(said))
    if entry.plural and form in _ONE_NUMBER[language]:
        return found <= expected
    return found == expected


@ALL
def test_nothing_in_a_translation_could_break_the_markup(app: str, language: str) -> None:
    breaking = re.compile(r'["<>&]')
    wrong = [
        said
        for entry in _messages(app, language)
        for said in entry.said.values()
        if breaking.search(said) and not breaking.search(entry.msgid)
    ]
    assert wrong == []


@ALL
def test_the_compiled_catalog_says_the_same(app: str, language: str) -> None:
    path = catalog(app, language)
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in _messages(app, language):
        if entry.plural:
            said = {compiled.ngettext(entry.msgid, entry.plural, n) for n in range(200)}
            assert said <= set(entry.said.values()), "run compilemessages"
        else:
            assert compiled.gettext(entry.msgid) == entry.said[0], "run compilemessages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_apps_say_the_same_for_the_same_words(language: str) -> None:
    ours, theirs = ({e.msgid: e.said for e in _messages(app, language)} for app in APPS)
    assert {m: s for m, s in ours.items() if m in theirs} == {
        m: s for m, s in theirs.items() if m in ours
    }


def test_arabic_counts_in_six_forms() -> None:
    with catalog("casework", "ar").with_suffix(".mo").open("rb") as file:
        arabic = gettext.GNUTranslations(file)
    said = [arabic.ngettext("%(count)d day", "%(count)d days", n) for n in (0, 1, 2, 3, 11, 100)]
    assert said[1:3] == ["يوم واحد", "يومان"]
    assert [text for text in said if "%(count)d" in text] == [said[0], *said[3:]]
    assert len({said[1], said[2], said[3], said[4], said[5]}) == 5


def test_every_field_that_can_leave_has_words_of_its_own() -> None:
    assert {code: str(label) for code, label in FIELD_LABELS.items()} == {
        code: field.label for code, field in RELEASABLE.items()
    }


def test_codes_that_show_have_words_in_every_language() -> None:
    assert [code for code in (*Role, *ReferralStatus) if not has_words(code)] == []
