from django.http import HttpRequest

from contacts.access import Viewer


class ViewerRequest(HttpRequest):
    """A request after `ViewerMiddleware`."""

    viewer: Viewer


def query_without_page(request: HttpRequest) -> str:
    """The rest of the address of a list, for the links between its pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
