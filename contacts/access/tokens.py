"""API tokens: who makes one, who takes one back, and when one goes of itself.

What a token opens is its owner's access, no more: `contacts.access.viewer_of` says it anew for each request. Once
nothing is left of that access, the token is gone for good, also if access is granted again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cbmportal.accounts.models import ENDS_SOON, LONGEST_LIFE, ApiToken, TokenScope, User
from cbmportal.accounts.tokens import make_token
from cbmportal.history.services import recorded
from cbmportal.notices.token_mail import tell_token_ending, tell_token_made, tell_tokens_revoked
from contacts.access import (
    Right,
    Viewer,
    by_somebody,
    portal,
    require,
    states_designable,
    tokens_without_access,
)
from contacts.access.grants import StateGrant
from contacts.models.states import State

#: Of one person at a time.
MOST_TOKENS = 20
#: How long an expired token is still shown to its owner.
SHOWN_EXPIRED = timedelta(days=30)


def make_own_token(
    *, by: Viewer, name: str, scope: str, life: timedelta, at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token of one's own, and its key, which nobody can read again. Its owner is told, in case it was not them."""
    require(by.member and not by.shared)
    at = at or timezone.now()
    with recorded(by=by):
        owner = User.objects.select_for_update().get(pk=by.user_id or 0)
        _check(ApiToken(user=owner, name=name, scope=scope), life, by, at)
        token, key = make_token(user=owner, name=name, scope=scope, life=life)
        tell_token_made(token=token)
    return token, key


def _check(token: ApiToken, life: timedelta, by: Viewer, at: datetime) -> None:
    token.full_clean(exclude=["digest", "token_key", "expiry"])
    if token.scope == TokenScope.WRITE and not by.may_write:
        raise ValidationError({"scope": _("Your account reads, so its tokens can only read.")})
    if not timedelta() < life <= LONGEST_LIFE:
        raise ValidationError({"life": _("A token is valid for at least a moment and at most 365 days.")})
    if ApiToken.objects.filter(user=token.user, expiry__gt=at).count() >= MOST_TOKENS:
        raise ValidationError(
            _("You have %(most)d tokens, and more are not possible. Revoke one that no system uses any more.")
            % {"most": MOST_TOKENS}
        )


def tokens_acting_for(state: State, viewer: Viewer, at: datetime | None = None) -> QuerySet[ApiToken]:
    """Tokens of those who act for the state, to be looked after by whoever designates for it; none of officers."""
    tokens: QuerySet[ApiToken] = ApiToken.objects.filter(
        user__in=_acting_for(states_designable(viewer).filter(pk=state.pk), at), user__is_staff=False
    )
    return tokens


def may_revoke(viewer: Viewer, token: ApiToken, at: datetime | None = None) -> bool:
    """Its owner; the Secretariat; and whoever designates for a state that its owner acts for."""
    if token.user_id == viewer.user_id:
        return True
    if viewer.secretariat or token.user.is_staff:
        return viewer.secretariat and viewer.may_write
    return _acting_for(states_designable(viewer), at).filter(pk=token.user_id).exists()


def _acting_for(states: QuerySet[State], at: datetime | None) -> QuerySet[User]:
    grants = StateGrant.objects.current(at or timezone.now()).filter(
        content_object__in=states, permission__codename__in=list(Right)
    )
    return User.objects.filter(pk__in=grants.values("user"))


def revoke_token(*, token: ApiToken, by: Viewer, reason: str = "") -> None:
    """From now on its key opens nothing. Its owner is told who took it back and why, if it was somebody else."""
    require(may_revoke(by, token))
    _revoke(token.user, [token], by, reason)


def revoke_all_tokens(*, user: User, by: Viewer, reason: str) -> None:
    """For an account whose keys may be in wrong hands."""
    require(by.secretariat and by.may_write)
    _revoke(user, list(ApiToken.objects.filter(user=user)), by, reason)


def _revoke(owner: User, tokens: Sequence[ApiToken], by: Viewer, reason: str) -> None:
    by_another = owner.pk != by.user_id
    if by_another and not reason.strip():
        raise ValidationError({"reason": _("Say why: the owner of the token is told.")})
    with recorded(by=by, reason=reason):
        ApiToken.objects.filter(pk__in=[token.pk for token in tokens]).delete()
        if tokens and by_another and by_somebody(by):
            tell_tokens_revoked(
                owner=owner,
                names=[token.name for token in tokens],
                by=User.objects.get(pk=by.user_id or 0),
                reason=reason,
            )


# What is due ------------------------------------------------------------------------------------------------


def end_tokens(*, now: datetime) -> None:
    """Tokens that no access stands behind any more, and those that expired long ago."""
    with recorded(by=portal()):
        tokens_without_access(now).delete()
        ApiToken.objects.filter(expiry__lte=now - SHOWN_EXPIRED).delete()


def remind_of_ending(*, now: datetime) -> None:
    """A week before the end, once; not of tokens that were made for so short a time."""
    ending = ApiToken.objects.filter(
        expiry__gt=now, expiry__lte=now + ENDS_SOON, created__lt=F("expiry") - ENDS_SOON
    )
    for token in ending.select_related("user"):
        tell_token_ending(token=token, at=now)
