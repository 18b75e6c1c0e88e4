from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from cbmportal import fields
from cbmportal.history.models import tracked


@cache
def known_time_zones() -> frozenset[str]:
    """Read from the disk once: it takes longer than everything else that is validated."""
    return frozenset(available_timezones())


def validate_time_zone(value: str) -> None:
    if value not in known_time_zones():
        raise ValidationError(_("This is not the name of a time zone."), code="time_zone")


class NoticePace(models.TextChoices):
    """How news that can wait is sent; what is urgent always goes at once."""

    DAILY = "daily", _("together, at most one e-mail a day")
    AT_ONCE = "at_once", _("one e-mail for each, at once")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, or a duty desk, that signs in. `is_staff` makes a Secretariat officer.

    What anybody may see or do beyond that is not stored here but granted, with dates: see contacts/access.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = fields.LineField(_("full name"), max_length=200)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="UTC", validators=[validate_time_zone]
    )
    notice_pace = models.CharField(
        _("news by e-mail"), max_length=7, choices=NoticePace.choices, default=NoticePace.DAILY
    )
    is_staff = models.BooleanField(_("Secretariat officer"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    date_joined = models.DateTimeField(_("account since"), default=timezone.now, editable=False)
    second_factor_reset_at = models.DateTimeField(
        _("second factor last reset on"), null=True, blank=True, editable=False
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_is_unique"),
            fields.one_of("notice_pace", NoticePace),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


tracked(User, leave_out=("password", "last_login"))


class TokenScope(models.TextChoices):
    READ = "read", _("read")
    WRITE = "write", _("read and write")


#: Of an API token.
LONGEST_LIFE = timedelta(days=365)
#: How long before its end its owner is reminded.
ENDS_SOON = timedelta(days=7)


class ApiToken(AbstractAuthToken):
    """A REST client's key. Stored as a hash; does never more than its owner, less if its scope is `read`."""

    name = fields.LineField(_("name"), max_length=100)
    scope = models.CharField(_("scope"), max_length=5, choices=TokenScope.choices, default=TokenScope.READ)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            fields.one_of("scope", TokenScope),
            models.CheckConstraint(
                condition=models.Q(expiry__isnull=False, expiry__lte=models.F("created") + LONGEST_LIFE),
                name="accounts_apitoken_expires",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="accounts_apitoken_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def uuid(self) -> UUID:
        """By which a notice names it."""
        return UUID(self.digest[:32])

    def is_expired(self, at: datetime) -> bool:
        return self.expiry is None or self.expiry <= at


# Who made and who revoked it, and why; when it was used is no change.
tracked(ApiToken, leave_out=("token_key", "last_used_at"))
