"""What people do with their own account, and what ends when something about it changes."""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cbmportal.accounts.models import ApiToken, User
from cbmportal.history.services import Actor, only, recorded, save_valid

#: What people set for themselves; name and address the Secretariat keeps.
PREFERENCES = ("language", "time_zone", "notice_pace")


def change_preferences(*, user: User, changes: Mapping[str, Any], by: Actor) -> User:
    only(changes, PREFERENCES)
    with recorded(by=by):
        current = User.objects.select_for_update().get(pk=user.pk)
        for field, value in changes.items():
            setattr(current, field, value)
        save_valid(current, exclude=["password"])
    return current


@transaction.atomic
def choose_password(*, user: User, password: str, keep: str | None = None, tokens_end: bool) -> None:
    """All sessions end but the one with the key `keep`; API tokens end if asked for."""
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user, keep=keep)
    if tokens_end:
        ApiToken.objects.filter(user=user).delete()


def sessions_of(user: User) -> QuerySet[UserSession]:
    """Where a person is signed in now, the latest use first."""
    running = Session.objects.filter(expire_date__gt=timezone.now())
    sessions: QuerySet[UserSession] = UserSession.objects.filter(
        user=user, session_key__in=running.values("session_key")
    ).order_by("-last_seen_at", "-pk")
    return sessions


@transaction.atomic
def end_sessions(*, user: User, keep: str | None = None, only_one: int | None = None) -> None:
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep)
    if only_one is not None:
        sessions = sessions.filter(pk=only_one)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.filter(session_key__in=keys).delete()


def forget_second_factor(*, user: User, by: Actor, reason: str) -> None:
    """Whoever holds the lost telephone may hold an open session too."""
    with recorded(by=by, reason=reason):
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user=user)
        User.objects.filter(pk=user.pk).update(second_factor_reset_at=timezone.now())
