"""`make bench`: runs the benchmarks and prints what they measured; ends with 1 if a limit is exceeded.

python -m benchmarks [pages] [api] [growth]     the first two if none is named
"""

import os
import sys
from collections.abc import Callable, Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cbmportal.settings")
django.setup()

from benchmarks import data, growth, memory, pages, queries, ratios, web_servers  # noqa: E402
from benchmarks.database import fresh_database  # noqa: E402
from benchmarks.report import Finding  # noqa: E402
from cbmportal.pages.management.commands.serve import collect_static_files  # noqa: E402

CONTACTS, POLICIES = 2_000, 100_000


def api() -> Iterator[Finding]:
    print(f"\nMaking {CONTACTS} contacts and {POLICIES} policies …", flush=True)
    region = data.make(contacts=CONTACTS, policies=POLICIES, history=False)
    yield from queries.run(region)
    yield from ratios.run(region)
    yield from memory.run(region)
    web_servers.run(region)


PARTS: dict[str, Callable[[], Iterator[Finding]]] = {"pages": pages.run, "api": api, "growth": growth.run}


def main(names: list[str]) -> int:
    assert set(names) <= set(PARTS), f"The parts are {', '.join(PARTS)}."
    collect_static_files(print)
    findings: list[Finding] = []
    for name in names or ("pages", "api"):
        with fresh_database():
            findings += PARTS[name]()
    missed = [one for one in findings if one.is_missed]
    print(f"\n{len(findings)} limits, {len(missed)} missed")
    for one in missed:
        print(f"  {one}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
