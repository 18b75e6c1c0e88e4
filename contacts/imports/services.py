"""Keeping a list between being looked at and being confirmed, and bringing it in: all of it, or nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.accounts.models import User
from cbmportal.fields import UNSAFE_CHARACTERS
from contacts.access import Viewer, require
from contacts.imports.planned import Planned, folded
from contacts.imports.plans import Plan, plan_of
from contacts.imports.reading import read
from contacts.models import DirectoryImport, Institution, State
from contacts.services import add_institution, correct_contact, register_contact

KEPT_FOR = timedelta(days=1)
LONGEST_NAME = 100


class NoLongerKept(Exception):
    """The list was brought in, or it was forgotten."""


class LooksDifferent(Exception):
    """The import would no longer do what its officer was shown. Nothing was written."""


def keep_list(*, content: bytes, name: str, by: Viewer, at: datetime | None = None) -> DirectoryImport:
    """Keep a list that can be read until its officer has looked at it; ValidationError says why it cannot be."""
    require(by.secretariat and by.may_write)
    read(content, name)
    return DirectoryImport.objects.create(
        user=User.objects.get(pk=by.user_id or 0),
        file_name=_short(name),
        content=content,
        kept_at=at or timezone.now(),
    )


def _short(name: str) -> str:
    """Without what would make it read as something else; its ending stays."""
    return UNSAFE_CHARACTERS.sub("", name).replace("\n", "").replace("\t", "")[-LONGEST_NAME:]


def kept_list(uuid: UUID, by: Viewer) -> DirectoryImport:
    found: DirectoryImport | None = DirectoryImport.objects.visible_to(by).filter(uuid=uuid).first()
    if found is None:
        raise NoLongerKept
    return found


def look_at(kept: DirectoryImport, by: Viewer, today: date | None = None, *, locked: bool = False) -> Plan:
    """What bringing it in would do as things stand."""
    table = read(bytes(kept.content), kept.file_name)
    return plan_of(table, by, today or timezone.localdate(), locked=locked)


def bring_in(*, uuid: UUID, seen: str, reason: str = "", by: Viewer, today: date | None = None) -> Plan:
    """Do what was shown, whose mark is `seen`, and forget the list. The reason begins with the file's name."""
    require(by.secretariat and by.may_write)
    with transaction.atomic():
        mine = DirectoryImport.objects.visible_to(by).select_for_update()
        kept = mine.filter(uuid=uuid).first()
        if kept is None:
            raise NoLongerKept
        plan = look_at(kept, by, today, locked=True)
        if plan.mark != seen or not plan.may_go:
            raise LooksDifferent
        why = " ".join(filter(None, (_("Imported from %(file)s.") % {"file": kept.file_name}, reason)))
        Writer(by.by_way_of("import"), why).write_all(plan)
        kept.delete()
    return plan


def forget_lists(*, now: datetime) -> int:
    """Whoever has not confirmed within a day hands the list in again."""
    deleted: int = DirectoryImport.objects.filter(kept_at__lt=now - KEPT_FOR).delete()[0]
    return deleted


@dataclass
class Writer:
    by: Viewer
    reason: str
    added: dict[tuple[int, str], Institution] = field(default_factory=dict)

    def write_all(self, plan: Plan) -> None:
        for one in plan.differing:
            try:
                self._write(one)
            except ValidationError as error:
                says = _("Row %(row)d: %(problem)s")
                problem = {"row": one.row.number, "problem": " ".join(error.messages)}
                raise ValidationError(says % problem) from error

    def _write(self, one: Planned) -> None:
        told: dict[str, Any] = dict(one.changes if one.contact else one.row.said)
        if "institution" in told:
            told["institution"] = one.institution or self._institution(
                one.row.said["state"], told["institution"]
            )
        if one.contact:
            correct_contact(contact=one.contact, changes=told, by=self.by, reason=self.reason)
        else:
            register_contact(designated_on=told["note_date"], by=self.by, reason=self.reason, **told)

    def _institution(self, state: State, name: str) -> Institution:
        """Added with the first row that names it."""
        key = state.pk, folded(name)
        if key not in self.added:
            self.added[key] = add_institution(state=state, name=name, by=self.by, reason=self.reason)
        return self.added[key]
