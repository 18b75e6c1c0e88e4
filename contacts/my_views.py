"""My state's directory entries: editing, confirming, warning, and their history.

Pages under /my/ are for those who act for the state. The Secretariat may read them, to see what the state sees;
it changes entries in the administration, where it gives a reason. Out of sight is 404, in sight but not
theirs 403.
"""

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbmportal.drafts.forms import let_go, typed_data
from cbmportal.history.changes import Change, Words, changes_in
from cbmportal.history.forms import RecordForm
from cbmportal.history.models import Record, events_of
from cbmportal.history.services import StaleRecord
from contacts.access import require, states_represented
from contacts.forms import CONTACT_WORDS, INSTITUTION_WORDS, ContactDetailsForm, DoNotUseForm, InstitutionForm
from contacts.models import Institution, PointOfContact, State
from contacts.previews import contact_preview, institution_preview, preview_page
from contacts.purging import purge_contact
from contacts.requests import ViewerRequest
from contacts.services import (
    add_institution,
    as_changed,
    change_contact_details,
    change_institution,
    confirm_contact,
    confirm_contacts,
    lift_do_not_use,
    mark_do_not_use,
    undo_contact_details,
)

UUID_TEXT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
VERSION_TEXT = re.compile("[0-9]{1,9}", re.ASCII)

# What every page about my state asks first ----------------------------------------------------------------


def state_represented(request: ViewerRequest, iso3: str) -> State:
    """The state if the viewer acts for it (or is the Secretariat, reading); for all others there is no page."""
    state: State = get_object_or_404(states_represented(request.viewer), iso3=iso3)
    return state


def state_of_mine(request: ViewerRequest, iso3: str) -> State:
    """The state if the viewer may enter something for it."""
    state = state_represented(request, iso3)
    require(request.viewer.may_edit(state) and not request.viewer.secretariat)
    return state


def record_of_mine(request: ViewerRequest, rows: QuerySet[Any], iso3: str, **key: Any) -> Any:
    """The record among the rows in sight (404), if the viewer may change it (403)."""
    record = get_object_or_404(rows.filter(state__iso3=iso3).select_related("state"), **key)
    require(request.viewer.may_edit(record.state_id) and not request.viewer.secretariat)
    return record


def form_page(request: ViewerRequest, form: RecordForm, **context: Any) -> HttpResponse:
    return render(request, "my/form.html", {"form": form, **context})


def done(request: ViewerRequest, text: str, to: Any, *arguments: Any) -> HttpResponse:
    """What was typed is saved: say so, and lead on."""
    let_go(request)
    messages.success(request, text)
    return redirect(to, *arguments)


def tell_refusal(request: ViewerRequest, error: ValidationError) -> None:
    for message in error.messages:
        messages.error(request, message)


# Contacts -------------------------------------------------------------------------------------------------


def _contact_of_mine(request: ViewerRequest, iso3: str, uuid: UUID) -> PointOfContact:
    contacts = PointOfContact.objects.visible_to(request.viewer).select_related("institution")
    contact: PointOfContact = record_of_mine(request, contacts, iso3, uuid=uuid)
    return contact


@require_http_methods(["GET", "HEAD", "POST"])
def contact_edit(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    contact = _contact_of_mine(request, iso3, uuid)
    form = ContactDetailsForm(typed_data(request), instance=contact, state=contact.state)
    if form.is_valid():
        if "preview" in request.POST and (unsaved := form.write(lambda: as_changed(contact, form.typed))):
            title = _("How others would see the entry of %(name)s") % {"name": contact.full_name}
            return preview_page(
                request, contact.state, title, lambda viewer: contact_preview(unsaved, viewer)
            )
        if "preview" not in request.POST and (saved := _save_details(request, contact, form)):
            text = _("The details of %(name)s are saved. The directory shows them now.")
            return done(request, text % {"name": saved.full_name}, saved)
    return render(request, "my/contact_edit.html", {"form": form, "contact": contact, "state": contact.state})


def _save_details(
    request: ViewerRequest, contact: PointOfContact, form: ContactDetailsForm
) -> PointOfContact | None:
    return form.write(
        lambda: change_contact_details(
            contact=contact, changes=form.typed, by=request.viewer, version=form.read_version
        )
    )


@require_POST
def contact_undo(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    contact = _contact_of_mine(request, iso3, uuid)
    typed = request.POST.get("version", "")
    version = int(typed) if VERSION_TEXT.fullmatch(typed) else 0
    try:
        undo_contact_details(contact=contact, by=request.viewer, version=version)
    except StaleRecord as stale:
        messages.error(request, str(stale))
    except ValidationError as error:
        tell_refusal(request, error)
    else:
        text = _("Undone. The details of %(name)s are again as they were before.")
        messages.success(request, text % {"name": contact.full_name})
    return redirect(contact)


@require_POST
def contact_confirm(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    contact = _contact_of_mine(request, iso3, uuid)
    try:
        confirm_contact(contact=contact, by=request.viewer)
    except ValidationError as error:
        tell_refusal(request, error)
    else:
        messages.success(
            request,
            _("Thank you. The entry of %(name)s is confirmed as of now.") % {"name": contact.full_name},
        )
    return redirect(contact) if "stay" in request.POST else redirect("my_state", iso3)


@require_POST
def contacts_confirm(request: ViewerRequest, iso3: str) -> HttpResponse:
    """ "Nothing changed" for every entry that was ticked."""
    state = state_of_mine(request, iso3)
    ticked = [one for one in request.POST.getlist("contact") if UUID_TEXT.fullmatch(one)]
    contacts = PointOfContact.objects.visible_to(request.viewer).filter(state=state, uuid__in=ticked)
    try:
        confirmed = confirm_contacts(contacts=contacts, by=request.viewer)
    except ValidationError as error:
        tell_refusal(request, error)
        return redirect("my_state", iso3)
    if confirmed:
        text = ngettext(
            "Thank you. %(count)d entry is confirmed as of now.",
            "Thank you. %(count)d entries are confirmed as of now.",
            len(confirmed),
        )
        messages.success(request, text % {"count": len(confirmed)})
    else:
        messages.error(request, _("No entry was ticked, so nothing was confirmed."))
    return redirect("my_state", iso3)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_mark(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    contact = _contact_of_mine(request, iso3, uuid)
    form = DoNotUseForm(typed_data(request))
    if form.is_valid():
        mark_do_not_use(contact=contact, reason=form.cleaned_data["reason"], by=request.viewer)
        text = _("Everybody who opens the entry of %(name)s is now told not to use it.")
        return done(request, text % {"name": contact.full_name}, contact)
    return render(request, "my/contact_mark.html", {"form": form, "contact": contact, "state": contact.state})


@require_POST
def contact_lift(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    contact = _contact_of_mine(request, iso3, uuid)
    lift_do_not_use(contact=contact, by=request.viewer)
    messages.success(request, _("The warning on %(name)s is lifted.") % {"name": contact.full_name})
    return redirect(contact)


@require_http_methods(["GET", "HEAD", "POST"])
def contact_purge(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    """For designating authorities, and for the Secretariat on their behalf; of a contact whose office has ended."""
    state = state_represented(request, iso3)
    require(request.viewer.may_designate(state))
    past = PointOfContact.objects.visible_to(request.viewer).filter(
        state=state, ended_on__isnull=False, purged_at__isnull=True
    )
    contact: PointOfContact = get_object_or_404(past, uuid=uuid)
    if request.method == "POST":
        try:
            purge_contact(contact=contact, by=request.viewer)
        except ValidationError as error:
            tell_refusal(request, error)
        else:
            messages.success(request, _("The personal data is deleted. The fact of the designation stays."))
        return redirect(contact)
    return render(request, "my/contact_purge.html", {"contact": contact, "state": state})


@require_safe
def contact_history(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    return record_history(request, iso3, PointOfContact, "full_name", CONTACT_WORDS, uuid=uuid)


# Institutions ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def institution_new(request: ViewerRequest, iso3: str) -> HttpResponse:
    state = state_of_mine(request, iso3)
    form = InstitutionForm(typed_data(request), state=state)
    if form.is_valid():
        if "preview" in request.POST:
            return _institution_preview(request, form)
        if saved := form.write(lambda: add_institution(state=state, by=request.viewer, **form.typed)):
            return done(request, _("“%(name)s” is added.") % {"name": saved.name}, "my_state", iso3)
    return form_page(request, form, state=state, title=_("Add an institution"), previews=True)


@require_http_methods(["GET", "HEAD", "POST"])
def institution_edit(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    rows = Institution.objects.visible_to(request.viewer)
    institution: Institution = record_of_mine(request, rows, iso3, uuid=uuid)
    title = institution.name
    form = InstitutionForm(typed_data(request), instance=institution, state=institution.state)
    if form.is_valid():
        if "preview" in request.POST:
            return _institution_preview(request, form)
        saved = form.write(
            lambda: change_institution(
                institution=institution, changes=form.typed, by=request.viewer, version=form.read_version
            )
        )
        if saved:
            return done(request, _("“%(name)s” is saved.") % {"name": saved.name}, "my_state", iso3)
    history = reverse("my_institution_history", args=[iso3, uuid])
    return form_page(request, form, state=institution.state, title=title, history=history, previews=True)


def _institution_preview(request: ViewerRequest, form: InstitutionForm) -> HttpResponse:
    unsaved: Institution = form.instance
    title = _("How others would see %(name)s") % {"name": unsaved.name}
    return preview_page(request, unsaved.state, title, lambda viewer: institution_preview(unsaved, viewer))


@require_safe
def institution_history(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    return record_history(request, iso3, Institution, "name", INSTITUTION_WORDS, uuid=uuid)


# History --------------------------------------------------------------------------------------------------


def record_history(
    request: ViewerRequest, iso3: str, model: type[Record], name: str, words: Words, **key: Any
) -> HttpResponse:
    """The history of a record of the state, also of one that has been deleted."""
    state = state_represented(request, iso3)
    events = events_of(model).filter(state=state, **key)
    return history_page(request, state, newest(events, name), changes_in(model, events, words))


def newest(events: QuerySet[Any], name: str) -> str:
    """What the record was called last."""
    found = events.order_by("-pgh_id").values_list(name, flat=True).first()
    if found is None:
        raise Http404
    return str(found)


def history_page(request: ViewerRequest, state: State, name: str, changes: list[Change]) -> HttpResponse:
    return render(request, "history/history.html", {"state": state, "name": name, "changes": changes})
