from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cbmportal.pages.reference import ReferenceDataError, load


class Command(BaseCommand):
    help = "Load states, measures, milestones, glossary and compiled policies; what people have edited stays."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = load()
        except ReferenceDataError as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        if options["verbosity"]:
            for kind, outcomes in summary.items():
                told = ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
                self.stdout.write(f"{kind}: {told}")
