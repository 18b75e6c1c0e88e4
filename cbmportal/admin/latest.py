"""The latest changes that other people made to what states keep here, in one question to the database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, F, OuterRef, Subquery, TextField, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse

from cbmportal.accounts.models import User
from cbmportal.history.changes import ACTIONS
from cbmportal.history.models import events_of
from cbmportal.language import reader_language
from contacts.access import Viewer
from contacts.models import Institution, PointOfContact
from measures.models import Activity
from policies.models import PolicySubmission

#: What is told, and by which of its fields it is called.
TOLD: dict[type[Any], str] = {
    PointOfContact: "full_name",
    PolicySubmission: "title",
    Institution: "name",
    Activity: "title",
}
SHOWN = 8


@dataclass(frozen=True)
class Latest:
    at: datetime
    action: str
    kind: str
    name: str
    state: str
    person: str
    address: str


def latest_changes(viewer: Viewer) -> list[Latest]:
    """By people, not by the portal itself; and by others than whoever looks."""
    first, *others = [_of(model, name, viewer) for model, name in TOLD.items()]
    rows = first.union(*others, all=True).order_by("-pgh_created_at")[:SHOWN]
    return [_said(row) for row in rows]


def _of(model: type[Any], name: str, viewer: Viewer) -> Any:
    author = Cast(KT("pgh_context__user"), BigIntegerField())
    return (
        events_of(model)
        .annotate(author=author)
        .filter(author__isnull=False)
        .exclude(author=viewer.user_id)
        .annotate(
            of_model=Value(model._meta.label_lower, output_field=CharField()),
            told=Cast(name, TextField()),
            of_state=F(f"state__name_{reader_language()}"),
            person=Subquery(User.objects.filter(pk=OuterRef("author")).values("full_name")[:1]),
        )
        .order_by("-pgh_id")
        .values("pgh_created_at", "pgh_label", "pgh_obj_id", "of_model", "told", "of_state", "person")[:SHOWN]
    )


def _said(row: dict[str, Any]) -> Latest:
    model = next(one for one in TOLD if one._meta.label_lower == row["of_model"])
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
    return Latest(
        at=row["pgh_created_at"],
        action=str(ACTIONS[row["pgh_label"]]),
        kind=str(model._meta.verbose_name),
        name=row["told"],
        state=row["of_state"],
        person=row["person"] or "",
        address=reverse(base, args=[row["pgh_obj_id"]]),
    )
