"""allauth's forms for signing in and for second factors, in the portal's words and with what its services do."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes import forms as recovery_codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cbmportal.accounts.models import ApiToken, User
from cbmportal.accounts.services import choose_password
from cbmportal.fields import validate_one_line, validate_plain_text

PASSWORD_HINT = _(
    "At least 12 characters. A few words that do not belong together are easy to remember and hard to guess."
)
PASSKEY_REFUSED = _("The portal did not accept this passkey. Try again, or sign in another way.")


class InOurWords(forms.Form):
    """A label stands above its field, so nothing is said twice inside it."""

    labels: ClassVar[dict[str, Any]] = {}
    hints: ClassVar[dict[str, Any]] = {}
    attributes: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.update(self.attributes.get(name, {}))
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


# Signing in ------------------------------------------------------------------------------------------------


class LoginForm(InOurWords, account.LoginForm):
    labels = {"login": capfirst(_("e-mail address")), "password": capfirst(_("password"))}
    attributes = {"login": {"autocomplete": "username webauthn"}}


class RequestCodeForm(InOurWords, account.RequestLoginCodeForm):
    labels = {"email": capfirst(_("e-mail address"))}
    attributes = {"email": {"autocomplete": "username"}}


CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


class ConfirmCodeForm(InOurWords, account.ConfirmLoginCodeForm):
    labels = {"code": _("Code from the e-mail")}
    attributes = {"code": CODE}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    labels = {"password": capfirst(_("password"))}


# Passwords -------------------------------------------------------------------------------------------------


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    labels = {"email": capfirst(_("e-mail address"))}
    attributes = {"email": {"autocomplete": "username"}}


class NewPassword(InOurWords):
    labels = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    hints = {"password1": PASSWORD_HINT}
    tokens_end = False

    def save(self) -> None:
        choose_password(
            user=self.user,  # type: ignore[attr-defined]
            password=self.cleaned_data["password1"],
            keep=context.request.session.session_key,
            tokens_end=self.tokens_end,
        )


class ChangePasswordForm(NewPassword, account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ApiToken.objects.filter(user=self.user).exists():
            self.fields["tokens_end"] = forms.BooleanField(
                label=_("Revoke my API tokens too"),
                help_text=_("Choose this if somebody else may know your password."),
                required=False,
            )

    def save(self) -> None:
        self.tokens_end = self.cleaned_data.get("tokens_end", False)
        super().save()


class SetPasswordForm(NewPassword, account.SetPasswordForm):
    """The first password of an account that has none, or that is made with it."""


def sign_in_first(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """With the password that was chosen just now; allauth counts from here when it asks for it again."""
    login = Login(user=user, redirect_url=to)
    return perform_password_login(request, {"email": user.email}, login)  # type: ignore[no-any-return]


class ResetPasswordKeyForm(NewPassword, account.ResetPasswordKeyForm):
    """Whoever has to reset a password may have lost more than that."""

    tokens_end = True


# Second factors --------------------------------------------------------------------------------------------


class OneUse(InOurWords):
    """A code that has been used opens nothing more, for as long as the authenticator would still show it."""

    labels = {"code": _("Code")}
    attributes = {"code": DIGITS}
    user: User

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        life = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
        if not cache.add(f"code-used:{self.user.pk}:{normalize_user_code(code)}", True, timeout=life):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(OneUse, mfa.AuthenticateForm):
    hints = {"code": _("Six digits from your authenticator app, or one of your recovery codes.")}


class ReauthenticateByCodeForm(OneUse, mfa.ReauthenticateForm):
    hints = SecondFactorForm.hints


class ActivateAppForm(InOurWords, totp.ActivateTOTPForm):
    labels = {"code": _("Code that the app shows")}
    hints = {"code": _("Six digits, without spaces.")}
    attributes = {"code": DIGITS}


class RemoveAppForm(InOurWords, totp.DeactivateTOTPForm):
    """Nothing to say: only to confirm."""


class NewRecoveryCodesForm(InOurWords, recovery_codes.GenerateRecoveryCodesForm):
    """Nothing to say: only to confirm."""


class Passkey(InOurWords):
    """What a browser sends of a passkey. Anything may be sent: what makes no sense is refused like a wrong one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages |= {"required": PASSKEY_REFUSED, "invalid": PASSKEY_REFUSED}

    @staticmethod
    def checked(check: Any) -> Any:
        try:
            return check()
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
        except (AttributeError, KeyError, TypeError, ValueError):
            # The packages that read it expect what a browser would send.
            pass
        raise ValidationError(PASSKEY_REFUSED, code="passkey")


class UsedPasskey(Passkey):
    def clean_credential(self) -> Any:
        return self.checked(super().clean_credential)  # type: ignore[misc]


class SignInPasskeyForm(UsedPasskey, webauthn.LoginWebAuthnForm):
    """A passkey as the whole of signing in: it holds the account, and asks for finger, face or PIN."""


class SecondFactorPasskeyForm(UsedPasskey, webauthn.AuthenticateWebAuthnForm):
    """A passkey after the password."""


class ReauthenticateByPasskeyForm(UsedPasskey, webauthn.ReauthenticateWebAuthnForm):
    """A passkey of somebody signed in, before a step that matters."""


NAME = {"max_length": 100, "validators": [validate_plain_text, validate_one_line]}


class AddPasskeyForm(Passkey, webauthn.AddWebAuthnForm):
    """Every passkey can sign in alone, so there is nothing to choose."""

    passwordless = None
    name = forms.CharField(
        label=capfirst(_("name")),
        required=False,
        help_text=_("So that you know it again, for example “Office computer”."),
        **NAME,  # type: ignore[arg-type]
    )
    hints = {"name": name.help_text}

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        cleaned: dict[str, Any] = self.checked(super().clean)
        return cleaned


class RenamePasskeyForm(InOurWords, webauthn.EditWebAuthnForm):
    name = forms.CharField(label=capfirst(_("name")), **NAME)  # type: ignore[arg-type]
