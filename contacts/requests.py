from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from contacts.access import Viewer


class ViewerRequest(HttpRequest):
    """A request after `ViewerMiddleware` and the one of htmx."""

    viewer: Viewer
    htmx: HtmxDetails


def list_page(
    request: ViewerRequest, whole: str, found: str, form: BaseForm, context: dict[str, Any]
) -> HttpResponse:
    """A list that is filtered by `form`: the whole page, or for htmx only what was found, from the same view."""
    template = found if request.htmx else whole
    status = 400 if form.errors else 200
    response = render(request, template, {"form": form, **context}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


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


def query_without(request: HttpRequest, *names: str) -> str:
    """What else was filled in, as a part of an address."""
    query = request.GET.copy()
    for name in [name for name, value in query.items() if name in names or not value]:
        del query[name]
    return query.urlencode()
