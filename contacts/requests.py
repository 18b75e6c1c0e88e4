from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.translation import gettext as _

from contacts.access import Viewer


class ViewerRequest(HttpRequest):
    """A request after `ViewerMiddleware`."""

    viewer: Viewer


def page_asked_for(
    request: HttpRequest, rows: "QuerySet[Any]", rows_on_a_page: int, form: BaseForm
) -> "Page[Any]":
    """The page that the address names; a wrong one is told on `form`, and the nearest page is shown below."""
    paginator = Paginator(rows, rows_on_a_page)
    number = request.GET.get("page", "1")
    try:
        return paginator.page(number)
    except InvalidPage as error:
        form.add_error(None, _("“page” in the address: %(problem)s.") % {"problem": str(error).rstrip(".")})
        return paginator.get_page(number)


def query_without_page(request: HttpRequest) -> str:
    """The rest of the address of a list, for the links between its pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
