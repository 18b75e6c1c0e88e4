from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from cbmportal.drafts.marks import Mark, mark_of
from cbmportal.drafts.services import TooLarge, discard_draft, keep_draft, typed_in


def _own_mark(request: HttpRequest) -> Mark | None:
    mark = mark_of(request)
    return mark if mark and mark.user_id == request.user.pk else None


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Called by the page itself while its reader types."""
    mark, now = _own_mark(request), timezone.now()
    if mark is None:
        return HttpResponse(status=400)
    try:
        keep_draft(user_id=mark.user_id, address=mark.address, typed=typed_in(request.POST), at=now)
    except TooLarge:
        return HttpResponse(status=413)
    return JsonResponse({"saved_at": now.isoformat()})


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """The writer has thought better of it: back to the form as stored, or to where `next` leads."""
    mark = _own_mark(request)
    if mark is None:
        return HttpResponse(status=400)
    discard_draft(user_id=mark.user_id, address=mark.address)
    onwards = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(onwards, allowed_hosts=None):
        return redirect(onwards)
    return redirect(f"{reverse('home')}{mark.address}")
