"""One's own account: settings, sessions, and what ends with a new password or another address."""

import re
from datetime import timedelta

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core.internal.ratelimit import parse_rates
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cbmportal.accounts.middleware import LastSeenMiddleware
from cbmportal.accounts.models import ApiToken
from cbmportal.accounts.receivers import SEEN_AT
from cbmportal.notices.models import Notice
from contacts.access import portal
from contacts.access.accounts import change_account
from tests.conftest import PASSWORD

NEW = {"password1": "quite-another-secret", "password2": "quite-another-secret"}
SETTINGS = "/en/account/settings/"
SESSIONS = "/en/account/sessions/"


@pytest.fixture
def ready(delegate):
    """The delegate of Chile, with a password."""
    delegate.set_password(PASSWORD)
    delegate.save()
    return delegate


def sign_in(client, user):
    client.post("/en/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def works(client):
    return client.get("/en/my/CHL/").status_code == 200


# Settings --------------------------------------------------------------------------------------------------


def wishes(**changes):
    return {"language": "en", "time_zone": "UTC", "notice_pace": "daily", **changes}


def test_settings_are_saved_and_the_history_says_by_whom(browse, ready):
    client = browse(ready)
    done = client.post(
        SETTINGS, wishes(language="pt-br", time_zone="America/Santiago", notice_pace="at_once")
    )
    assert done["Location"] == "/pt/account/settings/"
    ready.refresh_from_db()
    assert (ready.language, ready.time_zone, ready.notice_pace) == ("pt-br", "America/Santiago", "at_once")
    event = ready.events.latest("pgh_id")
    assert (event.pgh_context["user"], event.pgh_context["via"]) == (ready.pk, "page")


@pytest.mark.parametrize(
    "wrong",
    [{"language": "xx"}, {"time_zone": "Mars/Base"}, {"notice_pace": "never"}, {"time_zone": "a" * 10_000},
     {"language": "e\x00n"}, {"language": ""}],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_refused_at_its_field(browse, ready, wrong):
    page = browse(ready).post(SETTINGS, wishes(**wrong))
    assert page.status_code == 200
    assert list(page.context["form"].errors) == list(wrong)


def test_nobody_changes_more_than_settings_there(browse, ready):
    browse(ready).post(SETTINGS, wishes(email="new@example.org", is_staff="1", full_name="New"))
    ready.refresh_from_db()
    assert (ready.email, ready.is_staff) == ("delegate.chl@example.org", False)


def test_a_zone_outside_the_region_stays_to_choose(browse, ready):
    ready.time_zone = "Etc/GMT+3"
    ready.save()
    assert browse(ready).post(SETTINGS, wishes(time_zone="Etc/GMT+3")).status_code == 302


# Sessions --------------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended_one_by_one(browse, ready):
    desktop, phone = browse(), browse()
    desktop.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"
    phone.defaults["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"
    sign_in(desktop, ready)
    sign_in(phone, ready)
    page = desktop.get(SESSIONS).content.decode()
    assert "Safari on iPhone" in page
    assert len(re.findall("This device", page)) == 1
    own, other = (UserSession.objects.get(user_agent__contains=mark) for mark in ("Windows", "iPhone"))
    assert desktop.post(f"{SESSIONS}{own.pk}/end/").status_code == 404
    assert desktop.post(f"{SESSIONS}{other.pk}/end/").status_code == 302
    assert (works(desktop), works(phone)) == (True, False)
    assert "iPhone" not in desktop.get(SESSIONS).content.decode()


def test_all_other_sessions_end_at_once(browse, ready):
    here, *others = (sign_in(browse(), ready) for _session in range(3))
    here.post(SESSIONS)
    assert [works(one) for one in (here, *others)] == [True, False, False]


def test_nobody_sees_or_ends_a_session_of_somebody_else(browse, ready, neighbour):
    client = sign_in(browse(), ready)
    session = UserSession.objects.get()
    assert browse(neighbour).post(f"{SESSIONS}{session.pk}/end/").status_code == 404
    browse(neighbour).post(SESSIONS)
    assert works(client)
    assert "127.0.0.1" not in browse(neighbour).get(SESSIONS).content.decode()


def test_a_session_signed_out_of_is_no_longer_listed(browse, ready):
    here, other = sign_in(browse(), ready), sign_in(browse(), ready)
    other.post("/en/account/logout/")
    assert "End this session" not in here.get(SESSIONS).content.decode()


def test_when_a_session_was_last_used_is_noted_now_and_then(browse, ready):
    client = sign_in(browse(), ready)
    long_ago = timezone.now() - timedelta(hours=5)
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/en/my/CHL/")
    assert UserSession.objects.get().last_seen_at == long_ago
    session = client.session
    session[SEEN_AT] -= LastSeenMiddleware.NOTED_EVERY + 1
    session.save()
    client.get("/en/my/CHL/")
    assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_thirty_sessions_and_tokens_ask_as_often_as_three(browse, ready, key_of):
    def more(number):
        for _each in range(number):
            sign_in(browse(), ready)
            key_of(ready)

    client = sign_in(browse(), ready)
    places = (SESSIONS, "/en/account/tokens/", SETTINGS)
    more(3)
    few = [queries(client, place) for place in places]
    more(27)
    many = [queries(client, place) for place in places]
    assert few == many
    assert max(many) <= 12


# What ends -------------------------------------------------------------------------------------------------


def test_a_new_password_ends_all_other_sessions_and_tokens_only_if_asked(browse, ready, key_of):
    key_of(ready)
    here, other = sign_in(browse(), ready), sign_in(browse(), ready)
    assert "Revoke my API tokens" in here.get("/en/account/password/change/").content.decode()
    here.post("/en/account/password/change/", {"oldpassword": PASSWORD, **NEW})
    assert (works(here), works(other)) == (True, False)
    assert ApiToken.objects.count() == 1
    again = {"password1": PASSWORD, "password2": PASSWORD, "tokens_end": "on"}
    here.post("/en/account/password/change/", {"oldpassword": NEW["password1"], **again})
    assert works(here)
    assert ApiToken.objects.count() == 0


def reset_link(user):
    return f"/en/account/password/reset/key/{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}/"


def test_a_reset_password_ends_every_session_and_token(browse, ready, key_of):
    key_of(ready)
    client, reader = sign_in(browse(), ready), browse()
    ready.refresh_from_db()
    form = reader.get(reset_link(ready))
    reader.post(form["Location"], NEW)
    ready.refresh_from_db()
    assert ready.check_password(NEW["password1"])
    assert not works(client)
    assert ApiToken.objects.count() == 0


def test_another_address_ends_sessions_and_voids_links_and_codes_sent_to_the_old_one(browse, ready):
    client, waiting = sign_in(browse(), ready), browse()
    ready.refresh_from_db()
    link, code = reset_link(ready), code_for(waiting, ready.email)
    change_account(user=ready, changes={"email": "successor@example.org"}, by=portal())
    assert not works(client)
    assert "no longer valid" in browse().get(link, follow=True).content.decode()
    waiting.post("/en/account/login/code/confirm/", {"code": code})
    assert not works(waiting)


def test_another_name_ends_nothing(browse, ready):
    client = sign_in(browse(), ready)
    change_account(user=ready, changes={"full_name": "Another Name"}, by=portal())
    assert works(client)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"expiry": timezone.now() + timedelta(days=400)}])
def test_the_database_keeps_a_token_s_name_and_its_end(delegate, key_of, wrong):
    key_of(delegate)
    with pytest.raises(IntegrityError):
        ApiToken.objects.update(**wrong)


# Codes by e-mail ------------------------------------------------------------------------------------------


def code_for(client, email):
    client.post("/en/account/login/code/", {"email": email})
    return (
        Notice.objects.filter(details__template="account/email/login_code")
        .latest("created_at")
        .details["code"]
    )


def test_a_code_from_the_mailbox_signs_in_and_leads_on(browse, ready):
    client = browse()
    asked = client.get("/en/account/login/code/?next=/en/directory/").context["redirect_field_value"]
    own, another = code_for(client, ready.email), code_for(browse(), ready.email)
    assert client.post("/en/account/login/code/confirm/", {"code": another}).status_code == 200
    done = client.post("/en/account/login/code/confirm/", {"code": own.lower(), "next": asked})
    assert done["Location"] == "/en/directory/"
    assert works(client)


def test_three_wrong_codes_and_the_right_one_opens_nothing(browse, ready):
    client = browse()
    code = code_for(client, ready.email)
    for _attempt in range(3):
        client.post("/en/account/login/code/confirm/", {"code": "AAAA-AAAA"})
    client.post("/en/account/login/code/confirm/", {"code": code})
    assert not works(client)


def test_another_code_makes_the_first_one_useless(browse, ready):
    client = browse()
    first = code_for(client, ready.email)
    client.post("/en/account/login/code/confirm/", {"action": "resend"})
    client.post("/en/account/login/code/confirm/", {"code": first})
    assert not works(client)


def test_whoever_waits_for_a_code_may_sign_in_another_way(browse, ready):
    client = browse()
    code_for(client, ready.email)
    client.post("/en/account/logout/", {"next": "/en/account/login/"})
    assert client.get("/en/account/login/").status_code == 200
    assert works(sign_in(client, ready))


# Who has an account is nobody's business -------------------------------------------------------------------


def everything_said(client, email, answers):
    """All that the browser gets, without what differs from one moment to the next."""
    said = []
    for answer in answers:
        page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        said.append((answer.status_code, answer.get("Location"), page.replace(email, "…")))
    return said, sorted(client.cookies)


@pytest.mark.parametrize("stranger", ["nobody@example.org", "inactive.chl@example.org"])
def test_no_way_of_signing_in_tells_whether_there_is_an_account(browse, ready, inactive, stranger):
    inactive.set_password(PASSWORD)
    inactive.save()

    def tried(email, password):
        client = browse()
        answers = [
            client.post("/en/account/login/", {"login": email, "password": password}),
            client.post("/en/account/password/reset/", {"email": email}),
            client.get("/en/account/password/reset/done/"),
            client.post("/en/account/login/code/", {"email": email}),
            client.get("/en/account/login/code/confirm/"),
            client.post("/en/account/login/code/confirm/", {"action": "resend"}),
            client.get("/en/account/login/code/confirm/"),
            client.post("/en/account/login/code/confirm/", {"code": "AAAA-AAAA"}),
        ]
        return everything_said(client, email, answers)

    assert tried(ready.email, "not-the-password") == tried(stranger, PASSWORD)


def test_a_password_is_weighed_for_strangers_too(browse, ready, monkeypatch):
    """So that the time of an answer says nothing either."""
    weighed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    encode = __import__(
        "django.contrib.auth.hashers", fromlist=["MD5PasswordHasher"]
    ).MD5PasswordHasher.encode
    monkeypatch.setattr(
        hasher, lambda self, password, salt: weighed.append(password) or encode(self, password, salt)
    )
    counts = []
    for email in (ready.email, "nobody@example.org"):
        weighed.clear()
        browse().post("/en/account/login/", {"login": email, "password": "not-the-password"})
        counts.append(len(weighed))
    assert counts[0] == counts[1] > 0


# Limits ----------------------------------------------------------------------------------------------------


def wrong(client, user, times, address="203.0.113.7"):
    for _attempt in range(times):
        answer = client.post(
            "/en/account/login/", {"login": user.email, "password": "wrong"}, REMOTE_ADDR=address
        )
    return answer.content.decode()


def test_strangers_elsewhere_lock_nobody_out(browse, ready):
    assert "Too many attempts" in wrong(browse(), ready, 6)
    assert works(sign_in(browse(), ready))


def test_many_places_together_have_a_limit_and_codes_still_open(browse, ready):
    for place in range(12):
        wrong(browse(), ready, 5, address=f"203.0.113.{place}")
    assert "Too many wrong passwords" in wrong(browse(), ready, 1, address="198.51.100.1")
    client = browse()
    code = code_for(client, ready.email)
    client.post("/en/account/login/code/confirm/", {"code": code})
    assert works(client)


def test_the_page_that_refuses_says_how_long_to_wait(browse, ready):
    client = browse()
    answers = [client.post("/en/account/password/reset/", {"email": ready.email}) for _attempt in range(4)]
    assert (answers[-1].status_code, answers[-1]["Retry-After"]) == (429, "300")
    assert "Wait five minutes" in answers[-1].content.decode()


def test_no_limit_that_says_five_minutes_lasts_longer(settings):
    limits = settings.ACCOUNT_RATE_LIMITS | settings.MFA_RATE_LIMITS
    everywhere = limits.pop("login_failed_everywhere")
    assert {rate.duration for limit in limits.values() for rate in parse_rates(limit)} == {300}
    assert [rate.duration for rate in parse_rates(everywhere)] == [3600]


def test_limits_count_for_all_processes_together_and_no_page_asks_for_them(browse, ready, settings):
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
    client = sign_in(browse(), ready)
    for address in ("/en/", "/en/my/CHL/", "/en/directory/", SETTINGS):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        assert not [one for one in asked.captured_queries if "accounts_cache" in one["sql"]]
