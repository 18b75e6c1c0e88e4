"""Bringing in the Secretariat's list of contacts: hand it in, look at what would happen, confirm."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from cbmportal.fields import validate_one_line, validate_plain_text
from cbmportal.forms import add_refusal
from contacts.admin.export import FORMATS
from contacts.imports.blanks import blank_csv, blank_xlsx
from contacts.imports.plans import Plan
from contacts.imports.services import (
    LooksDifferent,
    NoLongerKept,
    bring_in,
    keep_list,
    kept_list,
    look_at,
)
from contacts.models import DirectoryImport, State

BLANKS: Mapping[str, Callable[[Iterable[State]], bytes]] = {"xlsx": blank_xlsx, "csv": blank_csv}
NAME = "contacts_pointofcontact_import"

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object


class ListForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("List of contacts"),
        allow_empty_file=True,
        help_text=gettext_lazy(
            "CSV or XLSX, at most 2 MB. Nothing is changed before you have seen what would be."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.tsv,.txt"}),
    )


class ConfirmForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=300,
        validators=[validate_plain_text, validate_one_line],
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Stands in the history after the name of the file; the states may read it."),
    )


class DirectoryImports(Base):
    """The pages of the import, for the admin of points of contact."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name=NAME),
            path("import/blank/<slug:language>/<slug:form>/", view(self.blank_view), name=f"{NAME}_blank"),
            path("import/<uuid:uuid>/", view(self.preview_view), name=f"{NAME}_preview"),
            *super().get_urls(),
        ]

    def import_view(self, request: Any) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        form = ListForm(request.POST, request.FILES) if posted else ListForm()
        if posted and (kept := self._keep(request, form)):
            return redirect(f"admin:{NAME}_preview", kept.uuid)
        context = self._import_page(request, form) | {"blanks": blanks()}
        return TemplateResponse(request, "admin/import.html", context)

    def _keep(self, request: Any, form: ListForm) -> DirectoryImport | None:
        """The list, if it can be read; otherwise the form says why not."""
        if not form.is_valid():
            return None
        file = form.cleaned_data["file"]
        try:
            return keep_list(content=file.read(), name=file.name, by=request.viewer)
        except ValidationError as error:
            form.add_error("file", error)
            return None

    def preview_view(self, request: Any, uuid: UUID) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        form = ConfirmForm(request.POST if posted else None)
        try:
            if posted and (done := self._bring_in(request, uuid, form)):
                messages.success(request, told_of(done))
                return redirect("admin:contacts_pointofcontact_changelist")
            kept = kept_list(uuid, request.viewer)
            return self._preview_page(request, kept, look_at(kept, request.viewer), form)
        except NoLongerKept:
            messages.warning(
                request,
                _(
                    "This list has been brought in, or is no longer kept. Hand it in again to see what differs."
                ),
            )
            return redirect(f"admin:{NAME}")

    def _bring_in(self, request: Any, uuid: UUID, form: ConfirmForm) -> Plan | None:
        """What was done; None if it was not, and the form says why not."""
        if not form.is_valid():
            return None
        try:
            seen = request.POST.get("seen", "")
            return bring_in(uuid=uuid, seen=seen, reason=form.cleaned_data["reason"], by=request.viewer)
        except LooksDifferent:
            form.add_error(
                None,
                _(
                    "The directory has changed since you looked. Nothing was written; look at it again as it is now."
                ),
            )
        except ValidationError as error:
            add_refusal(form, error)
        return None

    def _preview_page(
        self, request: Any, kept: DirectoryImport, plan: Plan, form: ConfirmForm
    ) -> HttpResponse:
        context = self._import_page(request, form) | {"kept": kept, "plan": plan, "subtitle": kept.file_name}
        return TemplateResponse(request, "admin/import_preview.html", context)

    def _import_page(self, request: Any, form: forms.Form) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Import the directory"),
            "form": form,
            "opts": self.opts,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "media": self.media + form.media,
        }

    def blank_view(self, request: Any, language: str, form: str) -> HttpResponse:
        code = {code[:2]: code for code, _name in settings.LANGUAGES}.get(language)
        if code is None or form not in BLANKS or not self.has_view_permission(request):
            raise Http404
        with override(code):
            content = BLANKS[form](State.objects.visible_to(request.viewer))
        response = HttpResponse(content, content_type=FORMATS[form][0])
        response["Content-Disposition"] = f'attachment; filename="directory-{language}.{form}"'
        return response


def blanks() -> list[tuple[str, list[tuple[str, str]]]]:
    """For each language the addresses of its blank lists."""
    return [
        (
            str(name),
            [(form.upper(), reverse(f"admin:{NAME}_blank", args=[code[:2], form])) for form in BLANKS],
        )
        for code, name in settings.LANGUAGES
    ]


def told_of(plan: Plan) -> str:
    said = [
        ngettext("%(count)d contact entered", "%(count)d contacts entered", plan.counts["new"])
        % {"count": plan.counts["new"]},
        ngettext("%(count)d corrected", "%(count)d corrected", plan.counts["changed"])
        % {"count": plan.counts["changed"]},
        ngettext("%(count)d as it was", "%(count)d as they were", plan.counts["unchanged"])
        % {"count": plan.counts["unchanged"]},
    ]
    return _("The list is brought in: %(counts)s.") % {"counts": ", ".join(said)}
