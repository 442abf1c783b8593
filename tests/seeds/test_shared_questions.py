"""The questions of the shared signs: each is one question, and a plain yes names the sign."""

import re
from collections.abc import Mapping

import pytest

from screening.domain.indicators import Indicator
from tests.row_by_row import every
from tests.seeds.rows import rows
from tests.unit.screening.examples import vocabulary

_AUXILIARY = "Are|Can|Could|Did|Do|Does|Had|Has|Have|Is|Was|Were|Will|Would"
_ASKS_OPENLY = (
    r"(?:(?:a|ante|con|contra|de|desde|en|para|por|sin) )?"
    r"(?:cómo|cuál|cuándo|cuánt|dónde|adónde|qué|quién)"
)
YES_OR_NO: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        rf"(?:(?!How|Wh(?:at|ere|ich|o|y))[A-Z][^?]*, (?i:{_AUXILIARY})|{_AUXILIARY})"
        r" (?!\w+ not\b)[^?]+\?"
    ),
    "es": re.compile(rf"(?:[^¿?]+, )?¿(?!(?i:{_ASKS_OPENLY}|no\b))[^¿?]+\?"),
    "ar": re.compile(r"(?:(?!أي |أين|كم |كيف|ما |ماذا|متى)[^؟]+، )?هل (?!لا |لم |ليس)[^؟]+؟"),
}
"""An auxiliary, ¿ or هل begins it, perhaps after a clause; nothing is asked besides, or by not."""
each = every(vocabulary().values(), lambda one: one.code)

OF_ONE_MEANING = {"in_removal_proceedings"}
"""Asked of now in both places: a case before an immigration judge, or an order that stands."""


@each
def test_a_shared_question_is_answered_with_yes_or_no(one: Indicator) -> None:
    asked = {language: one.question.get(language) for language in YES_OR_NO}
    assert not [said for name, said in asked.items() if not YES_OR_NO[name].fullmatch(said)]


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "How much were you paid?"),
        ("en", "What were you paid, and was it what you had earned?"),
        ("en", "Where have you been staying? Was there a time without a safe place?"),
        ("en", "May I ask how old you are?"),
        ("en", "Did they not let you sleep?"),
        ("es", "¿Cuánto le pagaban, y era lo que se había ganado?"),
        ("es", "¿Con quién vive y quién le ayuda?"),
        ("es", "En un día normal, ¿a qué hora empezaba?"),
        ("es", "¿No le pagaban nada?"),
        ("es", "¿Conoce sus derechos? ¿Y el idioma?"),
        ("ar", "كم كان أجرك، وهل كان ما تستحقه عن عملك؟"),
        ("ar", "كيف نومك، هل هناك ما يثقل عليك؟"),
        ("ar", "هل لم يُدفع لك شيء؟"),
    ],
)
def test_an_open_a_double_or_a_turned_question_is_none(language: str, asked: str) -> None:
    assert not YES_OR_NO[language].fullmatch(asked)


def test_a_sign_shares_its_code_with_a_fact_only_where_both_mean_the_same() -> None:
    written_out = {str(row["code"]) for row in rows("facts")}
    assert written_out & vocabulary().keys() == OF_ONE_MEANING
