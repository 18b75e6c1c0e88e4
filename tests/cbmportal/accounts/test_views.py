"""Signing in and out, and a new password."""

import re

import pytest

from cbmportal.accounts.models import User
from tests.conftest import PASSWORD


@pytest.fixture
def ready(delegate):
    """The delegate of Chile, with a password."""
    delegate.set_password(PASSWORD)
    delegate.save()
    return delegate


def sign_in(client, email, password=PASSWORD, language="en", **extra):
    return client.post(f"/{language}/account/login/", {"login": email, "password": password, **extra})


def test_signing_in_leads_to_my_page(browse, ready):
    client = browse()
    answer = sign_in(client, "delegate.chl@example.org")
    assert answer.status_code == 302
    assert answer["Location"] == "/en/my/"
    assert client.get("/en/my/", follow=True).redirect_chain == [("/en/my/CHL/", 302)]


def test_signing_in_in_spanish_stays_in_spanish(browse, ready):
    assert sign_in(browse(), "delegate.chl@example.org", language="es")["Location"] == "/es/my/"


def test_an_address_in_other_letters_is_the_same_account(browse, ready):
    assert sign_in(browse(), "Delegate.CHL@Example.org").status_code == 302


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/en/directory/?state=CHL", "/en/directory/?state=CHL"),
        ("https://evil.example.org/", "/en/my/"),
        ("//evil.example.org/", "/en/my/"),
        ("javascript:alert(1)", "/en/my/"),
    ],
)
def test_next_leads_only_to_pages_of_the_portal(browse, ready, wanted, reached):
    assert sign_in(browse(), "delegate.chl@example.org", next=wanted)["Location"] == reached


def test_a_closed_page_comes_back_after_signing_in(browse, ready):
    client = browse()
    answer = client.get("/en/directory/?state=CHL")
    assert answer["Location"] == "/en/account/login/?next=/en/directory/%3Fstate%3DCHL"
    assert 'name="next" value="/en/directory/?state=CHL"' in client.get(answer["Location"]).content.decode()


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(browse, ready):
    def answer(email):
        page = sign_in(browse(), email, "not-the-password").content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page).replace(email, "…")

    assert answer("delegate.chl@example.org") == answer("nobody@example.org")


def test_a_closed_account_does_not_sign_in(browse, inactive):
    inactive.set_password(PASSWORD)
    inactive.save()
    client = browse()
    sign_in(client, "inactive.chl@example.org")
    assert client.get("/en/my/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_session_ends_when_the_account_is_closed(browse, ready):
    client = browse(ready)
    assert client.get("/en/my/CHL/").status_code == 200
    User.objects.filter(pk=ready.pk).update(is_active=False)
    assert client.get("/en/my/CHL/").status_code == 302


def test_many_wrong_passwords_are_slowed_down(browse, ready):
    client = browse()
    answers = [sign_in(client, "delegate.chl@example.org", "wrong") for _attempt in range(12)]
    assert "Too many" in answers[-1].content.decode()


def test_signing_out_needs_a_press_and_leads_home(browse, delegate):
    client = browse(delegate)
    assert client.get("/en/account/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/en/account/logout/")["Location"] == "/en/"
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up(browse, db):
    client = browse()
    assert "How accounts are made" in client.get("/en/account/signup/").content.decode()
    client.post("/en/account/signup/", {"email": "me@example.org", "password1": PASSWORD})
    assert User.objects.count() == 0


# A new password -------------------------------------------------------------------------------------------


def ask_for_link(client, email, language="en"):
    return client.post(f"/{language}/account/password/reset/", {"email": email})


def test_a_forgotten_password_is_replaced_through_the_mailbox(browse, ready, delivered):
    client = browse()
    assert ask_for_link(client, "delegate.chl@example.org")["Location"] == "/en/account/password/reset/done/"
    [message] = delivered()
    assert message.to == ["delegate.chl@example.org"]
    assert message.subject == "[CBM portal] Choose a new password"
    link = re.search(r"http://localhost:8000(\S+/key/\S+)", message.body)[1]
    form = client.get(link, follow=True)
    new = {"password1": "quite-another-secret", "password2": "quite-another-secret"}
    done = client.post(form.redirect_chain[-1][0], new, follow=True)
    assert done.status_code == 200
    assert sign_in(browse(), "delegate.chl@example.org", "quite-another-secret").status_code == 302
    assert "no longer valid" in browse().get(link, follow=True).content.decode()


def test_the_reset_page_does_not_tell_who_has_an_account(browse, ready, delivered):
    known = ask_for_link(browse(), "delegate.chl@example.org")
    unknown = ask_for_link(browse(), "nobody@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [one.to for one in delivered()] == [["delegate.chl@example.org"]]


def test_changing_the_password_needs_the_old_one(browse, ready):
    client = browse(ready)
    new = {"password1": "quite-another-secret", "password2": "quite-another-secret"}
    client.post("/en/account/password/change/", {"oldpassword": "wrong", **new})
    ready.refresh_from_db()
    assert ready.check_password(PASSWORD)
    client.post("/en/account/password/change/", {"oldpassword": PASSWORD, **new})
    ready.refresh_from_db()
    assert ready.check_password("quite-another-secret")


@pytest.mark.parametrize("language", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize(
    "place",
    ["login/", "signup/", "inactive/", "password/reset/", "password/reset/done/", "password/reset/key/done/"],
)
def test_the_account_pages_open_to_everybody_in_every_language(browse, db, language, place):
    answer = browse().get(f"/{language}/account/{place}")
    assert answer.status_code == 200
    assert "CBM" in answer.content.decode() or language != "en"


@pytest.mark.parametrize(
    "place", ["password/change/", "password/set/", "reauthenticate/", "logout/", "tokens/"]
)
def test_pages_of_ones_own_account_open_to_its_owner(browse, ready, place):
    answer = browse(ready).get(f"/en/account/{place}", follow=True)
    assert answer.status_code == 200
    assert answer.content.count(b"<h1>") == 1


@pytest.mark.parametrize("place", ["email/", "confirm-email/", "passkeys/", "login/trust/", "social/"])
def test_what_the_portal_does_not_use_of_allauth_is_not_there(browse, ready, place):
    assert browse(ready).get(f"/en/account/{place}").status_code == 404
