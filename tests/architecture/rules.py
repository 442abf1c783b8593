"""The rules of the house, each a function from one source file to what breaks it there."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import Source

LONGEST_FILE = 300
LONGEST_FUNCTION = 60
WRITES = frozenset(
    {
        "save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create",
        "update_or_create", "asave", "acreate", "aupdate", "adelete", "raw",
    }
)  # fmt: skip
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
NO_SECRET = frozenset({"Agency", "User"})
KNOWN_PAST_THE_DOOR = {
    "casework/web/names.py": "names for the refs that a deed already shown carries",
    "casework/web/packet_view.py": "the releases that a packet already shown rests on",
}
GIVEN_NAMES = {"config/patient_postgresql/base.py": "where Django looks for a database backend"}
_VAGUE = re.compile(r"(^|/)(utils?|helpers?|common|misc|stuff|base)(\.py|/)")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def too_long(source: Source) -> Iterator[str]:
    """Files of more than 300 lines and functions of more than 60."""
    lines = source.text.count("\n")
    if lines > LONGEST_FILE and "/migrations/" not in source.path:
        yield f"{source.path} has {lines} lines"
    for node in source.nodes(*_FUNCTIONS):
        length = (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1
        if length > LONGEST_FUNCTION:
            yield source.at(node, f"{getattr(node, 'name', '')} has {length} lines")


def imports_inside(source: Source) -> Iterator[str]:
    """Imports in a function; only migrations may, for what is not there when they load."""
    if "/migrations/" in source.path:
        return
    for function in source.nodes(*_FUNCTIONS):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield source.at(node, "import inside a function")


def writes_in_an_edge(source: Source) -> Iterator[str]:
    """Calls of the ORM that write, where only services write.

    A set's or a dict's update takes no keywords, a queryset's nothing else.
    """
    if not source.is_edge():
        return
    for node in source.nodes(ast.Call):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in WRITES and not (name == "update" and not node.keywords):
                yield source.at(node, f".{name}()")


def rows_past_the_door(source: Source) -> Iterator[str]:
    """Agencies' rows that a request comes to by anything but access and services.

    Of a case that was reached by its door the rows may be listed; staff and agencies are no
    secret among each other; `none()` is no row.
    """
    parts = source.path.split("/")
    if len(parts) < 2 or parts[1] not in {"api", "web"} or source.path in KNOWN_PAST_THE_DOOR:
        return
    parents = {
        child: node for node in ast.walk(source.tree) for child in ast.iter_child_nodes(node)
    }
    for node in source.nodes(ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            model, (methods, keywords) = ast.unparse(node.value), _chain(node, parents)
            if model not in NO_SECRET and methods != ["none"] and "case" not in keywords:
                yield source.at(node, ast.unparse(node))


def _chain(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> tuple[list[str], set[str]]:
    """The methods called one after another from here on, and the keywords they were given."""
    methods: list[str] = []
    keywords: set[str] = set()
    while isinstance(parent := parents.get(node), ast.Attribute | ast.Call):
        if isinstance(parent, ast.Attribute):
            methods.append(parent.attr)
        elif parent.func is node:
            keywords |= {keyword.arg or "" for keyword in parent.keywords}
        else:
            break
        node = parent
    return methods, keywords


def signals(source: Source) -> Iterator[str]:
    """Signals: whoever does a deed says what else happens."""
    if source.path.startswith("tests/architecture/"):
        return
    for node in source.nodes(ast.Import, ast.ImportFrom):
        for name in _imported(node):
            if name.startswith(("django.dispatch", "django.db.models.signals")):
                yield source.at(node, name)


def mocks(source: Source) -> Iterator[str]:
    """Imitations of our own parts."""
    for node in source.nodes(ast.Import, ast.ImportFrom):
        for name in _imported(node):
            if name.startswith(("unittest.mock", "mock")):
                yield source.at(node, name)


def delays(source: Source) -> Iterator[str]:
    """Deadlines given to the broker: it loses them, or does them again and again."""
    for node in source.nodes(ast.keyword):
        if isinstance(node, ast.keyword) and node.arg in {"eta", "countdown"}:
            yield source.at(node, f"{node.arg}=")


def vague_names(source: Source) -> Iterator[str]:
    """Modules whose name does not say why they exist."""
    if _VAGUE.search(source.path) and source.path not in GIVEN_NAMES:
        yield source.path


def without_a_reason(source: Source) -> Iterator[str]:
    """Modules that do not say in one line why they exist."""
    is_written_by_hand = "/migrations/" not in source.path
    if is_written_by_hand and source.text.strip() and not ast.get_docstring(source.tree):
        yield source.path


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{name.name}" for name in node.names]
    return [name.name for name in node.names] if isinstance(node, ast.Import) else []
