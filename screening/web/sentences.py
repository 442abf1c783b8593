"""Sentences that screening says in English, looked up in the language of the page."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from casework.web.sentences import FILLED as OF_CASEWORK
from casework.web.sentences import translated
from screening.web.pack_sentences import FILLED as OF_PACKS
from screening.web.pack_sentences import FIXED as SAID_OF_PACKS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIXED = (
    gettext_noop("This screening is concluded; start another one to ask again."),
    gettext_noop("Give the code of one option, as a string."),
    gettext_noop("Give a list with at least one option code."),
    gettext_noop("Give true or false."),
    gettext_noop("Give a whole number."),
    gettext_noop("Give a number."),
    gettext_noop("Give a date as year-month-day, for example 2026-01-31."),
    gettext_noop("Give a text that is not empty."),
    gettext_noop("It holds characters that no text can hold."),
    gettext_noop("It is for reading only and takes no answer."),
    gettext_noop(
        "A person decides. This shows what the answers support; it never says that somebody is or "
        "is not a victim."
    ),
    gettext_noop("No study of how well this instrument tells cases apart is recorded."),
    gettext_noop("This version has not been reviewed by counsel."),
    gettext_noop("Its wording was taken from a secondary source."),
    gettext_noop("Its wording was not checked against its source again."),
    gettext_noop("Its wording is uncertain."),
    gettext_noop("It was made for people under 18; that the person was one is not established."),
    gettext_noop("It was made for adults; that the person was one is not established."),
    gettext_noop(
        "Means are needed unless the person was under 18. The age is not known, so it is open."
    ),
    gettext_noop(
        "Commercial sex by itself is not trafficking of an adult: ask about the act and means."
    ),
    gettext_noop("Nothing was asked that points to this form."),
    gettext_noop(
        "Article 3(a) names its purposes 'at a minimum'; a lawyer decides whether this counts."
    ),
    gettext_noop("Answers recorded; this instrument defines no score."),
    *SAID_OF_PACKS,
)
FILLED = (
    *OF_CASEWORK,
    gettext_noop("There is no such instrument. Known are: %(options)s."),
    gettext_noop("Choose one of %(options)s."),
    gettext_noop("%(option)s cannot be chosen with another option."),
    gettext_noop("Give a number of at most %(largest)s."),
    gettext_noop("Give at most %(longest)s characters."),
    gettext_noop("Question %(question)s does not show with the answers given so far."),
    gettext_noop("With %(standing)s there is no value; leave it out."),
    gettext_noop("The instrument is not in its final wording (status: %(status)s)."),
    gettext_noop("Not settled: %(open)s of the %(all)s questions that count."),
    gettext_noop("No means needed: under 18 in commercial sex (%(citation)s)."),
    gettext_noop(
        "For labor the federal definition asks for force, fraud or coercion also under 18 "
        "(%(citation)s); the UN Protocol does not. Ask how the child was made to do it."
    ),
    gettext_noop(
        "Removing organs is not a purpose under %(citation)s; trading in them is a separate "
        "federal crime (42 USC 274e). Ask whether work, services or commercial sex was also "
        "demanded."
    ),
    gettext_noop(
        "Taking benefits is by itself not a purpose under %(citation)s. Ask whether work, services "
        "or commercial sex was also demanded."
    ),
    gettext_noop(
        "Marriage is by itself not a purpose under %(citation)s. Ask whether work, services or "
        "commercial sex was also demanded."
    ),
    gettext_noop(
        "%(citation)s knows two limbs only. Ask whether work, services or commercial sex was also "
        "demanded."
    ),
    gettext_noop("No means needed: under 18 (%(citation)s)."),
    gettext_noop(
        "Of 1,000 positive results where 1 in 100 people is trafficked, about %(right)s "
        "would be right (%(study)s)."
    ),
    gettext_noop("Of 100 who were trafficked it found %(share)s."),
    gettext_noop("Of 100 who were not trafficked it left alone %(share)s."),
    gettext_noop("Of 100 people in the study, so many were trafficked: %(share)s."),
    gettext_noop("%(study)s: %(people)s in all: %(population)s."),
    *OF_PACKS,
)
_ENGLISH = frozenset({"study", "population", "citation", "why", "accepted"})
"""What is English inside a sentence: looked up itself, and marked where nothing is found."""


def reworded(sentence: str) -> "StrOrPromise":
    """The sentence in the language of the page, otherwise in English and marked as such."""
    return translated(sentence, FILLED, _ENGLISH)
