"""`make bench`: runs the benchmarks and prints what they measured; ends with 1 if a limit is exceeded."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cbmportal.settings")
django.setup()

from benchmarks import pages  # noqa: E402
from benchmarks.database import fresh_database  # noqa: E402
from cbmportal.pages.management.commands.serve import collect_static_files  # noqa: E402


def main() -> int:
    collect_static_files(print)
    with fresh_database():
        costs = pages.run()
    print(f"Pages, at {pages.CONTACTS} contacts and {pages.POLICIES} policies; CPU of the application\n")
    print(f"{'page':34} {'as':9} {'ms':>6} {'median':>7} {'queries':>8} {'× bare template':>16}")
    for one in costs:
        mark = "  over the limit" if one.is_too_much else ""
        print(
            f"{one.page:34} {one.person:9} {one.milliseconds:6.1f} {one.median:7.1f} {one.queries:8}"
            f" {one.ratio:16.1f}{mark}"
        )
    return int(any(one.is_too_much for one in costs))


if __name__ == "__main__":
    sys.exit(main())
