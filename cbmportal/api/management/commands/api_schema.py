import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from cbmportal.api.breaking import breaking_changes
from cbmportal.api.docs import description

COMMITTED = Path(settings.BASE_DIR) / "docs/openapi.json"


class Command(BaseCommand):
    help = "Write the description of the API to docs/openapi.json, or check that it is what stands there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if anything differs")
        parser.add_argument("--breaking", action="store_true", help="write even what breaks clients")
        parser.add_argument("--file", type=Path, default=COMMITTED, help="instead of docs/openapi.json")

    def handle(self, *args: Any, **options: Any) -> None:
        path, text = options["file"], as_text(in_english())
        new, old = json.loads(text), json.loads(path.read_text()) if path.exists() else {"paths": {}}
        broken = breaking_changes(old, new)
        if options["check"]:
            if old != new:
                raise CommandError("\n".join(told(old, new, broken)))
            return
        if broken and not options["breaking"]:
            raise CommandError("\n".join([*told(old, new, broken), "With --breaking it is written."]))
        path.write_text(text)


def in_english() -> dict[str, Any]:
    with override("en"):
        return description("en")


def as_text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False, default=str) + "\n"


def told(old: Any, new: Any, broken: list[str]) -> list[str]:
    """What differs, and before it what breaks clients."""
    others = [f"differs: {place}" for place in differences(old, new)]
    return [
        "The description of the API is not what docs/openapi.json says; manage.py api_schema writes it.",
        *(f"BREAKS CLIENTS: {one}" for one in broken),
        *others,
    ]


def differences(old: Any, new: Any, place: str = "#") -> Iterator[str]:
    """The outermost places that are not in both or not the same."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            inner = f"{place}/{name.replace('/', '~1')}"
            if name in old and name in new:
                yield from differences(old[name], new[name], inner)
            else:
                yield f"{inner} is {'new' if name in new else 'gone'}"
    elif old != new:
        yield place
