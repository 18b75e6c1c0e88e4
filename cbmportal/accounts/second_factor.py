"""The second factor: whether somebody has one, and what is still open to whoever must set one up first."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet

from cbmportal.accounts.models import User

#: Recovery codes alone are none: they only stand in for one of these.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)

#: Names of the addresses that lead to a second factor, and out.
SETTING_UP = frozenset(
    {
        *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn"),
        *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
        *("account_reauthenticate", "account_set_password", "account_logout"),
        *("account_reset_password", "account_reset_password_done"),
        *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    }
)


def factors_of(user: Any) -> QuerySet[Authenticator]:
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type__in=FACTORS)
    return found


def with_second_factor(users: QuerySet[User]) -> Any:
    """Each with `has_factor` beside it."""
    return users.annotate(has_factor=Exists(factors_of(OuterRef("pk"))))


def has_second_factor(user: User) -> bool:
    known: bool | None = getattr(user, "has_factor", None)
    return known if known is not None else factors_of(user).exists()
