"""The desk as one place: who enters, its first page, and in which order its lists stand."""

from functools import update_wrapper
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from cbmportal.admin.latest import latest_changes
from cbmportal.admin.waiting import what_waits

#: The lists of the desk in the order of the work, whichever app they belong to.
ORDER = (
    ("contacts", _("Directory"), ("PointOfContact", "FormalAct", "Institution", "State", "Participation")),
    (
        "policies",
        _("Repository"),
        ("PolicySubmission", "PolicyTranslation", "PolicyFile", "GlossaryTerm", "RepositorySettings"),
    ),
    ("measures", _("Measures"), ("Measure", "MeasureText", "Activity", "Milestone", "ReportedFigure")),
    (
        "accounts",
        _("Accounts and access"),
        ("User", "Invitation", "StateGrant", "DirectoryAccess", "DirectoryRead", "ApiToken"),
    ),
    ("notices", _("Notices"), ("Notice",)),
)
#: What an officer goes to most, from every page of the desk.
PLACES = (
    ("index", _("What waits")),
    ("policies_policysubmission_review_queue", _("Review")),
    ("contacts_formalact_review_queue", _("Nominations")),
    ("contacts_pointofcontact_changelist", _("Points of contact")),
    ("policies_policysubmission_changelist", _("Policy submissions")),
    ("measures_activity_changelist", _("Activities")),
    ("contacts_state_changelist", _("States")),
    ("accounts_user_changelist", _("Accounts")),
)
# The officers' passwords change where everybody's do, so that one set of rules applies.
ELSEWHERE = ("password_change", "password_change_done")


class PortalAdminSite(admin.AdminSite):
    site_title = _("Secretariat · CBM portal")
    site_header = _("CBM portal: the Secretariat's desk")
    index_title = _("The Secretariat's desk")
    site_url = "/"
    enable_nav_sidebar = False
    empty_value_display = "–"

    def has_permission(self, request: Any) -> bool:
        return bool(request.viewer.secretariat)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Other packages' own admins would be doors beside the services, so they stay outside."""
        if getattr(admin_class, "of_the_desk", False):
            super().register(model_or_iterable, admin_class, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuses outright whoever is signed in without being of the Secretariat."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            if any("\x00" in value for values in request.GET.lists() for value in values[1]):
                raise BadRequest(_("The address contains a character that cannot be searched for."))
            response: HttpResponse = inner(request, *args, **kwargs)
            return response

        return update_wrapper(guarded, inner)

    @method_decorator(login_not_required)
    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().login(request, extra_context)

    def index(self, request: Any, extra_context: dict[str, Any] | None = None) -> Any:
        waits = what_waits(request.viewer, timezone.now())
        shown = {
            "waiting": [one for one in waits if one.count],
            "nothing_in": [one.title for one in waits if not one.count],
            "latest": latest_changes(request.viewer),
        }
        return super().index(request, {**shown, **(extra_context or {})})

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        places = [(label, reverse(f"admin:{name}")) for name, label in PLACES]
        return {**super().each_context(request), "desk_places": places}

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The lists grouped as the work is, and after them whatever has no place named above."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        lists = {model["object_name"]: model for app in apps for model in app["models"]}
        first = {app["app_label"]: app for app in apps}
        ordered = []
        for label, name, models in ORDER:
            found = [lists.pop(model) for model in models if model in lists]
            if found:
                ordered.append({**first.pop(label), "name": name, "models": found})
        rest = [
            {**app, "models": [one for one in app["models"] if one["object_name"] in lists]}
            for app in first.values()
        ]
        return [*ordered, *(app for app in rest if app["models"])]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [one for one in super().get_urls() if getattr(one, "name", None) not in ELSEWHERE]
