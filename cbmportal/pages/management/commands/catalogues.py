from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cbmportal import catalogues


class Command(BaseCommand):
    help = "Bring the translation catalogues up to date with the sources, compile them, or check them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["extract", "compile", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = {"extract": self.extract, "compile": self.compile, "check": self.check_all}[
                options["action"]
            ]()
        except catalogues.CatalogueError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(told)

    def extract(self) -> str:
        texts = catalogues.texts_of_the_project()
        catalogues.update_catalogues(texts)
        return f"The catalogues hold {len(texts)} texts."

    def compile(self) -> str:
        return f"{len(catalogues.compile_catalogues())} catalogues were compiled."

    def check_all(self) -> str:
        if defects := catalogues.check(catalogues.texts_of_the_project()):
            raise CommandError("\n".join([*defects, f"{len(defects)} defects in the catalogues."]))
        return "The catalogues are complete."
