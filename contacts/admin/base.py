"""What every list and form of the Secretariat's desk has in common.

Admin is no second door: a form says what was typed, a service writes it or refuses. A refusal is shown
on the form, at the field the service named.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.forms import ProseField, add_refusal
from cbmportal.history.changes import Words, history_of
from contacts.access import Viewer
from contacts.admin.bulk import Bulk
from contacts.admin.export import Export
from contacts.admin.inputs import RecordChoice, input_for
from contacts.admin.steps import Steps
from contacts.services import curate

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin, ModelForm = admin.ModelAdmin, forms.ModelForm

# An HttpRequest that carries its viewer.
Request = Any


class Refused(Exception):
    """A service would not write what the form asked for; whatever had been written is undone."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__(error)
        self.error = error


class DeskForm(ModelForm):
    refusal: ClassVar[ValidationError | None] = None
    viewer: ClassVar[Viewer]

    def clean(self) -> dict[str, Any]:
        super().clean()
        for upload in self.files.values():
            if isinstance(upload, File):
                upload.seek(0)
        if self.refusal is not None:
            add_refusal(self, self.refusal)
        return self.cleaned_data


class ReasonForm(DeskForm):
    reason = ProseField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Why you enter or change this. The history keeps it, and the state may read it."
        ),
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "seen_version" in self.fields and self.instance.pk:
            self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.instance.pk and self.cleaned_data.get("seen_version") != self.instance.version:
            raise ValidationError(
                _(
                    "Somebody else has changed this entry since you opened it, and nothing was saved."
                    " Open it again in another window, compare, and repeat what is still missing."
                ),
                code="stale",
            )
        return self.cleaned_data


class DeskAdmin(Bulk, Export, Steps, ModelAdmin):
    """Rights come from the viewer, writing goes through services, Django's own log is not kept."""

    of_the_desk = True
    form = DeskForm
    add_form: ClassVar[type[DeskForm] | None] = None
    add_fieldsets: ClassVar[Any] = None
    list_per_page = 50
    #: Lists often asked for: label and query.
    shortcuts: ClassVar[tuple[tuple[Any, str], ...]] = ()
    #: Pages that begin at the list: label and the name of an address.
    tools: ClassVar[tuple[tuple[Any, str], ...]] = ()
    show_full_result_count = False
    #: What can be given on entering only.
    fixed: ClassVar[tuple[str, ...]] = ()
    #: Lists of what belongs to a record: label, admin address name, lookup.
    lists: ClassVar[tuple[tuple[Any, str, str], ...]] = ()
    history = False
    #: How the history says the fields that only this app understands.
    words: ClassVar[Words] = {}

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Addresses ask for what lists filter by, never for the beginning of a password's hash or a pattern."""
        dated = self.date_hierarchy or "-"
        exactly = "__" not in lookup or lookup.endswith(("__exact", "__isnull"))
        by_date = lookup in {f"{dated}__{part}" for part in ("year", "month", "day")}
        return (exactly or by_date) and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: Request, extra_context: dict[str, Any] | None = None) -> Any:
        query = request.GET.dict()
        extra = {
            "title": capfirst(self.opts.verbose_name_plural),
            "exports": self.exports(request),
            "tools": [(label, reverse(name)) for label, name in self.tools],
            "shortcuts": [
                (label, f"?{asked}", query == dict(parse_qsl(asked))) for label, asked in self.shortcuts
            ],
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def has_view_permission(self, request: Request, obj: Any = None) -> bool:
        return bool(request.viewer.secretariat)

    def has_module_permission(self, request: Request) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: Request) -> bool:
        return bool(request.viewer.secretariat and request.viewer.may_write)

    def has_change_permission(self, request: Request, obj: Any = None) -> bool:
        return bool(request.viewer.secretariat and request.viewer.may_write)

    def has_delete_permission(self, request: Request, obj: Any = None) -> bool:
        """Nothing is deleted here; what may be taken back has a step for it, with a reason."""
        return False

    def rows(self, viewer: Viewer) -> Any:
        return self.model._default_manager.visible_to(viewer)

    def get_queryset(self, request: Request) -> Any:
        rows = self.rows(request.viewer)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def get_object(self, request: Request, object_id: str, from_field: str | None = None) -> Any:
        """On the way to a change, the row as it is now, under its lock."""
        record = super().get_object(request, object_id, from_field)
        if record is None or request.method != "POST" or not transaction.get_connection().in_atomic_block:
            return record
        return self.rows(request.viewer).select_for_update(of=("self",)).get(pk=record.pk)

    def get_fieldsets(self, request: Request, obj: Any = None) -> Any:
        fieldsets = self.add_fieldsets if obj is None and self.add_fieldsets else self.fieldsets
        return fieldsets or super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: Request, obj: Any = None) -> Any:
        return [*self.readonly_fields, *(self.fixed if obj else ())]

    def get_form(self, request: Request, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if not change and self.add_form is not None:
            kwargs.setdefault("form", self.add_form)
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        form.viewer = request.viewer
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RecordChoice(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return input_for(db_field) or super().formfield_for_dbfield(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: Request,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refusal = refused.error
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: Request, obj: Any, form: Any, change: bool) -> None:
        typed = dict(form.cleaned_data)
        typed.pop("seen_version", None)
        reason = typed.pop("reason", "")
        try:
            if change:
                changes = {name: typed[name] for name in form.changed_data if name in typed}
                written = self.amend(obj, changes, by=request.viewer, reason=reason)
            else:
                written = self.enter(obj, typed, by=request.viewer, reason=reason)
        except ValidationError as error:
            raise Refused(error) from error
        obj.pk = written.pk
        obj.refresh_from_db()

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> Any:
        raise NotImplementedError

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> Any:
        raise NotImplementedError

    def save_related(self, request: Request, form: Any, formsets: Any, change: bool) -> None:
        """Nothing beside the record is written by its form."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The history kept by the database is the record of what was done."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """See `log_addition`."""

    def render_change_form(self, request: Request, context: Any, *args: Any, **kwargs: Any) -> Any:
        record = kwargs.get("obj")
        if record is not None:
            context |= {
                "steps": self.steps_offered(request, record),
                "lists": [
                    (label, f"{reverse(f'admin:{name}_changelist')}?{lookup}={quote(record.pk)}")
                    for label, name, lookup in self.lists
                ],
                "has_history": self.history,
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if record is None or not self.history:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(record)s") % {"record": record},
            "changes": history_of(record, self.words),
            "object": record,
            "opts": self.opts,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
        }
        return TemplateResponse(request, "admin/record_history.html", context)


class RecordAdmin(DeskAdmin):
    """Records of the domain: each change has a reason, and a history to read.

    As it stands, for what the Secretariat keeps for all; what a state owns has services of its own.
    """

    form = ReasonForm
    history = True

    def get_fieldsets(self, request: Request, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        allowed = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not allowed or self.fieldsets is None:
            return fieldsets
        extra = ("reason", "seen_version") if obj else ("reason",)
        return [*fieldsets, (_("Why"), {"fields": extra})]

    def enter(self, record: Any, typed: dict[str, Any], *, by: Viewer, reason: str) -> Any:
        return curate(record, by=by, reason=reason)

    def amend(self, record: Any, changes: Mapping[str, Any], *, by: Viewer, reason: str) -> Any:
        return curate(record, by=by, reason=reason)
