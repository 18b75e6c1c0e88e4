"""Invitations: made, sent again, taken back, and accepted once.

Whoever invites vouches for it until it is accepted: if they may no longer invite by then, it opens nothing.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.accounts.models import User
from cbmportal.history.services import change, only, recorded, store
from contacts.access import (
    Right,
    Viewer,
    access_at,
    by_somebody,
    grant_directory_access,
    grant_right,
    may_grant,
    portal,
    require,
    rights_at,
    viewer_of,
)
from contacts.access.accounts import open_invited_account
from contacts.access.invitation_mail import send_link, tell_accepted
from contacts.contact_mail import language_for
from contacts.models import AccessKind, Invitation, InvitationKind, PointOfContact, State
from contacts.models.invitations import read_link

RIGHTS = {InvitationKind.AUTHORITY: Right.DESIGNATE, InvitationKind.DELEGATE: Right.EDIT_ENTRIES}
FIELDS = ("email", "full_name", "language", "until")


class NoSuchInvitation(Exception):
    """The link opens nothing: it is forged, used, revoked, replaced or too old. Which of these, nobody is told."""


def may_invite(viewer: Viewer, kind: str, state: State | int) -> bool:
    right = RIGHTS.get(InvitationKind(kind))
    if right is None:
        return viewer.secretariat and viewer.may_write
    return may_grant(viewer, right, state)


# Inviting -------------------------------------------------------------------------------------------------


def invite(
    *,
    state: State,
    kind: InvitationKind,
    by: Viewer,
    reason: str = "",
    contact: PointOfContact | None = None,
    at: datetime | None = None,
    **fields: Any,
) -> Invitation:
    require(may_invite(by, kind, state))
    only(fields, FIELDS)
    at = at or timezone.now()
    invitation = Invitation(state=state, kind=kind, contact=contact, **fields)
    invitation.email = invitation.email.strip().lower()
    invitation.invited_by_id, invitation.expires_at = by.user_id, _expiry(invitation, at)
    _refuse_whoever_is_there(invitation, at)
    with recorded(by=by, reason=reason):
        return _sent(store(invitation, by=by, reason=reason), by)


def _expiry(invitation: Invitation, at: datetime) -> datetime:
    """No later than the right would end."""
    expiry = at + timedelta(days=settings.INVITATION_DAYS)
    return min(expiry, invitation.until) if invitation.until else expiry


def _refuse_whoever_is_there(invitation: Invitation, at: datetime) -> None:
    right = RIGHTS.get(InvitationKind(invitation.kind))
    held = rights_at(at).filter(content_object=invitation.state, permission__codename=right)
    if right and held.filter(user__email__iexact=invitation.email, user__is_active=True).exists():
        raise ValidationError({"email": _("Whoever has this address already acts for the state.")})


def _sent(invitation: Invitation, by: Viewer) -> Invitation:
    """Nobody is written to from the demonstration."""
    if by_somebody(by):
        send_link(invitation=invitation)
    return invitation


def offer_account(*, contact: PointOfContact, by: Viewer, at: datetime | None = None) -> Invitation | None:
    """A read-only account for a new point of contact, unless they can read the directory or have been asked."""
    at, email = at or timezone.now(), contact.email.strip().lower()
    asked = Invitation.objects.unanswered().filter(state=contact.state_id, kind=InvitationKind.CONTACT)
    of_address = {"user__email__iexact": email, "user__is_active": True}
    if (
        asked.filter(email=email).exists()
        or rights_at(at).filter(**of_address).exists()
        or access_at(at).filter(**of_address).exists()
    ):
        return None
    return invite(
        state=contact.state,
        kind=InvitationKind.CONTACT,
        contact=contact,
        email=email,
        full_name=contact.full_name,
        language=language_for(contact),
        by=by,
        at=at,
    )


def resend(*, invitation: Invitation, by: Viewer, reason: str = "", at: datetime | None = None) -> Invitation:
    """Another link, for as long as a new one; from now on it is this sender who vouches for it."""
    require(may_invite(by, invitation.kind, invitation.state_id))
    with recorded(by=by, reason=reason):
        current = _unanswered(invitation)
        changes = {
            "serial": current.serial + 1,
            "expires_at": _expiry(current, at or timezone.now()),
            "invited_by_id": by.user_id,
        }
        return _sent(change(current, changes, by=by, reason=reason), by)


def revoke(*, invitation: Invitation, by: Viewer, reason: str = "", at: datetime | None = None) -> Invitation:
    require(may_invite(by, invitation.kind, invitation.state_id))
    with recorded(by=by, reason=reason):
        changes = {"revoked_at": at or timezone.now()}
        return change(_unanswered(invitation), changes, by=by, reason=reason)


def _unanswered(invitation: Invitation) -> Invitation:
    current: Invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not current.is_unanswered:
        raise ValidationError(_("This invitation has been accepted or revoked already."), code="answered")
    return current


# Accepting ------------------------------------------------------------------------------------------------


def invitation_behind(signed: str, *, at: datetime) -> Invitation:
    """The invitation that a link opens now."""
    named = read_link(signed)
    found: Invitation | None = None
    if named:
        found = _open(at).filter(uuid=UUID(named[0]), serial=named[1]).first()
    if found is None:
        raise NoSuchInvitation
    return found


def _open(at: datetime) -> Any:
    """Nobody is let in for a point of contact whose office has ended."""
    invitations = Invitation.objects.open(at).filter(contact__ended_on__isnull=True)
    return invitations.select_related("state", "contact", "invited_by")


def account_of(invitation: Invitation) -> User | None:
    return User.objects.filter(email__iexact=invitation.email).first()


def may_take(account: User) -> bool:
    """Not a closed account; nor an officer's, nor one that a whole duty desk signs in with: those act for no state."""
    return account.is_active and not account.is_staff and not viewer_of(account).shared


def inviter(invitation: Invitation, *, at: datetime) -> Viewer | None:
    """As whoever invited stands today; None if they could not invite any more."""
    person = invitation.invited_by
    viewer = viewer_of(person, at=at) if person else portal()
    return viewer if may_invite(viewer, invitation.kind, invitation.state_id) else None


def accept(
    *,
    signed: str,
    by: Viewer | None = None,
    password: str = "",
    at: datetime | None = None,
) -> User:
    """Of those who use a link, the first; `by` is whoever is signed in, else an account is made with the password.

    It is for the account with the address that it was sent to, and for no other.
    """
    at = at or timezone.now()
    with transaction.atomic():
        invitation = _taken(signed, at)
        sender = inviter(invitation, at=at)
        if sender is None:
            raise NoSuchInvitation
        account = account_of(invitation)
        require(account is None or may_take(account))
        # A password makes an account and opens none that is there already, made a moment ago perhaps.
        require((by.user_id if by else None) == (account.pk if account else None))
        user = account or _new_account(invitation, password)
        _let_in(invitation, user, sender, at)
    return user


def _taken(signed: str, at: datetime) -> Invitation:
    """Under its lock, as it is now."""
    found = invitation_behind(signed, at=at)
    Invitation.objects.select_for_update(of=("self",)).get(pk=found.pk)
    return invitation_behind(signed, at=at)


def _new_account(invitation: Invitation, password: str) -> User:
    return open_invited_account(
        password=password,
        email=invitation.email,
        full_name=invitation.full_name,
        language=invitation.language,
        time_zone=invitation.state.time_zone,
    )


def _let_in(invitation: Invitation, user: User, sender: Viewer, at: datetime) -> None:
    """Whoever was granted the same in the meantime keeps it as it was granted."""
    right = RIGHTS.get(InvitationKind(invitation.kind))
    held = rights_at(at).filter(user=user, content_object=invitation.state, permission__codename=right)
    if right is not None and not held.exists():
        grant_right(user=user, state=invitation.state, right=right, until=invitation.until, by=sender)
    elif right is None:
        grant_directory_access(
            user=user,
            kind=AccessKind.CONTACT,
            state=invitation.state,
            contact=invitation.contact,
            until=invitation.until,
            by=sender,
        )
    changes = {"accepted_at": at, "accepted_by": user}
    tell_accepted(invitation=change(invitation, changes, by=Viewer(user.pk)))
