"""A YAML file that holds one instrument and nothing else, read as strictly as our own seeds."""

import re

import yaml

from casework.domain.errors import FieldProblem, SeedError
from casework.gateways.seed_files import SeedFile, parse
from screening.gateways.pack_files import (
    PackFile,
    Place,
    dotted,
    pointer_of,
    problem_at,
    refusal,
)

KEY = "instruments"
MOST_TOKENS = 100_000
"""Twenty times as many as the longest instrument has; more would keep a worker busy."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SAID = re.compile(r".*?:(?P<line>\d+): (?P<reason>.*)", re.DOTALL)
_TOP = Place(line="1", field="file", pointer="")


def read_yaml(content: bytes, name: str) -> PackFile:
    """The instrument. InvalidInputError names file, line and field of what is wrong."""
    try:
        text = content.decode("utf-8")
        _refuse_too_many(text, name)
        file = parse(text, name)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        place = Place(line=str(line), field="file", pointer="")
        raise refusal((problem_at(name, place, "not_utf8", "this is not UTF-8"),)) from error
    except SeedError as error:
        raise refusal((_of_reader(name, error.detail),)) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(line=str(mark.line + 1 if mark else 1), field="file", pointer="")
        reason = getattr(error, "problem", None) or "not valid YAML"
        raise refusal((problem_at(name, place, "not_yaml", reason),)) from error
    return _one_instrument(file, name)


def _refuse_too_many(text: str, name: str) -> None:
    for number, token in enumerate(yaml.scan(text, Loader=_LOADER), start=1):
        if number > MOST_TOKENS:
            place = Place(line=str(token.start_mark.line + 1), field="file", pointer="")
            said = "the file has more parts than any instrument needs"
            raise refusal((problem_at(name, place, "too_large", said),))


def _of_reader(name: str, detail: str) -> FieldProblem:
    """What the reader of the seeds said, with its line."""
    match = _SAID.fullmatch(detail)
    line, reason = (match["line"], match["reason"]) if match else ("1", detail)
    place = Place(line=line, field="file", pointer="")
    return problem_at(name, place, "not_accepted", reason)


def _one_instrument(file: SeedFile, name: str) -> PackFile:
    others = [key for key in file.content if key != KEY]
    if others:
        problems = tuple(
            _at(file, name, (key,), "only instruments can be added; nothing else may stand here")
            for key in others
        )
        raise refusal(problems)
    rows = file.content.get(KEY)
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise refusal((_at(file, name, (KEY,), "a list of exactly one instrument is needed"),))
    places = {
        path[2:]: Place(line=str(line), field=dotted(path[2:]), pointer=pointer_of(path, _TOP, ()))
        for path, line in file.lines.items()
        if path[:2] == (KEY, 0)
    }
    return PackFile(name=name, instrument=rows[0], places=places, exact=True)


def _at(file: SeedFile, name: str, path: tuple[str | int, ...], reason: str) -> FieldProblem:
    place = Place(
        line=str(file.line_of(path)), field=dotted(path), pointer=pointer_of(path, _TOP, ())
    )
    return problem_at(name, place, "not_accepted", reason)
