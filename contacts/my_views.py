"""My state's directory entries: editing, confirming, warning, and their history.

Pages under /my/ are for those who act for the state. The Secretariat may read them, to see what the state sees;
it changes entries in the administration, where it gives a reason. Out of sight is 404, in sight but not
theirs 403.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbmportal.history.changes import Change, Words, changes_in
from cbmportal.history.forms import RecordForm
from cbmportal.history.models import Record, events_of
from contacts.access import require, states_represented
from contacts.forms import CONTACT_WORDS, INSTITUTION_WORDS, ContactDetailsForm, DoNotUseForm, InstitutionForm
from contacts.models import Institution, PointOfContact, State
from contacts.requests import ViewerRequest
from contacts.services import (
    add_institution,
    change_contact_details,
    change_institution,
    confirm_contact,
    lift_do_not_use,
    mark_do_not_use,
)

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


def typed_data(request: ViewerRequest) -> Any:
    return request.POST if request.method == "POST" else None


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
    if form.is_bound and form.is_valid():
        saved = form.write(
            lambda: change_contact_details(
                contact=contact, changes=form.typed, by=request.viewer, version=form.read_version
            )
        )
        if saved:
            _tell_saved(request, saved)
            return redirect(saved)
    return render(request, "my/contact_edit.html", {"form": form, "contact": contact, "state": contact.state})


def _tell_saved(request: ViewerRequest, contact: PointOfContact) -> None:
    text = _("The details of %(name)s are saved. The directory shows them now.") % {"name": contact.full_name}
    messages.success(request, text)


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


@require_http_methods(["GET", "HEAD", "POST"])
def contact_mark(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    contact = _contact_of_mine(request, iso3, uuid)
    form = DoNotUseForm(typed_data(request))
    if form.is_bound and form.is_valid():
        mark_do_not_use(contact=contact, reason=form.cleaned_data["reason"], by=request.viewer)
        messages.success(
            request,
            _("Everybody who opens the entry of %(name)s is now told not to use it.")
            % {"name": contact.full_name},
        )
        return redirect(contact)
    return render(request, "my/contact_mark.html", {"form": form, "contact": contact, "state": contact.state})


@require_POST
def contact_lift(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    contact = _contact_of_mine(request, iso3, uuid)
    lift_do_not_use(contact=contact, by=request.viewer)
    messages.success(request, _("The warning on %(name)s is lifted.") % {"name": contact.full_name})
    return redirect(contact)


@require_safe
def contact_history(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    return record_history(request, iso3, PointOfContact, "full_name", CONTACT_WORDS, uuid=uuid)


# Institutions ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def institution_new(request: ViewerRequest, iso3: str) -> HttpResponse:
    state = state_of_mine(request, iso3)
    form = InstitutionForm(typed_data(request), state=state)
    if form.is_bound and form.is_valid():
        saved = form.write(lambda: add_institution(state=state, by=request.viewer, **form.typed))
        if saved:
            messages.success(request, _("“%(name)s” is added.") % {"name": saved.name})
            return redirect("my_state", iso3)
    return form_page(request, form, state=state, title=_("Add an institution"))


@require_http_methods(["GET", "HEAD", "POST"])
def institution_edit(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    rows = Institution.objects.visible_to(request.viewer)
    institution: Institution = record_of_mine(request, rows, iso3, uuid=uuid)
    title = institution.name
    form = InstitutionForm(typed_data(request), instance=institution, state=institution.state)
    if form.is_bound and form.is_valid():
        saved = form.write(
            lambda: change_institution(
                institution=institution, changes=form.typed, by=request.viewer, version=form.read_version
            )
        )
        if saved:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
            return redirect("my_state", iso3)
    return form_page(request, form, state=institution.state, title=title)


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
