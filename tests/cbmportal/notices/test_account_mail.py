"""What people are written about their own accounts."""

import pytest

from cbmportal.accounts.models import User
from cbmportal.notices.models import Notice
from contacts.access import portal, viewer_of
from contacts.access.accounts import change_account, open_account

PASSWORD = "a-password-for-tests-only"


@pytest.fixture
def spanish(delegate):
    delegate.language, delegate.time_zone = "es", "America/Santiago"
    delegate.set_password(PASSWORD)
    delegate.save()
    return delegate


def test_a_link_to_a_new_password_is_in_the_owners_language_whatever_page_asked_for_it(
    browse, spanish, delivered
):
    browse().post("/en/account/password/reset/", {"email": spanish.email})
    [message] = delivered()
    assert "http://localhost:8000/es/account/password/reset/key/" in message.body
    assert message.extra_headers["Content-Language"] == "es"


def test_the_link_is_kept_no_longer_than_until_it_is_sent(browse, spanish, delivered):
    browse().post("/en/account/password/reset/", {"email": spanish.email})
    assert "password_reset_url" in Notice.objects.get().details
    delivered()
    assert Notice.objects.get().details == {}


def test_asking_succeeds_and_tells_nothing_while_the_mail_server_is_away(browse, spanish, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = browse().post("/en/account/password/reset/", {"email": spanish.email})
    assert answer["Location"] == "/en/account/password/reset/done/"
    assert Notice.objects.waiting().count() == 1


def test_nothing_is_written_to_an_address_without_an_account(browse, db):
    browse().post("/en/account/password/reset/", {"email": "nobody@example.org"})
    assert Notice.objects.count() == 0


def test_a_changed_password_is_told_to_its_owner(browse, spanish, delivered):
    client = browse(spanish)
    new = {"password1": "quite-another-secret", "password2": "quite-another-secret"}
    client.post("/en/account/password/change/", {"oldpassword": PASSWORD, **new})
    [message] = delivered()
    assert message.to == [spanish.email]
    assert "http://localhost:8000/es/account/password/reset/" in message.body
    assert "127.0.0.1" in message.body


def test_a_changed_address_is_told_to_both(spanish, officer, delivered):
    change_account(user=spanish, changes={"email": "new@example.org"}, by=viewer_of(officer))
    assert sorted(message.to[0] for message in delivered()) == ["delegate.chl@example.org", "new@example.org"]
    assert all("delegate.chl@example.org" in message.body for message in delivered())


def test_other_changes_of_an_account_are_not_told(spanish, officer, delivered):
    change_account(user=spanish, changes={"full_name": "Another Name"}, by=viewer_of(officer))
    assert delivered() == []


def test_whose_account_is_opened_learns_how_to_choose_a_password(officer, delivered):
    account = {"email": "nova@example.org", "full_name": "Nova", "language": "pt-br", "time_zone": "UTC"}
    open_account(by=viewer_of(officer), **account)
    [message] = delivered()
    assert message.to == ["nova@example.org"]
    assert "http://localhost:8000/pt/account/password/reset/" in message.body


def test_accounts_made_by_a_command_are_not_told(db, delivered):
    open_account(by=portal(), email="nova@example.org", full_name="Nova", language="en", time_zone="UTC")
    assert User.objects.count() == 1
    assert delivered() == []


@pytest.mark.parametrize(
    "template",
    [
        *("account/email/password_changed", "account/email/password_set", "account/email/password_reset"),
        *("mfa/email/totp_activated", "mfa/email/totp_deactivated", "mfa/email/recovery_codes_generated"),
        *("mfa/email/webauthn_added", "mfa/email/webauthn_removed", "account/email/login_code"),
    ],
)
def test_every_account_mail_is_a_whole_one(rf, spanish, delivered, template):
    from allauth.account.adapter import get_adapter
    from allauth.core import context

    with context.request_context(rf.get("/en/")):
        if template.endswith("login_code"):
            get_adapter().send_mail(template, spanish.email, {"code": "ABCD-1234"})
        else:
            get_adapter().send_notification_mail(template, spanish)
    [message] = delivered()
    assert message.subject.startswith("[")
    assert ("ABCD-1234" in message.body) == template.endswith("login_code")
    assert "http://localhost:8000/es/" in message.body
    assert not any(mark in message.body for mark in ("{", "None", "&"))
