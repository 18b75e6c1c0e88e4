"""API tokens: made once, shown once, recognised by their hash."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox import auth, crypto
from rest_framework.exceptions import AuthenticationFailed

from cbmportal.accounts.models import LONGEST_LIFE, ApiToken, TokenScope, User

# "Last used" is kept to the hour, so that reading does not write at every request.
USE_NOTED_EVERY = timedelta(hours=1)

UNKNOWN = _("This token is unknown, has expired or was revoked.")


def make_token(
    *, user: User, name: str, scope: str = TokenScope.READ, life: timedelta = LONGEST_LIFE
) -> tuple[ApiToken, str]:
    """The token's row and the key itself, which is never to be had again."""
    made: tuple[ApiToken, str] = ApiToken.objects.create(
        user=user, name=name, scope=scope, expiry=min(life, LONGEST_LIFE)
    )
    return made


class TokenAuthentication(auth.TokenAuthentication):
    """knox's header reading, with one query for token and owner, and nothing deleted while reading."""

    def authenticate_credentials(self, token: bytes, now: datetime | None = None) -> tuple[User, ApiToken]:
        now = now or timezone.now()
        digest = crypto.hash_token(token.decode("utf-8", "replace"))
        found = ApiToken.objects.select_related("user").filter(digest=digest).first()
        if found is None or found.is_expired(now) or not found.user.is_active:
            raise AuthenticationFailed(UNKNOWN)
        return found.user, found


def note_use(token: ApiToken, now: datetime | None = None) -> None:
    now = now or timezone.now()
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
