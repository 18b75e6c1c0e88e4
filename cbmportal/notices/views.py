"""What the demonstration would have sent. Outside demonstration mode there is no such page."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cbmportal.notices import demo


def _letter(name: str) -> demo.Kept:
    letter = demo.letter_named(name) if settings.PORTAL_DEMO else None
    if letter is None:
        raise Http404
    return letter


@login_not_required
@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    if not settings.PORTAL_DEMO:
        raise Http404
    return render(request, "notices/outbox.html", {"letters": demo.letters()})


@login_not_required
@never_cache
@require_safe
def letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "notices/letter.html", {"letter": _letter(name)})


@login_not_required
@never_cache
@require_safe
def letter_as_html(request: HttpRequest, name: str) -> HttpResponse:
    """As a mail program shows it: written by our own template, under the content security policy of every page."""
    return HttpResponse(_letter(name).html)
