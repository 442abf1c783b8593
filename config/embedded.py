"""PostgreSQL and Redis for running and testing, by hand: start, stop, status, exec."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from casework.domain.errors import CaseworkError
from config.data_folder import make_private
from config.local_postgres import postgres_pid
from config.local_redis import redis_pid
from config.processes import start
from config.throwaway import start_servers, stop_servers, throwaway

_GIVEN = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; gives the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.action == "exec":
            return execute(options.command[options.command[:1] == ["--"] :])
        return _control(options.action, Path(options.data_dir).absolute())
    except CaseworkError as problem:
        sys.stderr.write(f"{problem.detail}\n")
        return 1


def execute(command: Sequence[str]) -> int:
    """Run a command beside throw-away servers, or beside those that the environment names."""
    if all(os.environ.get(name) for name in _GIVEN):
        return _wait_for(command, dict(os.environ))
    signal.signal(signal.SIGTERM, _leave)
    with throwaway() as added:
        return _wait_for(command, {**os.environ, **added})


def _wait_for(command: Sequence[str], environ: dict[str, str]) -> int:
    process = start(command, env=environ, cwd=Path.cwd(), log=None)
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _control(action: str, data_dir: Path) -> int:
    if action == "start":
        make_private(data_dir, mode=0o711)
        for name, value in start_servers(data_dir, fast=False).items():
            if name in _GIVEN:
                sys.stdout.write(f"{name}={value}\n")
        return 0
    if action == "stop":
        stop_servers(data_dir)
        return 0
    pids = {"postgres": postgres_pid(data_dir), "redis": redis_pid(data_dir)}
    for name, pid in pids.items():
        sys.stdout.write(f"{name}: {f'running, process {pid}' if pid else 'stopped'}\n")
    return 0 if all(pids.values()) else 3


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    for name in ("start", "stop", "status"):
        action = actions.add_parser(name)
        action.add_argument("--data-dir", default=".data")
    run = actions.add_parser("exec", help="run a command beside throw-away servers")
    run.add_argument("command", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
