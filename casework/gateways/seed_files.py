"""Seed files: strict YAML in which every value remembers the line it stands on.

No tags, no anchors, no aliases, no repeated keys: what a reader sees is what is loaded.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from casework.domain.errors import SeedError

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same reader in C where the library has it: ten times as quick."""
LARGEST_BYTES = 1_048_576
DEEPEST = 40

Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFile:
    """One file: its top-level mapping, and the line of every value by its path."""

    name: str
    content: dict[str, object]
    lines: dict[Path_, int] = field(repr=False)

    def line_of(self, path: Path_) -> int:
        """The line of a value, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_folder(folder: Path) -> list[SeedFile]:
    """Every .yaml file below the folder, in a stable order. SeedError names file and line."""
    files = sorted(path for path in folder.rglob("*.yaml"))
    return [read_file(path, path.relative_to(folder).as_posix()) for path in files]


def read_file(path: Path, name: str) -> SeedFile:
    """One file. SeedError if it is too large, not YAML, or uses more of YAML than we allow."""
    if path.stat().st_size > LARGEST_BYTES:
        raise SeedError(f"{name}: larger than {LARGEST_BYTES} bytes")
    try:
        return parse(path.read_text(encoding="utf-8"), name)
    except UnicodeDecodeError as error:
        raise SeedError(f"{name}: not UTF-8 from byte {error.start} on") from error


def parse(text: str, name: str) -> SeedFile:
    """The same for a text already in hand."""
    if len(text) > LARGEST_BYTES:
        raise SeedError(f"{name}: larger than {LARGEST_BYTES} bytes")
    try:
        _refuse_references(text, name)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise SeedError(f"{name}:{line}: {problem}") from error
    except RecursionError as error:
        raise SeedError(f"{name}: nested too deeply") from error
    lines: dict[Path_, int] = {}
    content = _value(node, (), _Reader(name=name, lines=lines)) if node else {}
    if not isinstance(content, dict):
        raise SeedError(f"{name}:1: the file must be a mapping of kinds to rows")
    return SeedFile(name=name, content=content, lines=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    name: str
    lines: dict[Path_, int]


def _refuse_references(text: str, name: str) -> None:
    """Anchors, aliases and tags are refused before anything is built from them."""
    depth = 0
    for token in yaml.scan(text, Loader=_LOADER):
        line = token.start_mark.line + 1
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            raise SeedError(f"{name}:{line}: anchors and aliases are not accepted")
        if isinstance(token, yaml.TagToken):
            raise SeedError(f"{name}:{line}: tags are not accepted")
        if isinstance(token, _OPENING):
            depth += 1
        elif isinstance(token, _CLOSING):
            depth -= 1
        if depth > DEEPEST:
            raise SeedError(f"{name}:{line}: nested more than {DEEPEST} deep")


_OPENING = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSING = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


def _value(node: yaml.Node, path: Path_, reader: _Reader) -> object:
    reader.lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, reader)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, n), reader) for n, child in enumerate(node.value)]
    try:
        return _SCALARS.construct_object(node)
    except ValueError as error:
        raise SeedError(f"{reader.name}:{reader.lines[path]}: {error}") from error


def _mapping(node: yaml.MappingNode, path: Path_, reader: _Reader) -> dict[str, object]:
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            line = key_node.start_mark.line + 1
            raise SeedError(f"{reader.name}:{line}: “{key}” stands twice")
        result[key] = _value(value_node, (*path, key), reader)
    return result


_SCALARS = yaml.SafeLoader("")
