"""My state's activities under measures 4 to 6."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contacts.my_views import form_page, record_history, record_of_mine, state_of_mine, typed_data
from contacts.requests import ViewerRequest
from measures.forms import ActivityForm
from measures.models import Activity
from measures.services import change_activity, report_activity


@require_http_methods(["GET", "HEAD", "POST"])
def activity_new(request: ViewerRequest, iso3: str) -> HttpResponse:
    state = state_of_mine(request, iso3)
    form = ActivityForm(typed_data(request), state=state, viewer=request.viewer)
    if form.is_bound and form.is_valid():
        saved = form.write(lambda: report_activity(state=state, by=request.viewer, **form.typed))
        if saved:
            messages.success(request, _("“%(title)s” is reported.") % {"title": saved.title})
            return redirect("my_state", iso3)
    return form_page(request, form, state=state, title=_("Report an activity"))


@require_http_methods(["GET", "HEAD", "POST"])
def activity_edit(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    rows = Activity.objects.visible_to(request.viewer)
    activity: Activity = record_of_mine(request, rows, iso3, uuid=uuid)
    title = activity.title
    form = ActivityForm(typed_data(request), instance=activity, state=activity.state, viewer=request.viewer)
    if form.is_bound and form.is_valid():
        saved = form.write(
            lambda: change_activity(
                activity=activity, changes=form.typed, by=request.viewer, version=form.read_version
            )
        )
        if saved:
            messages.success(request, _("“%(title)s” is saved.") % {"title": saved.title})
            return redirect("my_state", iso3)
    return form_page(request, form, state=activity.state, title=title)


@require_safe
def activity_history(request: ViewerRequest, iso3: str, uuid: UUID) -> HttpResponse:
    return record_history(request, iso3, Activity, "title", {}, uuid=uuid)
