"""Lists as spreadsheets: the same rows, columns, filters, search and order as on the screen, on all its pages."""

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from contacts.exports.spreadsheets import Cell, Rows, csv_lines, plain, write_xlsx

#: More rows than this are not one list any more.
MOST = 20_000


def as_csv(rows: Rows) -> bytes:
    return b"".join(csv_lines(rows))


def as_xlsx(rows: Rows) -> bytes:
    content = io.BytesIO()
    write_xlsx(rows, content)
    return content.getvalue()


FORMATS: Mapping[str, tuple[str, Callable[[Rows], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Base = ModelAdmin[Any]
else:
    Base = object


class Export(Base):
    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<slug:form>/", view, name=name), *super().get_urls()]

    def exports(self, request: Any) -> list[tuple[str, str]]:
        """The addresses of the list as it is on the screen, in each format."""
        query = request.GET.copy()
        query.pop("p", None)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_export"
        return [(form.upper(), f"{reverse(name, args=[form])}?{query.urlencode()}") for form in FORMATS]

    def export_view(self, request: Any, form: str) -> HttpResponse:
        if form not in FORMATS or not self.has_view_permission(request):
            raise Http404
        try:
            shown: Any = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return self._back(request, _("The address asks for something that this list does not know."))
        if shown.result_count > MOST:
            says = _("This list has more than %(most)d rows. Narrow it with filters, then export it.")
            return self._back(request, says % {"most": MOST})
        kind, write = FORMATS[form]
        response = HttpResponse(write(self.table(shown)), content_type=kind)
        name = slugify(str(self.opts.verbose_name_plural)) or self.opts.model_name
        response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate()}.{form}"'
        return response

    def _back(self, request: Any, says: str) -> HttpResponse:
        messages.error(request, says)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def table(self, shown: Any) -> Rows:
        columns = [name for name in shown.list_display if name != "action_checkbox"]
        yield [capfirst(str(label_for_field(name, self.model, self))) for name in columns]
        for record in shown.queryset:
            yield [self._cell(name, record) for name in columns]

    def _cell(self, name: str, record: Any) -> Cell:
        try:
            field, _attribute, value = lookup_field(name, record, self)
        except ObjectDoesNotExist:
            return ""
        if field is not None and field.remote_field is not None:
            value = getattr(record, field.name)
        elif field is not None and getattr(field, "flatchoices", None):
            value = dict(field.flatchoices).get(value, value)
        return plain(str(value) if isinstance(value, Promise) else value)
