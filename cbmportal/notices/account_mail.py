"""What is written to people about their own accounts: allauth's e-mails, and what the Secretariat does to an account.

They go through the outbox like everything else. So a mail server that is down breaks no page, and no page tells
by waiting for it that there is an account behind an address.
"""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings as allauth_settings
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cbmportal.accounts.adapter import AccountAdapter
from cbmportal.accounts.models import User
from cbmportal.language import reader_language
from cbmportal.notices.kinds import Kind, Message, register
from cbmportal.notices.models import Notice
from cbmportal.notices.services import notify

#: The links that allauth hands over, by their names in its context, and what one does there.
LINKS: dict[str, Promise] = {"password_reset_url": gettext_lazy("Choose a new password")}
PREFIXES = {code[:2] for code, _name in settings.LANGUAGES}


class PostingAccountAdapter(AccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        person = context.get("user") or User.objects.filter(email__iexact=email).first()
        if person is None:
            return
        texts = {name: value for name, value in context.items() if isinstance(value, str)}
        life = lives().get(template_prefix.rpartition("/")[2])
        notify(
            kind=FROM_ALLAUTH,
            to=[person],
            details={**texts, "template": template_prefix, "address": email},
            expires_at=timezone.now() + life if life else None,
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, email)


def lives() -> dict[str, timedelta]:
    """How long what is in an e-mail works."""
    return {
        "password_reset_key": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        "login_code": timedelta(seconds=allauth_settings.LOGIN_BY_CODE_TIMEOUT),
    }


def from_allauth(notice: Notice, now: datetime) -> Message:
    details = notice.details
    context = {**details, "at": notice.created_at}
    text = render_to_string(f"{details['template']}_message.txt", context)
    name = next((name for name in LINKS if name in details), None)
    return Message(
        subject=" ".join(render_to_string(f"{details['template']}_subject.txt", context).split()),
        paragraphs=tuple(part.strip() for part in text.split("\n\n") if part.strip()),
        why=why(),
        code=details.get("code", ""),
        action=str(LINKS[name]) if name else _("Choose a new password"),
        link=in_the_readers_language(details[name]) if name else reverse("account_reset_password"),
        expires_at=notice.expires_at,
    )


def why() -> str:
    return _(
        "You receive this because it concerns your account on the CBM portal. Such messages are always sent."
    )


def in_the_readers_language(url: str) -> str:
    """The path of an address made while somebody read a page in perhaps another language."""
    prefix, slash, rest = urlsplit(url).path.lstrip("/").partition("/")
    return f"/{reader_language()}/{rest}" if prefix in PREFIXES else f"/{prefix}{slash}{rest}"


# What the Secretariat does to an account ----------------------------------------------------------------------


def tell_address_changed(*, user: User, old: str) -> None:
    """Both addresses are told: whoever reads the old one may be the only one who knows that it is wrong."""
    for address in (old, user.email):
        notify(kind=ADDRESS_CHANGED, to=[user], details={"address": address, "old": old, "new": user.email})


def address_changed(notice: Notice, now: datetime) -> Message:
    return Message(
        subject=_("Your e-mail address was changed"),
        paragraphs=(
            _(
                "The Secretariat changed the address of your account on the CBM portal from %(old)s to %(new)s."
            )
            % {"old": notice.details["old"], "new": notice.details["new"]},
            _("From now on you sign in with the new address. If this is not right, tell the Secretariat."),
        ),
        why=why(),
        action=_("Sign in"),
        link=reverse("account_login"),
    )


def tell_opened(*, user: User) -> None:
    notify(kind=OPENED, to=[user])


def opened(notice: Notice, now: datetime) -> Message:
    return Message(
        subject=_("Your account is open"),
        paragraphs=(
            _(
                "The Secretariat opened an account on the CBM portal for you. You sign in with the address %(email)s."
            )
            % {"email": notice.address},
            _("First choose a password: type your address on the page below, and a link comes by e-mail."),
        ),
        why=why(),
        action=_("Choose a password"),
        link=reverse("account_reset_password"),
    )


def tell_second_factor_reset(*, user: User) -> None:
    notify(kind=SECOND_FACTOR_RESET, to=[user])


def second_factor_reset(notice: Notice, now: datetime) -> Message:
    return Message(
        subject=_("Your second factor was reset"),
        paragraphs=(
            _(
                "The Secretariat removed the authenticator app, the passkeys and the recovery codes from your"
                " account on the CBM portal. All sessions have ended."
            ),
            _("Sign in and set up a second factor again. If you did not ask for this, tell the Secretariat."),
        ),
        why=why(),
        action=_("Sign in"),
        link=reverse("account_login"),
    )


FROM_ALLAUTH = Kind("account", gettext_lazy("Account"), from_allauth, urgent=True, repeatable=False)
ADDRESS_CHANGED = Kind(
    "account_address",
    gettext_lazy("Address of an account changed"),
    address_changed,
    urgent=True,
    repeatable=False,
)
OPENED = Kind("account_opened", gettext_lazy("Account opened"), opened, urgent=True)
SECOND_FACTOR_RESET = Kind(
    "second_factor_reset", gettext_lazy("Second factor reset"), second_factor_reset, urgent=True
)
register(FROM_ALLAUTH, ADDRESS_CHANGED, OPENED, SECOND_FACTOR_RESET)
