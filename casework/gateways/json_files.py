"""Documents that people hand to a command as files, and how it says what is wrong with them."""

import json
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from casework.domain.errors import CaseworkError, InvalidInputError

LARGEST_CHARACTERS = 1_048_576


def day(text: str) -> date:
    """A day as the command line gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"give a day as year-month-day, not {text!r}") from error


def read_json(name: str, standard_input: TextIO) -> Any:  # noqa: ANN401
    """The JSON document in the file; `-` reads standard input. InvalidInputError names the line."""
    try:
        text = standard_input.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{name} cannot be read: {error}") from error
    if len(text) > LARGEST_CHARACTERS:
        raise InvalidInputError(f"{name} is larger than {LARGEST_CHARACTERS} characters")
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise InvalidInputError(f"{name}:{line}: not valid JSON: {error}") from error


def refusal(error: CaseworkError) -> str:
    """Every place that was refused, a line each."""
    if not error.problems:
        return error.detail
    return "\n".join(f"{one.pointer or '/'}: {one.detail}" for one in error.problems)
