from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_from_request, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cbmportal.drafts.forms import keep_interrupted
from cbmportal.language import alphabetical
from cbmportal.pages.next_steps import next_steps
from cbmportal.pages.tiles import tiles
from cbmportal.uploads import LARGEST_REQUEST
from contacts.access import Viewer
from contacts.lists import listed as listed_contacts
from contacts.models import Institution, Participation, ParticipationStatus, PointOfContact, ReadVia, State
from contacts.reads import note_reading
from contacts.requests import ViewerRequest
from measures.implementation import implemented_by, region
from measures.models import Activity, Measure
from policies.lists import records
from policies.views import listed

SECURITY_TEXT_HOLDS = timedelta(days=180)
LATEST = 5


@login_not_required
@vary_on_headers("Accept-Language", "Cookie")
def choose_language(request: HttpRequest) -> HttpResponse:
    with override(get_language_from_request(request)):
        return redirect("home")


@login_not_required
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Whether the portal can serve: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def robots(request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /api/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Asked for by browsers where no page names the icon: beside the feed or a file."""
    return redirect(static("portal/favicon.svg"))


@login_not_required
def security(request: HttpRequest) -> HttpResponse:
    """security.txt as RFC 9116 asks: whom to tell of a weakness, in which languages, and until when this is so."""
    expires = (datetime.now(UTC) + SECURITY_TEXT_HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code[:2] for code, _name in settings.LANGUAGES)}",
        f"Canonical: {request.build_absolute_uri()}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def home(request: ViewerRequest) -> HttpResponse:
    now = region(request.viewer, datetime.now(UTC).date())
    context = {
        "region": now,
        "tiles": tiles(now, State.objects.visible_to(request.viewer)),
        "latest": records(listed(request.viewer).published().order_by("-published_at", "ref")[:LATEST]),
        "steps": next_steps(request.viewer, timezone.now()),
    }
    return render(request, "pages/home.html", context)


@login_not_required
@require_safe
def states(request: ViewerRequest) -> HttpResponse:
    today = datetime.now(UTC).date()
    in_force = Participation.objects.visible_to(request.viewer).in_force(today)
    found = State.objects.visible_to(request.viewer).prefetch_related(
        Prefetch("participations", in_force, to_attr="now")
    )
    return render(request, "pages/states.html", {"states": in_alphabetical_order(found), "today": today})


@login_not_required
@require_safe
def state(request: ViewerRequest, iso3: str) -> HttpResponse:
    if iso3 != iso3.upper():
        return redirect("state", iso3.upper(), permanent=True)
    found = get_object_or_404(State.objects.visible_to(request.viewer), iso3=iso3)
    shared = shared_by(found, request.viewer)
    if shared["contacts"]:
        note_reading(viewer=request.viewer, states=[found.pk], via=ReadVia.PAGE)
    return render(request, "contacts/state_detail.html", {"state": found, **shared})


@login_not_required
@require_safe
def about(request: ViewerRequest) -> HttpResponse:
    measures = Measure.objects.visible_to(request.viewer).prefetch_related("texts")
    return render(request, "pages/about.html", {"measures": measures})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    kept = {
        "read_log_days": settings.READ_LOG_DAYS,
        "personal_data_kept_days": settings.PERSONAL_DATA_KEPT_DAYS,
    }
    return render(request, "pages/privacy.html", kept)


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


def shared_by(state: State, viewer: Viewer) -> dict[str, Any]:
    """What a state has shared, as far as the viewer may see it."""
    today = datetime.now(UTC).date()
    institutions = Institution.objects.visible_to(viewer).filter(state=state)
    in_office = PointOfContact.objects.visible_to(viewer).active().filter(state=state)
    activities = Activity.objects.visible_to(viewer).filter(state=state).select_related("measure")
    participations = Participation.objects.visible_to(viewer).filter(state=state).order_by("-from_date")
    found: dict[str, Any] = {
        "today": today,
        "policies": list(listed(viewer).filter(state=state)),
        "institutions": [(one, one.as_seen_by(viewer)) for one in institutions],
        "contacts": listed_contacts(in_office.listed(), viewer, timezone.now(), with_state=False),
        "activities": list(activities),
        "participations": list(participations),
        "own": viewer.represents(state),
    }
    found["records"] = records(found["policies"], with_state=False)
    found["status"] = next((one for one in found["participations"] if one.covers(today)), None)
    measures = Measure.objects.visible_to(viewer).prefetch_related("texts")
    contacts = [entry.contact for entry in found["contacts"]]
    shown = implemented_by(measures, found["policies"], contacts, found["activities"])
    takes_part = found["status"] and found["status"].status == ParticipationStatus.PARTICIPATING
    return {**found, "measures": shown if takes_part else []}


def in_alphabetical_order(found: Iterable[State]) -> list[State]:
    return sorted(found, key=lambda state: alphabetical(state.name))


# Error pages: they need neither database nor session -------------------------------------------------------


def _error(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_large = LARGEST_REQUEST if isinstance(exception, RequestDataTooBig) else 0
    return _error(request, 400, too_large=too_large)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403)


def too_many(request: HttpRequest) -> HttpResponse:
    """What allauth answers once a limit is reached; none of those that lead here lasts longer."""
    response = _error(request, 429)
    response["Retry-After"] = "300"
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was opened before signing in anew is shown again as it was typed; a forged one is refused."""
    mark = keep_interrupted(request)
    if mark and mark.user_id == request.user.pk:
        return redirect(request.path)
    if mark and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    return render(request, "400.html", {"forged": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Whoever is signed in has been recognised on the way here: no question to the database is new."""
    person = getattr(request, "user", None)
    return _error(request, 404, signed_in=bool(person and person.is_authenticated))


def server_error(request: HttpRequest) -> HttpResponse:
    """Without the request: what broke may be in what every page asks for."""
    return HttpResponse(render_to_string("500.html"), status=500)
