"""Catalogs as they stand in the repository, and what the sources ask of them, without gettext."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[3]
APPS = ("casework", "screening")
LANGUAGES = ("es", "ar")
_LINE = re.compile(r'(?:(msgid|msgid_plural|msgctxt|msgstr(?:\[(\d)\])?) )?(".*")')
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"(?<!\w)(?:gettext|ngettext|_)\(\s*({_LITERAL})")
_MARKS = frozenset({"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"})
PLACE = re.compile(r"%(?:\(\w+\))?[sd]")


@dataclass(slots=True)
class Entry:
    """One message with its translations, by plural form."""

    msgid: str = ""
    plural: str = ""
    said: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False


def catalog(app: str, language: str) -> Path:
    """Where the catalog stands; beside it lies the compiled one."""
    return ROOT / app / "locale" / language / "LC_MESSAGES" / "django.po"


def entries(path: Path) -> list[Entry]:
    """Every message of a catalog; the first one, which has no id, is its header."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        entry = Entry(fuzzy="\n#, fuzzy" in f"\n{block}")
        for keyword, number, text in _strings(block):
            _add(entry, keyword, number, text)
        if entry.said:
            found.append(entry)
    return found


def _strings(block: str) -> Iterator[tuple[str, int, str]]:
    keyword, number = "", 0
    for line in block.splitlines():
        match = _LINE.fullmatch(line)
        if match:
            keyword = match[1] or keyword
            number = int(match[2] or 0) if match[1] else number
            yield keyword, number, ast.literal_eval(match[3])


def _add(entry: Entry, keyword: str, number: int, text: str) -> None:
    if keyword == "msgid":
        entry.msgid += text
    elif keyword == "msgid_plural":
        entry.plural += text
    elif keyword.startswith("msgstr"):
        entry.said[number] = entry.said.get(number, "") + text


def asked_for(app: str) -> set[str]:
    """Every message that the templates and the code of an app ask for."""
    templates = (ROOT / app / "templates").rglob("*.html")
    code = (ROOT / app).rglob("*.py")
    found = {text for path in templates for text in _of_template(path)}
    return found | {text for path in code for text in _of_code(path)}


def _of_template(path: Path) -> Iterator[str]:
    for match in _IN_TEMPLATE.finditer(templatize(path.read_text(encoding="utf-8"))):
        yield ast.literal_eval(match[1])


def _of_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        text = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if name in _MARKS and isinstance(text, str):
            yield text
