"""``manage.py begin_epoch``: after a restore that the database itself cannot tell from going on."""

from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand

from cbmportal.api.changes.epoch import begin_epoch


class Command(BaseCommand):
    help = (
        "Have every client that follows what changes start anew; needed after restoring a copy of the disk."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        begin_epoch(number=uuid4())
        self.stdout.write("Clients that follow what changes will start anew.")
