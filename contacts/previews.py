"""How others would see an entry that is not saved yet: the same rule, and the same templates, as on its own page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.drafts.services import typed_in
from contacts.access import VISITOR, Viewer
from contacts.entries import Entry
from contacts.models import Institution, PointOfContact
from contacts.requests import ViewerRequest


@dataclass(frozen=True)
class Onlooker:
    key: str
    label: str | Promise
    viewer: Viewer


def onlookers(state_id: int) -> list[Onlooker]:
    own = Viewer(member=True, delegate_of=frozenset((state_id,)))
    return [
        Onlooker("visitor", _("A visitor"), VISITOR),
        Onlooker("state", _("Another state"), Viewer(member=True)),
        Onlooker("observer", _("An observer"), Viewer(member=True)),
        Onlooker("own", _("Our state and the Secretariat"), own),
    ]


@dataclass(frozen=True)
class Preview:
    """What one onlooker gets: a part of a page, or nothing at all."""

    template: str
    #: Whether there is anything to see, and what of it is kept from this onlooker.
    is_seen: bool = True
    hidden: list[str] = field(default_factory=list)
    context: dict[str, Any] = field(default_factory=dict)


def preview_page(
    request: ViewerRequest, state: Any, title: str, of: Callable[[Viewer], Preview], **context: Any
) -> HttpResponse:
    """The page of one onlooker; its buttons lead to the others, to saving, and back to the text as typed."""
    everybody = onlookers(state.pk)
    asked = request.POST.get("preview")
    chosen = next((one for one in everybody if one.key == asked), everybody[1])
    seen = of(chosen.viewer)
    page = {
        "state": state,
        "title": title,
        "onlookers": everybody,
        "chosen": chosen,
        "seen": seen,
        "typed": typed_pairs(request.POST),
        **seen.context,
        **context,
    }
    return render(request, "my/preview.html", page)


def typed_pairs(data: QueryDict) -> list[tuple[str, str]]:
    """What was typed, to be carried through the preview and back."""
    return [(name, value) for name, values in typed_in(data).items() for value in values]


def contact_preview(contact: PointOfContact, viewer: Viewer) -> Preview:
    entry = Entry(contact, viewer, timezone.now())
    details = entry.details
    return Preview(
        template="contacts/_entry.html",
        is_seen=viewer.member,
        hidden=_labels(contact, (name for name in contact.DETAILS if name not in contact.AUDIENCES), details),
        context={
            "contact": contact,
            "entry": entry,
        },
    )


def institution_preview(institution: Institution, viewer: Viewer) -> Preview:
    details = institution.as_seen_by(viewer)
    return Preview(
        template="contacts/_institution.html",
        is_seen=viewer.sees(institution.audience, institution.state_id),
        hidden=_labels(institution, ("mailbox", "phone", "address"), details),
        context={"institution": institution, "details": details},
    )


def _labels(record: Any, names: Iterable[str], shown: Any) -> list[str]:
    """What has been filled in and is not shown."""
    hidden = (name for name in names if name not in shown and getattr(record, name))
    return [capfirst(str(record._meta.get_field(name).verbose_name)) for name in hidden]
