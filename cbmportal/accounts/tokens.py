"""API tokens: made once, shown once, recognised by their hash."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

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


def note_use(token: ApiToken, now: datetime) -> None:
    if token.last_used_at is None or now - token.last_used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
