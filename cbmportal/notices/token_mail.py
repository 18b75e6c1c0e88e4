"""What is written to people about their API tokens: one was made, one was taken back, one ends soon.

A token that is gone cannot be read any more, so such notices carry its name until they are sent.
"""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cbmportal.accounts.models import ApiToken, TokenScope, User
from cbmportal.dates import day_and_time
from cbmportal.notices.account_mail import why
from cbmportal.notices.kinds import Kind, Message, register
from cbmportal.notices.models import Notice
from cbmportal.notices.services import notify


def tell_token_made(*, token: ApiToken) -> None:
    details = {"name": token.name, "scope": token.scope, "expiry": token.expiry.isoformat()}
    notify(kind=TOKEN_MADE, to=[token.user], details=details)


def token_made(notice: Notice, now: datetime) -> Message:
    details = notice.details
    sentence = (
        _(
            "The token “%(name)s” was made for your account. A system that has it reads and writes in your name."
        )
        if details["scope"] == TokenScope.WRITE
        else _("The token “%(name)s” was made for your account. A system that has it reads in your name.")
    )
    return Message(
        subject=_("A new API token"),
        paragraphs=(
            sentence % {"name": details["name"]},
            _("It is valid until %(moment)s.")
            % {"moment": day_and_time(datetime.fromisoformat(details["expiry"]))},
            _("If you did not make it, revoke it, choose a new password and tell the Secretariat."),
        ),
        why=why(),
        action=_("Your API tokens"),
        link=reverse("tokens"),
    )


def tell_tokens_revoked(*, owner: User, names: Sequence[str], by: User, reason: str) -> None:
    details = {"names": list(names), "by": by.full_name, "officer": by.is_staff, "reason": reason}
    notify(kind=TOKENS_REVOKED, to=[owner], details=details)


def tokens_revoked(notice: Notice, now: datetime) -> Message:
    details = notice.details
    names = ", ".join(_("“%(name)s”") % {"name": name} for name in details["names"])
    sentence = (
        _("%(actor)s, of the Secretariat, revoked API tokens of yours: %(names)s.")
        if details["officer"]
        else _("%(actor)s, who designates for your state, revoked API tokens of yours: %(names)s.")
    )
    return Message(
        subject=ngettext("Your API token was revoked", "Your API tokens were revoked", len(details["names"])),
        paragraphs=(
            sentence % {"actor": details["by"], "names": names},
            _("Systems that use them are refused from now on."),
        ),
        quote=details["reason"],
        why=why(),
        action=_("Your API tokens"),
        link=reverse("tokens"),
    )


def tell_token_ending(*, token: ApiToken, at: datetime) -> None:
    """Told once, however often it is asked for: to the outbox the end of a token is one change of it."""
    notify(
        kind=TOKEN_ENDING,
        to=[token.user],
        about=token.uuid,
        change=token.uuid,
        expires_at=token.expiry,
        at=at,
    )


def token_ending(notice: Notice, now: datetime) -> Message | None:
    if notice.about is None:
        return None
    own = ApiToken.objects.filter(user=notice.to, expiry__gt=now)
    token = own.filter(digest__startswith=notice.about.hex).first()
    if token is None:
        return None
    return Message(
        subject=_("Your API token “%(name)s” ends soon") % {"name": token.name},
        paragraphs=(
            _("The token “%(name)s” ends on %(moment)s. A system that uses it is refused from then on.")
            % {"name": token.name, "moment": day_and_time(token.expiry)},
            _("If the system still needs it, make a new token and give the system its key before that day."),
        ),
        why=why(),
        action=_("Your API tokens"),
        link=reverse("tokens"),
        expires_at=notice.expires_at,
    )


TOKEN_MADE = Kind("token_made", gettext_lazy("API token made"), token_made, urgent=True, repeatable=False)
TOKENS_REVOKED = Kind(
    "tokens_revoked", gettext_lazy("API tokens revoked"), tokens_revoked, urgent=True, repeatable=False
)
TOKEN_ENDING = Kind("token_ending", gettext_lazy("API token ends soon"), token_ending)
register(TOKEN_MADE, TOKENS_REVOKED, TOKEN_ENDING)
