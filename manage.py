#!/usr/bin/env python
"""The command line of the project."""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from config.command_line import settings_for

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.update(settings_for(sys.argv[1:], os.environ, Path(__file__).resolve().parent))
    execute_from_command_line(sys.argv)
