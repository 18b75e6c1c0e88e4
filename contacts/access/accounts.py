"""Who gets an account. What an account may see or do is granted apart from it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.accounts.models import ApiToken, User
from cbmportal.accounts.services import end_sessions, forget_second_factor
from cbmportal.drafts.models import Draft
from cbmportal.history.changes import PURGED
from cbmportal.history.models import events_of
from cbmportal.history.purging import empty_events
from cbmportal.history.services import only, recorded, save_valid
from cbmportal.notices.account_mail import tell_address_changed, tell_opened, tell_second_factor_reset
from cbmportal.notices.models import Notice
from contacts.access import (
    Viewer,
    access_at,
    by_somebody,
    portal,
    require,
    require_reason,
    rights_at,
    tokens_without_access,
)
from contacts.access.grants import DirectoryAccess, StateGrant

#: What is written about a person; the rest of an account follows from steps of its own.
ACCOUNT_FIELDS = ("email", "full_name", "language", "time_zone")


def may_change_account(viewer: Viewer, user: User) -> bool:
    """Officers keep the accounts of everybody else; those of officers an administrator keeps."""
    officer = user.is_staff or user.is_superuser
    return viewer.secretariat and viewer.may_write and (not officer or administers(viewer))


def administers(viewer: Viewer) -> bool:
    """Whether this is the portal itself, or an officer who also looks after the officers."""
    if not viewer.secretariat:
        return False
    return viewer.user_id is None or User.objects.filter(pk=viewer.user_id, is_superuser=True).exists()


def accounts_without_access(at: datetime) -> QuerySet[User]:
    """Accounts that may sign in and then see no more than a visitor: neither officers nor holders of a grant."""
    rights = rights_at(at).filter(user=OuterRef("pk"))
    readings = access_at(at).filter(user=OuterRef("pk"))
    people = User.objects.filter(is_active=True, is_staff=False, is_superuser=False)
    return people.filter(~Exists(rights), ~Exists(readings))


def open_account(*, by: Viewer, **fields: Any) -> User:
    """An account without a password: its owner sets one by way of "forgotten password"."""
    require(by.secretariat and by.may_write)
    only(fields, ACCOUNT_FIELDS)
    user = User(**fields)
    user.set_unusable_password()
    return _told_opened(user, by)


def _told_opened(user: User, by: Viewer) -> User:
    with recorded(by=by):
        opened = _store(user, by)
        if by_somebody(by):
            tell_opened(user=opened)
    return opened


def open_invited_account(*, password: str, **fields: Any) -> User:
    """The account of somebody who has followed the link that was sent to their address, which proves it theirs."""
    only(fields, ACCOUNT_FIELDS)
    user = User(**fields)
    user.set_password(password)
    return _store(user, portal(via="page"))


def change_account(*, user: User, changes: Mapping[str, Any], by: Viewer) -> User:
    """Another address may be another person's: sessions end, and links sent to the old one open nothing."""
    require(may_change_account(by, user))
    only(changes, ACCOUNT_FIELDS)
    with recorded(by=by):
        old = User.objects.select_for_update().get(pk=user.pk).email
        changed = _change(user, changes, by)
        if changed.email != old:
            end_sessions(user=user)
            if by_somebody(by):
                tell_address_changed(user=changed, old=old)
    return changed


def reset_second_factor(*, user: User, by: Viewer, reason: str) -> None:
    """For somebody who has lost it: authenticator app, passkeys and recovery codes go, and sessions end."""
    require(may_change_account(by, user))
    require_reason(by, reason)
    if user.pk == by.user_id:
        raise ValidationError(_("You cannot do this to your own account."), code="own_account")
    with recorded(by=by, reason=reason):
        forget_second_factor(user=user, by=by, reason=reason)
        tell_second_factor_reset(user=user)


def appoint_officer(*, user: User, by: Viewer) -> User:
    """Make this person a Secretariat officer. Earlier API tokens would see more than they were made for: they end."""
    require(administers(by))
    with recorded(by=by):
        ApiToken.objects.filter(user=user).delete()
        return _change(user, {"is_staff": True}, by)


def dismiss_officer(*, user: User, by: Viewer) -> User:
    require(administers(by))
    if user.pk == by.user_id:
        raise ValidationError(_("You cannot do this to your own account."), code="own_account")
    with recorded(by=by):
        dismissed = _change(user, {"is_staff": False, "is_superuser": False}, by)
        tokens_without_access(timezone.now()).filter(user=user).delete()
    return dismissed


def close_account(*, user: User, by: Viewer) -> User:
    """No signing in from now on. Sessions and API tokens end for good, also if the account is opened again."""
    require(may_change_account(by, user))
    if user.pk == by.user_id:
        raise ValidationError(_("You cannot do this to your own account."), code="own_account")
    with recorded(by=by):
        ApiToken.objects.filter(user=user).delete()
        end_sessions(user=user)
        user.set_unusable_password()
        return _change(user, {"is_active": False, "password": user.password}, by)


def forget_account(*, user: User, at: datetime) -> None:
    """An account that only served a contact who has ended: nobody signs in with it again, and it names nobody.

    Whoever acts or has acted for a state, or reads the directory for another reason, keeps it.
    """
    reads = DirectoryAccess.objects.current(at).filter(user=user, contact__ended_on__isnull=True)
    if user.is_staff or reads.exists() or StateGrant.objects.filter(user=user).exists():
        return
    with recorded(by=portal(), reason=PURGED):
        ApiToken.objects.filter(user=user).delete()
        end_sessions(user=user)
        Notice.objects.filter(to=user).delete()
        for model in (Authenticator, EmailAddress, Draft):
            model._default_manager.filter(user=user).delete()
        nobody = {"email": f"deleted-{user.pk}@portal.invalid", "full_name": "–"}
        User.objects.filter(pk=user.pk).update(is_active=False, password="", **nobody)
        empty_events(events_of(User).filter(pgh_obj=user), nobody)
        empty_events(events_of(ApiToken).filter(user=user), {"name": "–"})


def reopen_account(*, user: User, by: Viewer) -> User:
    """Let a person sign in again, with a new password that they set."""
    require(may_change_account(by, user))
    return _change(user, {"is_active": True}, by)


def _change(user: User, changes: Mapping[str, Any], by: Viewer) -> User:
    with recorded(by=by):
        current = User.objects.select_for_update().get(pk=user.pk)
        for field, value in changes.items():
            setattr(current, field, value)
        return _store(current, by)


def _store(user: User, by: Viewer) -> User:
    user.email = user.email.strip().lower()
    with recorded(by=by):
        save_valid(user, exclude=["password"])
        # Sign-in knows a person by this row; the Secretariat vouches for the address.
        EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
    return user
