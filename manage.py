#!/usr/bin/env python
"""Django's commands, with the embedded PostgreSQL up while they run."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError

from cbmportal.postgres import PortalCannotStart, hold
from cbmportal.postgres.signals import heed_requests_to_stop


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cbmportal.settings")
    heed_requests_to_stop()
    try:
        refuse_wrong_settings()
        with hold():
            execute_from_command_line(sys.argv)
    except PortalCannotStart as reason:
        sys.exit(str(reason))
    except OperationalError as error:
        if is_answer(error):
            raise
        sys.exit(unreachable(error))
    except KeyboardInterrupt:
        sys.exit(130)


def refuse_wrong_settings() -> None:
    try:
        settings.DATABASES  # noqa: B018 - the first look reads them all
    except ImproperlyConfigured as reason:
        raise PortalCannotStart(str(reason)) from reason


def is_answer(error: DatabaseError) -> bool:
    """Whether the server said so itself; otherwise there was no connection to it."""
    return getattr(error.__cause__, "pgcode", None) is not None


def unreachable(error: DatabaseError) -> str:
    database = settings.DATABASES["default"]
    place = ":".join(str(part) for part in (database["HOST"] or "localhost", database["PORT"]) if part)
    reason = str(error).strip().splitlines()[0].rpartition("failed: ")[2]
    if database["PASSWORD"]:
        reason = reason.replace(database["PASSWORD"], "…")
    return f"The database {database['NAME']} at {place} cannot be reached: {reason}"


if __name__ == "__main__":
    main()
