"""When a question of an XLSForm shows: the small part of its language that we accept.

    ${a} = 'yes' and (selected(${b}, 'x') or not(${age} >= 18))

Nothing is evaluated here; a condition becomes a rule of ours or is refused with its position.
"""

import re
from dataclasses import dataclass
from typing import Any, NoReturn

ACCEPTED = (
    "accepted are ${question} = 'code', !=, <, <=, >, >=, selected(${question}, 'code'),"
    " and, or, not(…) and parentheses"
)
DEEPEST = 20
_SMART = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})  # noqa: RUF001 - typed by Excel
_TOKEN = re.compile(
    r"\s*(?:(?P<ref>\$\{\s*[A-Za-z_][\w.-]*\s*\})|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<number>-?\d{1,15}(?:\.\d{1,15})?(?![\w.]))|(?P<op><=|>=|!=|=|<|>)"
    r"|(?P<name>[A-Za-z_][\w.:-]*)|(?P<mark>[(),]))",
    re.ASCII,
)


class RelevanceError(ValueError):
    """The condition cannot be read; says what stands where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A value compared with; whether a number is meant depends on the question."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str
    text: str
    at: int


def read_relevance(text: str) -> dict[str, Any]:
    """The condition as a rule, its values as literals. RelevanceError if it is anything else."""
    return _Reader(text.translate(_SMART)).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> dict[str, Any]:
        rule = self._either()
        if self._next.kind != "end":
            self._refuse()
        return rule

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _refuse(self, why: str = "") -> NoReturn:
        token = self._next
        what = f"“{token.text}” at character {token.at}" if token.text else "the end"
        raise RelevanceError(f"{why or f'{what} is not accepted here'}; {ACCEPTED}")

    def _take(self, kind: str, text: str = "") -> str:
        token = self._next
        if token.kind != kind or (text and token.text != text):
            self._refuse()
        self._at += 1
        return token.text

    def _is(self, kind: str, text: str) -> bool:
        return self._next.kind == kind and self._next.text == text

    def _either(self) -> dict[str, Any]:
        parts = [self._every()]
        while self._is("name", "or"):
            self._at += 1
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else {"any": parts}

    def _every(self) -> dict[str, Any]:
        parts = [self._single()]
        while self._is("name", "and"):
            self._at += 1
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else {"all": parts}

    def _single(self) -> dict[str, Any]:
        if self._is("mark", "("):
            return self._bracketed()
        if self._is("name", "not"):
            self._at += 1
            return {"not": self._bracketed()}
        if self._is("name", "selected"):
            return self._selected()
        if self._next.kind == "name":
            self._refuse(f"there is no “{self._next.text}” here, at character {self._next.at}")
        return self._comparison()

    def _bracketed(self) -> dict[str, Any]:
        self._take("mark", "(")
        self._depth += 1
        if self._depth > DEEPEST:
            self._refuse(f"the brackets go more than {DEEPEST} deep")
        rule = self._either()
        self._take("mark", ")")
        self._depth -= 1
        return rule

    def _selected(self) -> dict[str, Any]:
        self._at += 1
        self._take("mark", "(")
        item = self._reference()
        self._take("mark", ",")
        value = self._take("text")
        self._take("mark", ")")
        return {"item": item, "op": "contains", "value": Literal(text=value[1:-1], quoted=True)}

    def _comparison(self) -> dict[str, Any]:
        item = self._reference()
        op = self._take("op")
        if self._next.kind == "number":
            return {
                "item": item,
                "op": op,
                "value": Literal(text=self._take("number"), quoted=False),
            }
        value = self._take("text")[1:-1]
        if not value and op in ("=", "!="):
            return {"item": item, "op": "answered", "value": op == "!="}
        return {"item": item, "op": op, "value": Literal(text=value, quoted=True)}

    def _reference(self) -> str:
        return self._take("ref")[2:-1].strip()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            place = at + len(text[at:]) - len(text[at:].lstrip())
            said = f"“{text[place]}” at character {place + 1} is not accepted here; {ACCEPTED}"
            raise RelevanceError(said)
        kind = str(match.lastgroup)
        found.append(_Token(kind=kind, text=match[kind], at=match.start(kind) + 1))
        at = match.end()
    return [*found, _Token(kind="end", text="", at=end + 1)]
