"""The XML inside a workbook: names of sheets, shared texts, and the text of each filled cell."""

import re
from collections.abc import Mapping, Sequence
from xml.parsers import expat

Attributes = Mapping[str, str]
MOST_ELEMENTS = 200_000
LONGEST_TEXT = 32_767
"""In characters: as much as a cell of a spreadsheet can hold."""
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class BadPartError(Exception):
    """A part of the workbook says what none may say."""


class Walk:
    """One walk through the XML of a part; what its elements mean is for the classes below."""

    def __init__(self) -> None:
        self.within: list[str] = []
        self._count = 0

    def read(self, content: bytes) -> None:
        """Walk; names and attributes come without their namespaces."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        parser.Parse(content, True)  # noqa: FBT003 - C code takes no names

    def _start(self, name: str, attributes: Attributes) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise BadPartError(f"a part has more than {MOST_ELEMENTS} elements")
        self.within.append(_local(name))
        self.start(self.within[-1], {_local(key): value for key, value in attributes.items()})

    def _end(self, _: str) -> None:
        self.end(self.within.pop())

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, part: str) -> None:
        """Text inside the innermost element."""


def _refuse_document_type(*_: object) -> None:
    raise BadPartError("a part declares a document type, as no workbook does")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _joined(text: str, part: str) -> str:
    if len(text) + len(part) > LONGEST_TEXT:
        raise BadPartError(f"a cell holds more than {LONGEST_TEXT} characters")
    return text + part


class _Pairs(Walk):
    """Two attributes of every element of one name."""

    def __init__(self, name: str, key: str, value: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._wanted = name, key, value

    def start(self, name: str, attributes: Attributes) -> None:
        wanted, key, value = self._wanted
        if name == wanted:
            self.found.append((attributes[key], attributes[value]))


def names_of(content: bytes) -> list[tuple[str, str]]:
    """Sheet name and the id of its part, in order."""
    walk = _Pairs("sheet", "name", "id")
    walk.read(content)
    return walk.found


def targets_of(content: bytes) -> dict[str, str]:
    """Id → path of a part."""
    walk = _Pairs("Relationship", "Id", "Target")
    walk.read(content)
    return dict(walk.found)


class _Strings(Walk):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:  # noqa: ARG002
        if name == "si":
            self.found.append("")

    def text(self, part: str) -> None:
        if self.found and self.within[-1] == "t" and "rPh" not in self.within:
            self.found[-1] = _joined(self.found[-1], part)


def strings_of(content: bytes) -> list[str]:
    """The texts that cells refer to by number, without formatting and reading aids."""
    walk = _Strings()
    walk.read(content)
    return walk.found


def cells_of(content: bytes, strings: Sequence[str]) -> list[tuple[int, int, str]]:
    """Row, column and text of every filled cell of a sheet, both counted from 1."""
    walk = _Sheet(strings)
    walk.read(content)
    return walk.found


class _Sheet(Walk):
    """Gathers filled cells; a cell without an address follows the last one."""

    def __init__(self, strings: Sequence[str]) -> None:
        super().__init__()
        self.found: list[tuple[int, int, str]] = []
        self._strings = strings
        self._row = self._column = 0
        self._kind = self._text = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif name == "c":
            self._column += 1
            self._kind, self._text = attributes.get("t", "n"), ""
            if "r" in attributes:
                self._go_to(attributes["r"])

    def text(self, part: str) -> None:
        inside = self.within[-1] == "v" or (self.within[-1] == "t" and "is" in self.within)
        if inside and "rPh" not in self.within:
            self._text = _joined(self._text, part)

    def end(self, name: str) -> None:
        if name == "c" and self._text.strip():
            self.found.append((self._row, self._column, self._said()))

    def _go_to(self, address: str) -> None:
        match = _ADDRESS.fullmatch(address)
        if match is None:
            raise BadPartError("a cell has no address that a spreadsheet could have")
        column = 0
        for letter in match[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
        self._row, self._column = int(match[2]), column

    def _said(self) -> str:
        if self._kind == "s":
            return self._strings[int(self._text)]
        if self._kind == "b":
            return {"1": "yes", "0": "no"}.get(self._text.strip(), self._text)
        return self._text
