"""The people who act for a state: how they go, and that their going is called to mind."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.accounts.models import User
from cbmportal.history.services import recorded
from contacts.access import Viewer, end_grant, may_end, require, rights_at
from contacts.access.grants import ENDS_SOON, DirectoryAccess, StateGrant
from contacts.access.people_mail import tell_access_ending, tell_ending
from contacts.models.states import State


def retire(*, user: User, state: State, by: Viewer, reason: str = "") -> None:
    """Nothing of what this person may do for the state is left; the history keeps who it was."""
    with recorded(by=by, reason=reason):
        # Whoever retires the same person at the same moment waits here.
        User.objects.select_for_update().get(pk=user.pk)
        running = rights_at(timezone.now()).filter(user=user, content_object=state)
        grants = list(running.select_related("permission"))
        if not grants:
            raise ValidationError(_("This person does not act for the state any more."), code="retired")
        require(all(may_end(by, grant) for grant in grants))
        for grant in grants:
            end_grant(grant, by=by, reason=reason)


def remind_of_rights_ending(*, now: datetime) -> None:
    """The person, and of a right on a state its authorities too, once; not of what was granted for so short a time."""
    for grant in StateGrant.objects.ending_soon(now).select_related("user", "content_object"):
        if grant.until - grant.since > ENDS_SOON:
            tell_ending(grant=grant, at=now)
    for access in (
        DirectoryAccess.objects.ending_soon(now).filter(user__is_active=True).select_related("user")
    ):
        if access.until - access.since > ENDS_SOON:
            tell_access_ending(access=access, at=now)
