"""The directory: whom do I call now?"""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cbmportal.memory import Memory
from contacts.access.sessions import version_in_session
from contacts.entries import Entry
from contacts.exports.vcards import vcard
from contacts.filters import DirectoryFilter
from contacts.lists import listed
from contacts.models import FormalAct, PointOfContact, ReadVia
from contacts.reads import note_reading
from contacts.requests import ViewerRequest, list_page, page_asked_for, query_without
from contacts.services import last_change_of_details

PAGE_SIZE = 100
#: Everything on one page, for paper.
PAPER_SIZE = 2_000


#: What the directory has shown, for a minute: by then, clocks and whom to call now may say something else.
SHOWN = Memory(4_000_000)


@require_safe
def directory(request: ViewerRequest) -> HttpResponse:
    if not request.viewer.member:
        return render(request, "contacts/no_access.html", status=403)
    now = timezone.now()
    if request.htmx:
        return _found(request, "contacts/_found.html", now)
    minute = now.replace(second=0, microsecond=0)
    place = request.get_full_path(), get_language(), timezone.get_current_timezone_name()
    asked = request.viewer, version_in_session(request.user), minute, place
    kept = SHOWN.get(asked)
    if kept is None:
        found = _found(request, "contacts/_directory.html", now)
        kept = found.content
        if found.status_code != HTTPStatus.OK:
            return _whole(request, kept, now, found.status_code)
        SHOWN.keep(asked, kept)
    return _whole(request, kept, now)


def _whole(request: ViewerRequest, kept: bytes, now: datetime, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {"kept": SafeString(kept.decode()), "now": now}
    response = render(request, "contacts/directory.html", context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _found(request: ViewerRequest, template: str, now: datetime) -> HttpResponse:
    found = directory_filter(request, now)
    rows = found.qs if found.form.is_valid() else found.queryset.none()
    size = PAPER_SIZE if "all" in request.GET else PAGE_SIZE
    page = page_asked_for(request, rows, size, found.form)
    states = {one.state_id for one in page}
    note_reading(viewer=request.viewer, states=states, via=ReadVia.PAGE)
    context = {
        "page": page,
        "entries": listed(page, request.viewer, now, with_state=True),
        "now": now,
        "query": query_without(request, "page"),
        "query_at_any_time": query_without(request, "page", "open_now"),
        "query_on_paper": query_without(request, "page", "all"),
    }
    return list_page(request, template, template, found.form, context)


def directory_filter(request: ViewerRequest, now: datetime) -> DirectoryFilter:
    contacts = PointOfContact.objects.visible_to(request.viewer).active()
    rows = contacts.listed().in_the_order_of_states()
    return DirectoryFilter(request.GET, rows, viewer=request.viewer, now=now)


@require_safe
def contact(request: ViewerRequest, uuid: UUID) -> HttpResponse:
    entry = entry_asked_for(request, uuid)
    found, viewer = entry.contact, request.viewer
    note_reading(viewer=viewer, states=[found.state_id], via=ReadVia.PAGE)
    may_edit = viewer.may_edit(found.state_id) and not viewer.secretariat and found.is_active
    context = {
        "contact": found,
        "entry": entry,
        "may_edit": may_edit,
        "undoable": may_edit and last_change_of_details(found),
        "may_purge": viewer.may_designate(found.state_id) and not (found.is_active or found.purged_at),
        "acts": FormalAct.objects.visible_to(viewer).about(found),
        "represents": viewer.represents(found.state_id),
    }
    return render(request, "contacts/contact.html", context)


@require_safe
def contact_vcard(request: ViewerRequest, uuid: UUID) -> HttpResponse:
    entry = entry_asked_for(request, uuid)
    if not entry.contact.is_active:
        raise Http404
    card = vcard(entry, request.build_absolute_uri())
    return download(entry, card, "text/vcard", "vcf")


@require_safe
def contact_key(request: ViewerRequest, uuid: UUID) -> HttpResponse:
    entry = entry_asked_for(request, uuid)
    key = entry.details.get("pgp_key")
    if not key:
        raise Http404
    return download(entry, f"{key.strip()}\n", "application/pgp-keys", "asc")


def entry_asked_for(request: ViewerRequest, uuid: UUID) -> Entry:
    visible = PointOfContact.objects.visible_to(request.viewer)
    found = get_object_or_404(visible.select_related("state", "institution", "confirmed_by"), uuid=uuid)
    return Entry(found, request.viewer, timezone.now())


def download(entry: Entry, text: str, kind: str, ending: str) -> HttpResponse:
    note_reading(viewer=entry.viewer, states=[entry.contact.state_id], via=ReadVia.FILE)
    name = slugify(entry.contact.full_name) or entry.contact.uuid
    disposition = content_disposition_header(True, f"{entry.contact.state.iso3}-{name}.{ending}")
    headers = {"Content-Disposition": disposition or ""}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)
