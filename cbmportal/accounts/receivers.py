"""What follows from signing in and from a new second factor, whichever way it came about."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from cbmportal.accounts.models import User
from cbmportal.accounts.services import end_sessions

SEEN_AT = "seen_at"


@receiver(user_logged_in)
def note_first_use(request: HttpRequest, **kwargs: Any) -> None:
    request.session[SEEN_AT] = time.time()


@receiver(authenticator_added)
def end_weaker_sessions(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Sessions that began without the new factor are worth less than it is."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        end_sessions(user=user, keep=request.session.session_key)
