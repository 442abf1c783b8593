"""What `manage.py` needs around it when nothing is set: nothing for some commands, else `.data`.

Trying the rules on a file needs no database, no key and no server. Everything else runs beside
`make run` with the settings of that run, which only its owner can read.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.data_folder import DataFolder
from config.env import KEY_BYTES, SECRET_NAMES, read_environment
from config.local_postgres import postgres_pid
from config.throwaway import start_servers

WITHOUT_DATABASE = frozenset({"assess", "clock", "conclude", "seeds_coverage", "seeds_diff"})
_NOWHERE = "postgres://nobody@127.0.0.1:1/none"
_NO_SERVERS = {"DATABASE_URL": _NOWHERE, "DATABASE_OWNER_URL": _NOWHERE}


def settings_for(
    arguments: Sequence[str], environ: Mapping[str, str], base_dir: Path
) -> dict[str, str]:
    """What to add to the environment so that the command of these arguments can start.

    Nothing where the environment says it all, or where neither of the two ways is open: then the
    settings say what is missing.
    """
    if environ.get("SECRET_KEY") or environ.get("SECRET_KEY_FILE"):
        return {}
    if asks_for_help(arguments) or needs_no_database(arguments):
        return _NO_SERVERS | _passing_secrets()
    environment = read_environment(environ, base_dir=base_dir)
    folder = DataFolder.for_port(environment.data_dir, environment.port).home
    if not environment.database_url and postgres_pid(folder):
        demo = {} if "DEMO" in environ else {"DEMO": "1"}
        return {**start_servers(folder, fast=False), **demo}
    if list(arguments[:1]) == ["load_seeds"] and "--check" in arguments:
        return _NO_SERVERS | _passing_secrets()
    return {}


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Whether the command only says how it is used."""
    return list(arguments[:1]) == ["help"] or not {"-h", "--help"}.isdisjoint(arguments)


def needs_no_database(arguments: Sequence[str]) -> bool:
    """Whether the command reads files and nothing else."""
    command, *rest = arguments or ("",)
    if command == "explain":
        return any(one == "-" or one.endswith(".json") for one in rest)
    return command in WITHOUT_DATABASE


def _passing_secrets() -> dict[str, str]:
    """Good for one command that seals nothing."""
    return {
        name: base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
        for name in SECRET_NAMES
    }
