"""Of allauth's addresses only those that the portal uses; allauth reverses them by these names."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path, reverse_lazy

from cbmportal.accounts import views
from cbmportal.accounts.views import personal

SECOND_FACTOR = reverse_lazy("mfa_index")

urlpatterns = [
    path("settings/", views.account_settings, name="account_settings"),
    path("login/", allauth.login, name="account_login"),
    path("login/code/", allauth.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("login/passkey/", views.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("login/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("signup/", allauth.signup, name="account_signup"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/", views.ReauthenticateByPasskey.as_view(), name="mfa_reauthenticate_webauthn"
    ),
    path("password/change/", personal(allauth.password_change), name="account_change_password"),
    path("password/set/", personal(allauth.password_set), name="account_set_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-factor/", personal(views.second_factors), name="mfa_index"),
    path("second-factor/app/", personal(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/remove/", personal(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "second-factor/codes/", personal(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"
    ),
    path(
        "second-factor/codes/new/",
        personal(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/codes/download/",
        personal(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/add/", personal(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path(
        "passkeys/<int:pk>/name/",
        personal(webauthn.EditWebAuthnView.as_view(success_url=SECOND_FACTOR)),
        name="mfa_edit_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        personal(webauthn.RemoveWebAuthnView.as_view(success_url=SECOND_FACTOR)),
        name="mfa_remove_webauthn",
    ),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("sessions/<int:pk>/end/", views.end_session, name="session_end"),
]
