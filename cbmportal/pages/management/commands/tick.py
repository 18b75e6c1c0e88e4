"""``manage.py tick``: everything that is due. Safe to run twice, or twice at once."""

import time
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from cbmportal.api.changes.keeping import forget_old_changes
from cbmportal.drafts.services import purge_drafts
from cbmportal.notices.sending import Report, send_due
from cbmportal.notices.services import forget_old
from contacts.access.people import remind_of_rights_ending
from contacts.access.tokens import end_tokens, remind_of_ending
from contacts.imports.services import forget_lists
from contacts.purging import purge_due
from contacts.reads import forget_old_reads

#: Seconds between two attempts to reach a mail server or a database that is away, at most.
LONGEST_PAUSE = 60
TIDYING_EVERY = 3600


class Command(BaseCommand):
    help = "Do everything that is due: send notices and reminders, forget what is no longer needed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--every", type=float, metavar="SECONDS", help="go on, with this pause in between"
        )

    def handle(self, *args: Any, every: float | None = None, **options: Any) -> None:
        if every is None:
            report = send_due()
            tidy()
            self.tell(report)
        elif every <= 0:
            raise CommandError("--every must be a number of seconds above 0.")
        else:
            with suppress(KeyboardInterrupt):
                go_on(every)

    def tell(self, report: Report) -> None:
        self.stdout.write(f"{report.sent} e-mails sent, {report.failed} failed.")
        if report.server_away:
            self.stderr.write(f"The mail server takes none now ({report.server_away}); all are kept.")


def go_on(every: float) -> None:
    pause, tidied = every, float("-inf")
    while True:
        close_old_connections()
        try:
            away = bool(send_due().server_away)
            if time.monotonic() - tidied > TIDYING_EVERY:
                tidy()
                tidied = time.monotonic()
        except OperationalError:
            away = True
        pause = max(every, min(pause * 2, LONGEST_PAUSE)) if away else every
        time.sleep(pause)


def tidy() -> None:
    now = timezone.now()
    call_command("clearsessions", verbosity=0)
    end_tokens(now=now)
    remind_of_ending(now=now)
    remind_of_rights_ending(now=now)
    forget_old(now=now)
    purge_drafts(now=now)
    forget_old_changes(now=now)
    forget_old_reads(now=now)
    purge_due(now=now)
    forget_lists(now=now)
