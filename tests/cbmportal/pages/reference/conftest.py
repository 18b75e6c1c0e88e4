"""Reference data in small: two states and what belongs to them."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from cbmportal.pages.reference import FILES
from cbmportal.pages.reference.files import Files


def cells(name: str) -> list[dict[str, str]]:
    with FILES[name].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Files]:
    """The files cut to two states and what belongs to them, with cells changed as told."""

    def make(changes: dict[tuple[str, str], str] | None = None, *, drop: tuple[str, ...] = ()) -> Files:
        for name in FILES:
            rows = [row for row in cells(name) if row.get("iso3", row.get("state", "COL")) in ("COL", "CUB")]
            rows = [row for row in rows if next(iter(row.values())) not in drop]
            if name in ("glossary", "milestones"):
                rows = rows[:2]
            for (file, column), value in (changes or {}).items():
                if file == name:
                    rows[0][column] = value
            with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)
        return {name: tmp_path / f"{name}.csv" for name in FILES}

    return make
