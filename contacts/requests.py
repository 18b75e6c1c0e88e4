from django.http import HttpRequest

from contacts.access import Viewer


class ViewerRequest(HttpRequest):
    """A request after `ViewerMiddleware`."""

    viewer: Viewer
