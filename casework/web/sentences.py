"""Sentences that the work itself says, mostly refusals: written in English where no page is near.

The domain speaks plain Python and knows no catalog, and partner systems read the same sentences.
Pages look them up here; what is not listed is shown in English, and marked as English.
"""

import re
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.translation import gettext, gettext_noop

from casework.web.written_in import marked, page_language, primary

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FIXED = (
    gettext_noop("Something that was sent cannot be accepted as it stands."),
    gettext_noop("Your role does not allow this."),
    gettext_noop("This cannot be done in the present state."),
    gettext_noop("The person's written consent does not cover this disclosure."),
    gettext_noop("Someone changed this meanwhile; read it again and repeat your change."),
    gettext_noop("Say why, so that the sender can go on."),
    gettext_noop("The consent behind this packet has ended; ask the sender for a new referral."),
    gettext_noop("This release was already withdrawn."),
    gettext_noop("Someone else has to approve what you wrote yourself."),
    gettext_noop("No consent was found to send on."),
    gettext_noop("Choose another agency."),
    gettext_noop("Choose at least one field to send."),
    gettext_noop("Say what has to change."),
    gettext_noop("This must be text."),
    gettext_noop("Half of a surrogate pair stands here; send whole characters."),
    gettext_noop("A retraction cannot be retracted; assert the fact again."),
    gettext_noop("This assertion was already retracted."),
    gettext_noop("Leave the value out when it is not known."),
    gettext_noop("Give a language tag, such as es or zh-Hant."),
    gettext_noop("Choose a caseworker or supervisor of this agency."),
    gettext_noop("Say why the case is closed."),
    gettext_noop("This event was already amended or retracted."),
    gettext_noop("This lies in the future."),
    gettext_noop("This lies before 1970."),
    gettext_noop("Name the agency that receives."),
    gettext_noop("Name at least one field; nothing is included unnamed."),
    gettext_noop("Say what the release is for."),
    gettext_noop("Only a written consent allows a release."),
    gettext_noop("The end has to lie after the beginning."),
    gettext_noop("This lies in the past."),
    gettext_noop("Choose a beginning within a year."),
    gettext_noop("This overlaps another absence of the same person."),
    gettext_noop("Choose a member of this agency."),
    gettext_noop("Choose a member of this agency who is told of clocks."),
    gettext_noop("Nobody stands in for themselves; choose a colleague."),
    gettext_noop("You may plan an absence of your own only."),
    gettext_noop("This absence was already taken back."),
    gettext_noop("This absence is over."),
    gettext_noop("This lies more than 25 years ahead; check the year."),
    gettext_noop("Say why; it stays with the deadline."),
    gettext_noop("This lies before the clock began."),
    gettext_noop("It is paused already."),
    gettext_noop("It is not paused."),
    gettext_noop("It was paused and resumed after that moment already."),
    gettext_noop("An event paused it; record the event that ends the pause."),
    gettext_noop("This lies before the pause began."),
    gettext_noop("It was extended as often as the rule allows."),
    gettext_noop("Our sources name no length: give the new last day."),
    gettext_noop("This is not after the present last day."),
    gettext_noop(
        "Nobody met or waived it by hand. What an event met is reopened by amending or "
        "retracting that event."
    ),
    gettext_noop("It was met or waived by hand: reopen it first."),
    gettext_noop("Something else was recorded about it meanwhile. Look at it again."),
    gettext_noop("Nothing was done about it by hand."),
    gettext_noop("Only the person, or a guardian."),
    gettext_noop("The alleged abuser cannot sign as guardian."),
)
FILLED = (
    gettext_noop("Must be one of: %(options)s."),
    gettext_noop("The door must be one of: %(options)s."),
    gettext_noop("“%(field)s” can never be sent. Possible are: %(options)s."),
    gettext_noop("At most %(longest)s characters; this has %(length)s."),
    gettext_noop("The control character %(character)s is not accepted."),
    gettext_noop("The hidden direction mark %(character)s is not accepted."),
    gettext_noop("No consent covers: %(fields)s."),
    gettext_noop("Can never be released: %(fields)s."),
    gettext_noop("Cannot be released: %(fields)s."),
    gettext_noop("Choose an end within %(days)s days."),
    gettext_noop("There is no event “%(kind)s”. Known are: %(options)s."),
    gettext_noop("“%(zone)s” is no IANA time zone; an example is America/Chicago."),
    gettext_noop("This needs the right to %(right)s, which you do not have."),
    gettext_noop("Not possible while it is %(status)s."),
    gettext_noop(
        "Our sources name no ground on which this clock stops (%(citation)s). It goes on "
        "running; an exception can be recorded instead."
    ),
    gettext_noop("Our sources know no extension of this clock (%(citation)s)."),
    gettext_noop("This case is %(status)s: it cannot be %(done)s now."),
    gettext_noop("This referral is %(status)s: it cannot be %(done)s now."),
    gettext_noop("%(fact)s: give true or false."),
    gettext_noop("%(fact)s: choose one of %(options)s."),
    gettext_noop("%(fact)s: give a whole number of at most %(largest)s."),
    gettext_noop(
        "%(fact)s: give a date of 1900 to 2200 as year-month-day, for example 2026-01-31."
    ),
    gettext_noop("%(fact)s: give 1 to %(longest)s characters without control characters."),
    gettext_noop("%(fact)s: give it in this form: %(form)s."),
)
"""With what changes from case to case standing in the place of each name."""
_PLACE = re.compile(r"%\\\((\w+)\\\)s")
_NAMED = re.compile(r"%\((\w+)\)s")


def translated(
    sentence: str, filled: Iterable[str] = FILLED, english: Container[str] = ()
) -> "StrOrPromise":
    """The sentence in the language of the page, otherwise in English and marked as such.

    `english` names the places that hold English words, which are looked up or marked themselves;
    the sentence is then one for a page and nothing else.
    """
    if not sentence or primary(page_language()) == "en":
        return sentence
    found = gettext(sentence)
    if found != sentence:
        return found
    for template in filled:
        match = _pattern(template).fullmatch(sentence)
        if match:
            said = match.groupdict()
            words = {name: translated(said[name], filled) for name in said if name in english}
            return _filled_in(gettext(template), said, words)
    return marked(sentence, "en")


def _filled_in(
    template: str, said: dict[str, str], words: dict[str, "StrOrPromise"]
) -> "StrOrPromise":
    if not words:
        return template % said
    return format_html(_NAMED.sub(r"{\1}", template), **{**said, **words})


@lru_cache(maxsize=256)
def _pattern(template: str) -> re.Pattern[str]:
    """What a filled-in template looks like."""
    return re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(template)), re.DOTALL)
