"""What was found, against the limits, and how it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """A figure with a limit; `at_least` says on which side of it the figure has to be."""

    what: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def is_missed(self) -> bool:
        # Not the other way round: what is no number has been missed too.
        return not (self.value >= self.limit if self.at_least else self.value <= self.limit)

    def __str__(self) -> str:
        return f"{self.what}: {self.value:.3g}, {'at least' if self.at_least else 'at most'} {self.limit:g}"


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Texts to the left, numbers to the right; fractions with three digits that count."""
    texts = [list(heads), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(heads))]
    print(f"\n{title}\n")
    numbers = [isinstance(cell, int | float) for cell in (rows[0] if rows else heads)]
    for row in texts:
        cells = zip(row, widths, numbers, strict=True)
        line = "  ".join(text.rjust(width) if number else text.ljust(width) for text, width, number in cells)
        print(line.rstrip(), flush=True)


def _text(cell: Any) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return "–" if cell != cell else f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
