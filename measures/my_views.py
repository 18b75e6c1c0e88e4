"""My state's activities under measures 4 to 6."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cbmportal.drafts.forms import typed_data
from contacts.access import Viewer
from contacts.my_views import done, form_page, record_history, record_of_mine, state_of_mine
from contacts.previews import Preview, preview_page
from contacts.requests import ViewerRequest
from measures.forms import ActivityForm
from measures.models import Activity
from measures.services import (
    change_activity,
    report_activity,
    report_activity_again,
    take_back_activity,
)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request: ViewerRequest, iso3: str) -> HttpResponse:
    state = state_of_mine(request, iso3)
    form = ActivityForm(typed_data(request), state=state, viewer=request.viewer)
    if form.is_valid():
        if "preview" in request.POST:
            return _preview(request, form)
        saved = form.write(lambda: report_activity(state=state, by=request.viewer, **form.typed))
        if saved:
            text = _("“%(title)s” is reported.")
            return done(request, text % {"title": saved.title}, "my_state", iso3)
    return form_page(request, form, state=state, title=_("Report an activity"), previews=True)


@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    activity = _activity_of_mine(request, iso3, uuid)
    title = activity.title
    form = ActivityForm(typed_data(request), instance=activity, state=activity.state, viewer=request.viewer)
    if form.is_valid():
        if "preview" in request.POST:
            return _preview(request, form)
        saved = form.write(
            lambda: change_activity(
                activity=activity, changes=form.typed, by=request.viewer, version=form.read_version
            )
        )
        if saved:
            return done(request, _("“%(title)s” is saved.") % {"title": saved.title}, "my_state", iso3)
    history = reverse("my_activity_history", args=[iso3, uuid])
    context = {"title": title, "activity": activity, "history": history, "previews": True}
    return form_page(request, form, state=activity.state, **context)


def _activity_of_mine(request: ViewerRequest, iso3: str, uuid: UUID) -> Activity:
    activity: Activity = record_of_mine(request, Activity.objects.kept_by(request.viewer), iso3, uuid=uuid)
    return activity


@require_POST
def activity_take_back(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    """Take it back, or (with `again`) report it once more."""
    activity = _activity_of_mine(request, iso3, uuid)
    if "again" in request.POST:
        report_activity_again(activity=activity, by=request.viewer)
        text = _("“%(title)s” is reported again.")
    else:
        take_back_activity(activity=activity, by=request.viewer)
        text = _("“%(title)s” is taken back. It no longer counts, and others no longer see it.")
    messages.success(request, text % {"title": activity.title})
    return redirect("my_state", iso3)


def _preview(request: ViewerRequest, form: ActivityForm) -> HttpResponse:
    unsaved: Activity = form.instance

    def of(viewer: Viewer) -> Preview:
        is_seen = viewer.sees(unsaved.audience, unsaved.state_id)
        return Preview(
            "measures/_activity.html", is_seen, context={"activity": unsaved, "with_measure": True}
        )

    title = _("How others would see “%(title)s”") % {"title": unsaved.title}
    return preview_page(request, unsaved.state, title, of)


@require_safe
def activity_history(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    return record_history(request, iso3, Activity, "title", {}, uuid=uuid)
