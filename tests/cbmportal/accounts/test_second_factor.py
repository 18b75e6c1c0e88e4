"""Authenticator apps, passkeys and recovery codes: set up, used, lost."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError

from cbmportal.accounts.models import ApiToken
from cbmportal.notices.models import Notice
from contacts.access import viewer_of
from contacts.access.accounts import reset_second_factor
from tests.conftest import APP_SECRET, PASSWORD, app_code

KINDS = ("totp", "webauthn", "recovery_codes")


@pytest.fixture
def ready(delegate):
    """The delegate of Chile, with a password."""
    delegate.set_password(PASSWORD)
    delegate.save()
    return delegate


@pytest.fixture
def guarded(ready):
    """The same with an authenticator app and recovery codes."""
    TOTP.activate(ready, APP_SECRET)
    RecoveryCodes.activate(ready)
    return ready


def begin(client, user, **extra):
    return client.post("/en/account/login/", {"login": user.email, "password": PASSWORD, **extra})


def answer(client, code):
    return client.post("/en/account/login/second-factor/", {"code": code})


def signed_in(client):
    return "_auth_user_id" in client.session


def factors(user):
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def confirmed(client):
    """As if the person had just written the password once more."""
    client.post("/en/account/reauthenticate/", {"password": PASSWORD})
    return client


# Signing in ------------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing(browse, guarded):
    client = browse()
    assert begin(client, guarded)["Location"] == "/en/account/login/second-factor/"
    assert client.get("/en/directory/").status_code == 302
    assert not signed_in(client)


def test_password_and_app_lead_to_where_one_wanted_to_go(browse, guarded):
    client = browse()
    begin(client, guarded, next="/en/directory/?state=CHL")
    assert answer(client, app_code())["Location"] == "/en/directory/?state=CHL"
    assert signed_in(client)


def test_a_code_is_used_once(browse, guarded):
    code = app_code()
    for expected in (True, False):
        client = browse()
        begin(client, guarded)
        answer(client, code)
        assert signed_in(client) is expected


def test_a_recovery_code_stands_in_once(browse, guarded):
    codes = Authenticator.objects.get(user=guarded, type="recovery_codes").wrap().get_unused_codes()
    for expected in (True, False):
        client = browse()
        begin(client, guarded)
        answer(client, codes[0])
        assert signed_in(client) is expected


def test_five_wrong_codes_are_enough(browse, guarded):
    client = browse()
    begin(client, guarded)
    answers = [answer(client, "000000") for _attempt in range(6)]
    assert "Too many attempts" in answers[-1].content.decode()


@pytest.mark.parametrize("code", ["", "x" * 10_000, "a\x00b", "１２３４５６", "\u202e123456"])
def test_what_is_no_code_is_refused_at_the_field(browse, guarded, code):
    client = browse()
    begin(client, guarded)
    page = answer(client, code)
    assert page.status_code == 200
    assert list(page.context["form"].errors) == ["code"]


@pytest.mark.parametrize(
    "credential",
    ["", "no json", "[]", "null", "5", '"text"', "{}", '{"id": 5}', '{"response": {"userHandle": 5}}',
     '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", "userHandle": "MQ"}}'],
)  # fmt: skip
def test_what_is_no_passkey_leads_back_to_signing_in(browse, guarded, credential):
    client = browse()
    client.get("/en/account/login/passkey/", headers={"accept": "application/json"})
    refused = client.post("/en/account/login/passkey/?next=/en/directory/", {"credential": credential})
    assert refused["Location"] == "/en/account/login/?next=%2Fen%2Fdirectory%2F"
    assert "did not accept this passkey" in client.get(refused["Location"]).content.decode()
    assert not signed_in(client)


def test_a_passkey_of_nobody_and_one_of_somebody_are_refused_alike(browse, guarded):
    def refusal(handle):
        client = browse()
        client.get("/en/account/login/passkey/", headers={"accept": "application/json"})
        response = {
            "clientDataJSON": "AA",
            "authenticatorData": "AA",
            "signature": "AA",
            "userHandle": handle,
        }
        sent = {"id": "AA", "rawId": "AA", "type": "public-key", "response": response}
        client.post("/en/account/login/passkey/", {"credential": json.dumps(sent)})
        page = client.get("/en/account/login/").content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)

    assert refusal("MQ") == refusal("enp6enp6enp6")


# Setting up ------------------------------------------------------------------------------------------------


def test_setting_up_asks_for_the_password_once_more(browse, ready):
    client = browse(ready)
    place = "/en/account/second-factor/app/"
    asked = client.get(place)
    assert asked["Location"] == f"/en/account/reauthenticate/?next={place.replace('/', '%2F')}"
    assert "picture" in confirmed(client).get(place).content.decode()


def test_an_app_is_set_up_with_the_code_that_it_shows(browse, ready):
    client = confirmed(browse(ready))
    page = client.get("/en/account/second-factor/app/")
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    wrong = client.post("/en/account/second-factor/app/", {"code": "000000"})
    assert list(wrong.context["form"].errors) == ["code"]
    assert wrong.context["form"].secret == secret
    done = client.post("/en/account/second-factor/app/", {"code": app_code(secret)})
    assert done["Location"] == "/en/account/second-factor/codes/"
    assert factors(ready) == {"totp", "recovery_codes"}
    stored = Authenticator.objects.get(user=ready, type="totp").data["secret"]
    assert secret not in stored
    codes = client.get(done["Location"])
    assert len(re.findall(r'<li class="fixed">\d{8}</li>', codes.content.decode())) == 10
    assert "no-store" in codes["Cache-Control"]


def test_whoever_sets_up_a_factor_is_told_and_signed_out_elsewhere(
    browse, ready, django_capture_on_commit_callbacks
):
    elsewhere, client = browse(), browse()
    for one in (elsewhere, client):
        begin(one, ready)
    confirmed(client)
    secret = client.get("/en/account/second-factor/app/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/en/account/second-factor/app/", {"code": app_code(secret)})
    assert (elsewhere.get("/en/directory/").status_code, client.get("/en/directory/").status_code) == (
        302,
        200,
    )
    assert Notice.objects.filter(to=ready, details__template="mfa/email/totp_activated").exists()


def test_removing_the_app_takes_the_codes_with_it(browse, guarded):
    client = confirmed(browse(guarded))
    assert client.get("/en/account/second-factor/app/remove/").status_code == 200
    client.post("/en/account/second-factor/app/remove/")
    assert factors(guarded) == set()


@pytest.mark.parametrize("name", ["a" * 101, "a\x00b", "abc\u202e", "two\nlines"])
def test_a_passkey_has_a_name_that_can_be_read(browse, ready, name):
    client = confirmed(browse(ready))
    page = client.post("/en/account/passkeys/add/", {"name": name, "credential": "{}"})
    assert "name" in page.context["form"].errors


def test_the_pages_of_second_factors_are_no_other_person_s(browse, guarded, neighbour):
    neighbour.set_password(PASSWORD)
    neighbour.save()
    passkey = Authenticator.objects.create(user=guarded, type="webauthn", data={"name": "Office"})
    client = confirmed(browse(neighbour))
    for step in ("name", "remove"):
        assert client.get(f"/en/account/passkeys/{passkey.pk}/{step}/").status_code == 404


# Officers --------------------------------------------------------------------------------------------------


def test_an_officer_without_a_second_factor_is_to_the_gateway_a_visitor(officer, settings):
    Authenticator.objects.all().delete()
    viewer = viewer_of(officer)
    assert viewer.needs_second_factor
    assert (viewer.secretariat, viewer.member, viewer.may_write) == (False, False, False)
    settings.PORTAL_DEMO = True
    assert viewer_of(officer).secretariat


def test_recovery_codes_alone_are_no_second_factor(officer):
    Authenticator.objects.all().delete()
    RecoveryCodes.activate(officer)
    assert viewer_of(officer).needs_second_factor


def test_nobody_else_must_have_one(delegate, observer):
    assert not viewer_of(delegate).needs_second_factor
    assert not viewer_of(observer).needs_second_factor


def test_an_officer_s_token_opens_nothing_either(browse, officer, key_of):
    headers = {"authorization": f"Token {key_of(officer)}"}
    assert browse().get("/api/v1/contacts/", headers=headers).status_code == 200
    Authenticator.objects.all().delete()
    refused = browse().get("/api/v1/contacts/", headers=headers)
    assert refused.status_code == 403
    assert "second factor first" in refused.json()["detail"]


def test_an_officer_who_sets_one_up_is_let_in(browse, officer):
    Authenticator.objects.all().delete()
    client = browse(officer)
    assert client.get("/admin/")["Location"] == "/en/account/second-factor/"
    assert "needs a second factor" in client.get("/en/account/second-factor/").content.decode()
    secret = client.get("/en/account/second-factor/app/").context["form"].secret
    client.post("/en/account/second-factor/app/", {"code": app_code(secret)})
    assert client.get("/admin/").status_code == 200


# Lost ------------------------------------------------------------------------------------------------------


def test_an_officer_resets_a_lost_second_factor_and_the_person_is_told(browse, officer, guarded):
    client = browse()
    begin(client, guarded)
    answer(client, app_code())
    reset_second_factor(user=guarded, by=viewer_of(officer), reason="Telephone lost; called back")
    assert factors(guarded) == set()
    assert client.get("/en/my/CHL/").status_code == 302
    event = guarded.events.latest("pgh_id")
    assert event.second_factor_reset_at is not None
    assert (event.pgh_context["user"], event.pgh_context["reason"]) == (
        officer.pk,
        "Telephone lost; called back",
    )
    assert Notice.objects.filter(to=guarded, kind="second_factor_reset").count() == 1


def test_a_second_factor_is_not_reset_without_a_reason_nor_by_oneself(officer, guarded, make_user):
    with pytest.raises(ValidationError) as refusal:
        reset_second_factor(user=guarded, by=viewer_of(officer), reason=" ")
    assert list(refusal.value.error_dict) == ["reason"]
    administrator = make_user("administrator", is_staff=True, is_superuser=True)
    with pytest.raises(ValidationError):
        reset_second_factor(user=administrator, by=viewer_of(administrator), reason="Lost")
    with pytest.raises(PermissionDenied):
        reset_second_factor(user=administrator, by=viewer_of(officer), reason="Lost")
    assert factors(guarded) == {"totp", "recovery_codes"}


def test_the_desk_says_who_has_one_and_resets_it(browse, officer, guarded):
    client = browse(officer)
    page = client.get(f"/admin/accounts/user/{guarded.pk}/change/").content.decode()
    address = f"/admin/accounts/user/{guarded.pk}/step/reset-second-factor/"
    assert address in page
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "Lost on a journey"}).status_code == 302
    assert factors(guarded) == set()
    assert address not in client.get(f"/admin/accounts/user/{guarded.pk}/change/").content.decode()


def test_tokens_and_sessions_are_counted_nowhere_by_a_reset(officer, guarded, key_of):
    """Tokens stay: what is lost is what opens the door, not the keys of systems."""
    key_of(guarded)
    reset_second_factor(user=guarded, by=viewer_of(officer), reason="Lost")
    assert ApiToken.objects.filter(user=guarded).count() == 1
    assert Session.objects.count() == 0


# Duty desks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place", ["password/set/", "password/change/", "second-factor/", "passkeys/add/", "tokens/"]
)
def test_nobody_at_a_duty_desk_locks_the_others_out_or_takes_a_key_home(browse, duty_desk, place):
    assert browse(duty_desk).get(f"/en/account/{place}").status_code == 403


def test_the_account_page_of_a_duty_desk_offers_what_it_may_do(browse, duty_desk):
    page = browse(duty_desk).get("/en/account/settings/").content.decode()
    assert "shared by a duty desk" in page
    for place in ("password", "second-factor", "passkeys", "tokens"):
        assert f"/en/account/{place}/" not in page
    assert "/en/account/sessions/" in page
