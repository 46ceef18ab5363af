#!/usr/bin/env python
"""Run an administrative command, for example ``python manage.py migrate``."""

import os
import sys

from django.core.management import execute_from_command_line

from config.env import EnvironmentIncompleteError


def main() -> None:
    """Run the command named on the command line, with the development settings by default."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    try:
        execute_from_command_line(sys.argv)
    except EnvironmentIncompleteError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
