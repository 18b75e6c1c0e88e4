"""How a form begins: empty, as stored, as just sent, or as its writer left it."""

from datetime import datetime

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from cbmportal.drafts.marks import Mark, address_of, mark_of
from cbmportal.drafts.models import Draft
from cbmportal.drafts.services import TooLarge, discard_draft, keep_draft, typed_in
from cbmportal.forms import UnsentText


def typed_data(request: HttpRequest) -> QueryDict | None:
    """What the form at this address is to show: None stands for the record as it is stored."""
    if request.method == "POST":
        return UnsentText.of(typed_in(request.POST)) if "edit" in request.POST else request.POST
    draft = draft_here(request)
    return draft.text if draft and is_shown(request, draft) else None


def draft_here(request: HttpRequest) -> Draft | None:
    """What the person who asks has left unsaved at this address; asked for once a request."""
    known = vars(request)
    if "unsaved_text" not in known:
        drafts = Draft.objects.filter(user=request.user.pk, address=address_of(request))
        known["unsaved_text"] = drafts.first()
    draft: Draft | None = known["unsaved_text"]
    return draft


def is_shown(request: HttpRequest, draft: Draft) -> bool:
    """A text that was sent too late is shown at once; one that was left is offered first."""
    return draft.interrupted or "go-on" in request.GET


def let_go(request: HttpRequest) -> None:
    """The form at this address is saved: what was kept of it has served."""
    if isinstance(request.user.pk, int):
        discard_draft(user_id=request.user.pk, address=address_of(request))


def keep_interrupted(request: HttpRequest, at: datetime | None = None) -> Mark | None:
    """Keep what a form sent that could not be taken, for the person who had opened the form."""
    mark = mark_of(request)
    if mark is None or mark.address != address_of(request):
        return None
    typed = typed_in(request.POST)
    try:
        keep_draft(
            user_id=mark.user_id,
            address=mark.address,
            typed=typed,
            interrupted=True,
            at=at or timezone.now(),
        )
    except TooLarge:
        return None
    return mark
