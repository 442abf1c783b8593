"""Our own source files, read and parsed once, as the rules of the house look at them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("casework", "screening", "config", "fixtures", "tests")
EDGES = ("api", "web", "management", "templatetags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One Python file."""

    path: str
    """From the root of the project, with forward slashes."""
    text: str
    tree: ast.Module

    def nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        """Every node of those kinds."""
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))

    def is_edge(self) -> bool:
        """Whether requests, commands or the queue come in here."""
        parts = self.path.split("/")
        return len(parts) > 1 and (parts[1] in EDGES or parts[1] == "tasks.py")

    def at(self, node: ast.AST, what: str) -> str:
        """Where something stands, to be shown."""
        return f"{self.path}:{getattr(node, 'lineno', 0)} {what}"


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every Python file of the project."""
    paths = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(parsed(path.relative_to(ROOT).as_posix(), path.read_text()) for path in paths)


def parsed(path: str, text: str) -> Source:
    """One file as a rule sees it."""
    return Source(path=path, text=text, tree=ast.parse(text, filename=path))


@lru_cache(maxsize=1)
def kept_files() -> tuple[Path, ...]:
    """Every file that is kept in the repository, or would be with the next commit."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / name for name in done.stdout.split("\0") if name)
    return tuple(path for path in paths if path.is_file())
