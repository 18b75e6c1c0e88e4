"""The directory: whom do I call now?"""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from contacts.entries import Entry, entries
from contacts.filters import ContactFilter
from contacts.hours import hours_by_day
from contacts.models import PointOfContact
from contacts.requests import ViewerRequest, page_asked_for, query_without_page
from contacts.services import last_change_of_details

PAGE_SIZE = 50


@require_safe
def directory(request: ViewerRequest) -> HttpResponse:
    if not request.viewer.member:
        return render(request, "contacts/no_access.html", status=403)
    found = directory_filter(request)
    rows = found.qs if found.form.is_valid() else found.queryset.none()
    page = page_asked_for(request, rows, PAGE_SIZE, found.form)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "entries": entries(page, request.viewer, found.now),
        "now": found.now,
        "query": query_without_page(request),
    }
    return render(request, "contacts/directory.html", context, status=200 if found.form.is_valid() else 400)


def directory_filter(request: ViewerRequest) -> ContactFilter:
    contacts = (
        PointOfContact.objects.visible_to(request.viewer).active().select_related("state", "institution")
    )
    found = ContactFilter(request.GET, contacts, viewer=request.viewer)
    found.form.fields["open_now"].widget = forms.CheckboxInput(attrs={"value": "true"})
    for name in ("state", "category", "language"):
        found.form.fields[name].empty_label = pgettext("filter", "All")
    return found


@require_safe
def contact(request: ViewerRequest, uuid: UUID) -> HttpResponse:
    visible = PointOfContact.objects.visible_to(request.viewer)
    found = get_object_or_404(visible.select_related("state", "institution", "confirmed_by"), uuid=uuid)
    viewer = request.viewer
    entry = Entry(found, viewer, timezone.now())
    may_edit = viewer.may_edit(found.state_id) and not viewer.secretariat and found.is_active
    context = {
        "contact": found,
        "entry": entry,
        "hours": hours_by_day(entry.details.get("duty_hours", {})),
        "institution_mailbox": found.institution.as_seen_by(viewer).get("mailbox"),
        "may_edit": may_edit,
        "undoable": may_edit and last_change_of_details(found),
        "represents": viewer.represents(found.state_id),
    }
    return render(request, "contacts/contact.html", context)
