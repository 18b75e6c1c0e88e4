"""Lists as spreadsheets: the same rows, columns, filters, search and order as on the screen, on all its pages."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
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
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

#: More rows than this are not one list any more.
MOST = 20_000
#: Where a spreadsheet would begin a formula: at the start of a cell, and where it might begin a new one. Where
#: the comma is in numbers, as in most of the region, spreadsheets cut a line at its semicolons.
FORMULA = re.compile(r'(^|[,;\t\r\n]"*)(?=[=+\-@\t\r])')

Cell = str | int | float
Rows = Iterable[list[Cell]]


def plain(value: Any) -> Cell:
    """A value as a spreadsheet keeps it: dates in ISO form, lists with commas, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(str(plain(one)) for one in value)
    return strip_tags(value) if isinstance(value, SafeString) else str(value)


def no_formula(cell: Cell) -> Cell:
    """Text that a spreadsheet would calculate is marked as text, telephone numbers among it."""
    return FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([no_formula(cell) for cell in row] for row in rows)
    # With the mark in front, spreadsheets read the accents rightly.
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Rows) -> bytes:
    """Here text is marked as text by the type of its cell, so that it stays as it is."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=cell) for cell in row]
        for cell, value in zip(cells, row, strict=True):
            if isinstance(value, str):
                cell.data_type = "s"
        sheet.append(cells)
    content = io.BytesIO()
    book.save(content)
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
