from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cbmportal.pages import demo
from cbmportal.pages.demo.loading import ReferenceDataMissing


class Command(BaseCommand):
    help = "Load fictional delegates, contacts, submissions and activities; in demonstration mode only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", type=day, help="the day that ages are counted from (YYYY-MM-DD)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("The demonstration data is loaded in demonstration mode only (PORTAL_DEMO=1).")
        today = options["today"]
        now = datetime.combine(today, time(12), UTC) if today else timezone.now()
        try:
            loaded = demo.load(now)
        except ReferenceDataMissing as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(
                "The demonstration data was loaded." if loaded else "The demonstration data is there."
            )


def day(text: str) -> date:
    return date.fromisoformat(text)
