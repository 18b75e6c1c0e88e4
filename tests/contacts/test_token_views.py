"""The pages of API tokens: one's own, and those of the people who act for a state."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cbmportal.accounts.models import ApiToken
from contacts.access.tokens import MOST_TOKENS

OWN = "/en/account/tokens/"
OF_CHILE = "/en/my/CHL/tokens/"


def make(client, **fields):
    return client.post(OWN, {"name": "CSIRT", "scope": "read", "life": "30", **fields})


def key_in(answer):
    return re.search(r'id="token-key">(\w+)<', answer.content.decode())[1]


def text(answer):
    return answer.content.decode()


# One's own --------------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_then_no_more(browse, delegate):
    client = browse(delegate)
    answer = make(client)
    key = key_in(answer)
    assert "no-store" in answer["Cache-Control"]
    assert key not in text(client.get(OWN))
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scope) == (delegate, "CSIRT", "read")
    assert abs(token.expiry - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)


def test_the_key_opens_the_api_until_it_is_revoked_on_a_page_that_asks_first(browse, delegate, ana):
    client = browse(delegate)
    headers = {"Authorization": f"Token {key_in(make(client))}"}
    assert browse().get("/api/v1/contacts/", headers=headers).status_code == 200
    page = reverse("token_revoke", args=[ApiToken.objects.get().digest])
    assert "Revoke the token “CSIRT”" in text(client.get(page))
    assert browse().get("/api/v1/contacts/", headers=headers).status_code == 200
    assert "The token “CSIRT” is revoked." in text(client.post(page, follow=True))
    assert browse().get("/api/v1/contacts/", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"life": "366"}, "life"), ({"life": ""}, "life"), ({"scope": "admin"}, "scope"), ({"name": ""}, "name"),
        ({"name": "a" * 10_000}, "name"), ({"name": "a\x00b"}, "name"), ({"name": "abc\u202e"}, "name"),
        ({"life": "until"}, "until"), ({"life": "until", "until": "soon"}, "until"),
        ({"life": "until", "until": "2001-01-01"}, "until"), ({"life": "until", "until": "9999-12-31"}, "until"),
        ({"life": "30", "until": "2999-01-01"}, "until"),
    ],
)  # fmt: skip
def test_a_token_that_cannot_be_is_refused_beside_the_field(browse, delegate, wrong, where):
    answer = make(browse(delegate), **wrong)
    assert list(answer.context["form"].errors) == [where]
    assert ApiToken.objects.count() == 0


@pytest.mark.parametrize("days", [0, 1, 200, 365])
def test_a_token_lasts_to_the_end_of_the_day_that_was_chosen_and_never_beyond_a_year(browse, delegate, days):
    day = timezone.localdate() + timedelta(days=days)
    make(browse(delegate), life="until", until=day.isoformat())
    expiry = ApiToken.objects.get().expiry
    assert expiry <= timezone.now() + timedelta(days=365)
    assert timezone.localdate(expiry) == day


def test_writing_is_offered_to_those_who_may_write(browse, delegate, observer):
    assert 'value="write"' in text(browse(delegate).get(OWN))
    assert 'value="write"' not in text(browse(observer).get(OWN))
    assert list(make(browse(observer), scope="write").context["form"].errors) == ["scope"]


def test_one_too_many_is_refused_above_the_form(browse, delegate, key_of):
    for _each in range(MOST_TOKENS):
        key_of(delegate)
    answer = make(browse(delegate))
    assert "You have 20 tokens" in text(answer)
    assert answer.context["key"] == ""


def test_the_list_says_which_tokens_have_ended_and_which_end_soon(browse, delegate, key_of):
    for days in (-1, 3, 40):
        key_of(delegate)
        newest = ApiToken.objects.latest("created")
        expiry = timezone.now() + timedelta(days=days)
        ApiToken.objects.filter(pk=newest.pk).update(name=f"token {days}", expiry=expiry)
    page = text(browse(delegate).get(OWN))
    shown = dict(re.findall(r"<h3>(token \S+) .*?</span>(?: <span[^>]*>([^<]*))?", page))
    assert shown == {"token -1": "Expired", "token 3": "Ends soon", "token 40": ""}


def test_who_has_none_learns_what_they_are_for(browse, observer):
    page = text(browse(observer).get(OWN))
    assert "curl -H" in page
    assert "http://testserver/api/v1/contacts/" in page
    assert reverse("api-docs") in page


def test_nobody_sees_or_revokes_a_token_of_somebody_else_as_their_own(browse, delegate, neighbour):
    make(browse(delegate))
    page = reverse("token_revoke", args=[ApiToken.objects.get().digest])
    for answer in (browse(neighbour).get(page), browse(neighbour).post(page)):
        assert answer.status_code == 404
    assert "CSIRT" not in text(browse(neighbour).get(OWN))
    assert ApiToken.objects.count() == 1


def test_tokens_are_for_those_who_have_access(browse, former):
    assert browse(former).get(OWN).status_code == 403
    assert make(browse(former)).status_code == 403


def test_the_owner_is_told_of_a_new_token_and_not_its_key(browse, delegate, delivered):
    key = key_in(make(browse(delegate), name="Nightly import", scope="write"))
    [message] = delivered()
    assert (message.to, message.subject) == ([delegate.email], "[CBM portal] A new API token")
    assert "Nightly import" in message.body
    assert "reads and writes in your name" in message.body
    assert key[:8] not in message.body


# Of a state -------------------------------------------------------------------------------------------------


def test_the_authority_revokes_with_a_reason_that_the_owner_reads(
    browse, designator, delegate, key_of, delivered
):
    key = key_of(delegate)
    client, page = browse(designator), reverse("my_token_revoke", args=["CHL", ApiToken.objects.get().digest])
    assert "Delegate Chl" in text(client.get(OF_CHILE))
    assert "reason" in client.post(page).context["form"].errors
    assert ApiToken.objects.exists()
    assert client.post(page, {"reason": "The server was sold"})["Location"] == OF_CHILE
    assert not ApiToken.objects.exists()
    [message] = delivered()
    assert message.to == [delegate.email]
    assert all(part in message.body for part in ("Designator Chl", "who designates", "The server was sold"))
    assert key[:8] not in text(client.get(OF_CHILE))


def test_the_list_shows_neither_key_nor_people_of_other_states(
    browse, designator, delegate, neighbour, officer, key_of
):
    keys = [key_of(user) for user in (delegate, neighbour, officer)]
    page = text(browse(designator).get(OF_CHILE))
    assert "Delegate Chl" in page
    assert not any(
        hidden in page for hidden in ("Delegate Col", "<p>Secretariat</p>", *(key[:8] for key in keys))
    )


def test_a_token_of_another_state_is_not_there(browse, designator, neighbour, key_of):
    key_of(neighbour)
    page = reverse("my_token_revoke", args=["CHL", ApiToken.objects.get().digest])
    assert browse(designator).post(page, {"reason": "Mine?"}).status_code == 404
    assert ApiToken.objects.exists()


def test_the_secretariat_looks_on(browse, officer, delegate, key_of):
    key_of(delegate)
    page = reverse("my_token_revoke", args=["CHL", ApiToken.objects.get().digest])
    assert page not in text(browse(officer).get(OF_CHILE))
    assert browse(officer).post(page, {"reason": "Laptop lost"}).status_code == 403


def test_the_page_of_the_state_leads_there_whoever_may_open_it(browse, designator, delegate):
    assert OF_CHILE in text(browse(designator).get("/en/my/CHL/"))
    assert OF_CHILE not in text(browse(delegate).get("/en/my/CHL/"))
