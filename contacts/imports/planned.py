"""One row of a list beside the contact that it is about."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from cbmportal.dates import day
from cbmportal.forms import telephone_in_words
from cbmportal.history.changes import Difference
from cbmportal.language import alphabetical
from contacts.imports.columns import COLUMNS
from contacts.imports.rows import Row
from contacts.models import Category, Institution, PointOfContact

#: What may differ; state and category are those within which a contact was found.
COMPARED = tuple(one for one in COLUMNS if one.name not in ("state", "category"))


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"


@dataclass
class Planned:
    """With the fields that the row would change, if the portal has its contact; otherwise it is entered."""

    row: Row
    contact: PointOfContact | None = None
    #: As the portal has it; None if it would be added.
    institution: Institution | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    #: What an officer should look at; it stops nothing.
    notes: list[str] = field(default_factory=list)

    @property
    def fate(self) -> Fate:
        if self.row.problems:
            return Fate.PROBLEM
        if self.contact is None:
            return Fate.NEW
        return Fate.CHANGED if self.changes else Fate.UNCHANGED

    @property
    def category(self) -> str:
        return str(Category(self.row.said["category"]).label)

    @property
    def adds_institution(self) -> bool:
        return "institution" in self.row.said and self.institution is None

    @property
    def differences(self) -> list[Difference]:
        """In words; of a new contact all that it would say beside its name."""
        told = self.changes if self.contact else self.row.said.keys() - {"full_name"}
        return [
            Difference(
                one.name,
                str(one.label),
                in_words(one.name, self.before(one.name)),
                in_words(one.name, self.after(one.name)),
            )
            for one in COMPARED
            if one.name in told
        ]

    def before(self, name: str) -> Any:
        return getattr(self.contact, name) if self.contact else None

    def after(self, name: str) -> Any:
        return self.institution if name == "institution" and self.institution else self.row.said[name]


def in_words(name: str, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    return telephone_in_words(value or "") if name == "phone" else str(value or "")


def folded(words: str) -> str:
    """By which names are the same: whatever the case, the accents and the blanks."""
    return " ".join(alphabetical(words).split())
